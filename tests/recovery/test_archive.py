"""Whoever has the public key can make a backup that opens: what none of ours has is refused."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from oda_portal.files.storages import Folder
from oda_portal.recovery.archive import Writer, entries
from oda_portal.recovery.errors import DamagedError


def brought_back(name: str, root: Path) -> None:
    """A file of that name, in an archive that is otherwise as ours are."""
    made = io.BytesIO()
    with Writer(made) as writer:
        writer.put(name, io.BytesIO(b"theirs"), 6)
    made.seek(0)
    for entry in entries(made):
        Folder(location=root).put(entry.name, entry.file)


def test_a_file_lies_where_its_name_says(tmp_path: Path):
    brought_back("private/a/원본 1.pdf", tmp_path / "private")

    assert (tmp_path / "private" / "a" / "원본 1.pdf").read_bytes() == b"theirs"


@pytest.mark.parametrize(
    "name", ["private/{}/other", "{}/other", "private/../other", "private/a/../../other"]
)
def test_no_name_leads_out_of_its_folder(tmp_path: Path, name: str):
    root = tmp_path / "private"
    root.mkdir()

    with pytest.raises(DamagedError):
        brought_back(name.format(tmp_path), root)

    assert list(tmp_path.rglob("*")) == [root]


def test_a_byte_that_says_it_is_a_terabyte_is_refused():
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
        member = tarfile.TarInfo("media/large")
        member.size = 1
        member.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": str(10**12)}
        tar.addfile(member, io.BytesIO(b"x"))
    made.seek(0)

    with pytest.raises(DamagedError):
        next(entries(made))
