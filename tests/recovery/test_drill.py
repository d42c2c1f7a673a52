"""The drill: a site is lost and brought back, and who was destroyed meanwhile stays away."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command

from oda_portal.accounts.models import User
from oda_portal.demo.demonstration import load_demonstration
from oda_portal.privacy.models import Consent
from oda_portal.recovery.archive import DATABASE, entries
from oda_portal.recovery.envelope import Opener
from oda_portal.recovery.postgres import figures, surroundings
from oda_portal.recovery.streams import chunks_of
from oda_portal.search.models import SearchEntry
from programs.models import Program
from tests.faults.line import line
from tests.recovery import person
from tests.recovery.places import a_backup, empty_machine, files_below, key_file, on_postgresql
from tests.recovery.test_envelope import KEY

pytestmark = [on_postgresql, pytest.mark.thorough, pytest.mark.django_db(transaction=True)]


def in_the_clear(backup: Path) -> Iterator[bytes]:
    """Everything a backup holds: the database as SQL, and each file."""
    dump, files = bytearray(), []
    with backup.open("rb") as file:
        for entry in entries(Opener(file, KEY)):
            content = b"".join(chunks_of(entry.file))
            if entry.room == DATABASE:
                dump += content
            else:
                files.append(content)
    command = ["pg_restore", "--file=-"]
    yield subprocess.run(command, input=dump, capture_output=True, check=True).stdout
    yield from files


def database() -> bytes:
    """Every row of every table, search and outbox among them, as SQL."""
    command = ["pg_dump", "--data-only"]
    return subprocess.run(command, env=surroundings(), capture_output=True, check=True).stdout


def kept_in_redis() -> list[bytes]:
    where = caches["default"]._cache._servers[0] if settings.REDIS_URL else ""
    with redis.Redis.from_url(where) as server:
        return [*server.keys(), *(server.get(key) or b"" for key in server.keys("oda*"))]


def restored(backup: Path, folder: Path, *more: str) -> str:
    out = StringIO()
    call_command("restore", backup, "--key", key_file(folder), *more, stdout=out)
    print(out.getvalue())
    return out.getvalue()


def a_lived_in_site() -> bytes:
    """The demonstration and our person; what their file holds."""
    load_demonstration()
    call_command("search_rebuild", verbosity=0)
    person.arrive()
    return person.content_of_file()


def test_every_table_and_file_is_equal_on_an_empty_machine(tmp_path: Path):
    a_lived_in_site()
    before = figures()
    files = files_below(settings.PRIVATE_ROOT, settings.MEDIA_ROOT)
    backup = a_backup(tmp_path / "backups")
    rows = sum(figure.rows for figure in before.values())

    with empty_machine(tmp_path / "other"):
        said = restored(backup, tmp_path, "--no-ledger")

        # But for the mails, which are left to staff, and what is told of them.
        after = figures()
        differ = {name for name in before if before[name] != after.get(name)}
        brought = files_below(settings.PRIVATE_ROOT, settings.MEDIA_ROOT)
        assert differ == {"mail_message"}
        assert set(after) == set(before)
        assert brought == files
        assert Program.objects.published().count() > 10
        assert SearchEntry.objects.exists()
    lost = len(differ - {"mail_message"}) + sum(brought.get(name) != files[name] for name in files)
    case = f"site lost and brought back ({len(before)} tables, {rows} rows, {len(files)} files)"
    print(line(case, len(before) + len(files), lost=lost, repeated=None))
    assert "every table and every file equal" in said
    assert len(before) > 200
    assert files


def test_who_was_destroyed_since_the_backup_is_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    content = a_lived_in_site()
    backup = a_backup(tmp_path / "backups")
    everything = person.found_in(in_the_clear(backup), content)
    assert {content, person.EMAIL.encode(), *(w.encode() for w in person.WORDS)} == everything
    person.leave()
    assert settings.LEDGER_FILE.exists()
    caplog.set_level(logging.DEBUG)

    with empty_machine(tmp_path / "other"):
        said = restored(backup, tmp_path)

        assert not User.objects.filter(email=person.EMAIL).exists()
        assert not Consent.objects.filter(user__isnull=False).exists()
        searched = {
            "database": [database()],
            "files": person.files_on_disk(),
            "ledger": [settings.LEDGER_FILE.read_bytes()],
            "what was said": [said.encode(), caplog.text.encode()],
            "redis": kept_in_redis(),
            "the next backup": in_the_clear(a_backup(tmp_path / "later")),
        }
        found = {where: person.found_in(texts, content) for where, texts in searched.items()}
    print(found)
    assert all(not words for words in found.values()), found
    again = sum(bool(words) for words in found.values())
    print(line("… without who was destroyed since", 1, lost=None, repeated=again))
    assert "Destroyed again, as the ledger says: 0" not in said
