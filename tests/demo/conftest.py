"""The demonstration's files, to be changed as staff of a project would change them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest
from django.db import transaction

from oda_portal.demo.demonstration import load_demonstration
from oda_portal.demo.files import FOLDER

Edit = Callable[..., Path]


@pytest.fixture(scope="module")
def _loaded_once(django_db_setup, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock(), transaction.atomic():
        load_demonstration()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(_loaded_once: None, db: None) -> None:
    """The whole demonstration, loaded once for the tests of a file; each undoes what it does."""


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """A copy of the files, in which one text of one of them is another."""

    def edit(name: str = "", old: str = "", new: str = "") -> Path:
        folder = tmp_path / "demo"
        for part in ("facts", "content"):
            copytree(FOLDER / part, folder / part, dirs_exist_ok=True)
        if name:
            path = next(folder.rglob(name))
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return edit
