"""Backups of a site whose files lie in a bucket, brought back into an empty one, or into folders."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from oda_portal.files.storages import private_storage, public_storage
from oda_portal.recovery.databases import present
from oda_portal.recovery.errors import RecoveryError
from oda_portal.recovery.postgres import figures
from tests.factories import ProgramFactory
from tests.recovery.places import a_backup, bring_back, empty_machine, on_postgresql
from tests.storing.places import IN_A_BUCKET, address_of, contents, full, nowhere, stored, use

pytestmark = [*IN_A_BUCKET, on_postgresql, pytest.mark.django_db(transaction=True)]


def a_site() -> dict[str, bytes]:
    ProgramFactory()
    for name, content in (("a/b/원본.pdf", bytes(range(256)) * 9000), ("empty", b"")):
        private_storage().put(name, io.BytesIO(content))
    public_storage().put("renditions/one.avif", io.BytesIO(b"picture"))
    return contents()


_FOLDERS = pytest.param("folders", marks=pytest.mark.thorough)


@pytest.mark.parametrize("where", ["bucket", _FOLDERS])
def test_every_file_comes_back_equal(tmp_path: Path, settings: Any, s3_server: int, where: str):
    files, before = a_site(), figures()
    backup = a_backup(tmp_path / "backups")

    with empty_machine(tmp_path / "other"):
        use(settings, address_of(s3_server) if where == "bucket" else "")
        assert stored() == []
        bring_back(backup, tmp_path)

        assert (figures(), contents()) == (before, files)
    assert len(files) == 3


@pytest.mark.thorough
def test_replacing_takes_away_what_the_backup_does_not_have(
    tmp_path: Path, settings: Any, s3_server: int
):
    files = a_site()
    backup = a_backup(tmp_path / "backups")

    with empty_machine(tmp_path / "other"):
        use(settings, address_of(s3_server))
        bring_back(backup, tmp_path)
        private_storage().put("later.pdf", io.BytesIO(b"later"))
        private_storage().put("empty", io.BytesIO(b"no more"))

        bring_back(backup, tmp_path, "--replace")

        assert contents() == files


def test_a_bucket_that_is_gone_gives_no_backup(tmp_path: Path, settings: Any):
    a_site()
    use(settings, nowhere())

    with pytest.raises(RecoveryError, match="could not be written"):
        a_backup(tmp_path / "backups")

    assert not [path for path in (tmp_path / "backups").iterdir() if path.name != ".lock"]


@pytest.mark.thorough
def test_a_bucket_that_takes_no_more_changes_nothing(tmp_path: Path, settings: Any, s3_server: int):
    a_site()
    backup = a_backup(tmp_path / "backups")

    with empty_machine(tmp_path / "other"):
        use(settings, address_of(s3_server))
        with full(), pytest.raises(CommandError, match="nothing was brought back"):
            bring_back(backup, tmp_path)

        assert present().is_empty()
        assert stored() == []
