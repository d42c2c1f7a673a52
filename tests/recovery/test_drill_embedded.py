"""The drill once more with the embedded site: real commands, one folder lost, another one empty."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from oda_portal.recovery.tables import Figure, sqlite_figures
from tests.embedded.crawler import Crawler
from tests.embedded.site import Site
from tests.faults.line import line
from tests.recovery import person
from tests.recovery.places import PUBLIC, key_file

pytestmark = [pytest.mark.embedded, pytest.mark.thorough]
SHELL = ("shell", "--no-imports", "-c")
# What lies outside of a database and its backups: keys, and what was destroyed.
KEPT_ELSEWHERE = ("field_key", "secret_key", "ledger")


# Tables of the embedded site that only keep; a test that has a Redis does not know of them.
CACHES = {"cache", "page_cache"}


def figures(site: Site) -> dict[str, Figure]:
    with closing(sqlite3.connect(site.folder / "db.sqlite3", isolation_level=None)) as database:
        database.execute("BEGIN")
        return {name: each for name, each in sqlite_figures(database) if name not in CACHES}


def another_machine(lost: Site, folder: Path) -> Site:
    folder.mkdir()
    for path in filter(Path.exists, (lost.folder / name for name in KEPT_ELSEWHERE)):
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, folder / path.name)
    return Site(folder)


def on_disk(site: Site) -> list[bytes]:
    return [path.read_bytes() for path in site.folder.rglob("*") if path.is_file()]


def test_the_embedded_site_comes_back_without_who_was_destroyed(tmp_path: Path):
    lost = Site(tmp_path / "lost")
    lost.environment |= {"BACKUP_KEY": PUBLIC}
    lost.manage("prepare")
    arrive = "from tests.recovery import person as p; p.arrive(); print(p.content_of_file().hex())"
    content = bytes.fromhex(lost.manage(*SHELL, arrive).split()[-1])
    before = figures(lost)
    lost.manage("backup", str(tmp_path / "backups"))
    (backup,) = (tmp_path / "backups").glob("*.age")
    assert person.found_in(on_disk(lost), content) >= {content, person.EMAIL.encode()}

    first = another_machine(lost, tmp_path / "first")
    restore = ("restore", str(backup), "--key", str(key_file(tmp_path)))
    said = first.manage(*restore, "--no-ledger")
    assert "every table and every file equal" in said
    assert {name for name, each in figures(first).items() if each != before[name]} <= {
        "mail_message"
    }
    assert person.found_in(on_disk(first), content) >= {content, person.EMAIL.encode()}

    lost.manage(*SHELL, "from tests.recovery import person; person.leave()")
    second = another_machine(lost, tmp_path / "second")
    said += second.manage(*restore)
    print(said)
    again = person.found_in([*on_disk(second), said.encode()], content)
    assert again == set()
    print(line("… the embedded site", 1, lost=None, repeated=len(again)))

    second.start()
    try:
        assert "CPR" in Crawler(second.url).fetch("/en/programs/").body.decode()
        assert Crawler(second.url).fetch("/readyz").status == 200
    finally:
        second.stop()
