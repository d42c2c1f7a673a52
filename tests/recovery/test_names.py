"""Names in a backup: whoever has the public key can make a file that opens, with any in it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from oda_portal.recovery import folders
from oda_portal.recovery.archive import Writer, entries
from oda_portal.recovery.errors import DamagedError


def brought_back(name: str, root: Path) -> None:
    """A file of that name, in an archive that is otherwise as ours are."""
    made = io.BytesIO()
    with Writer(made) as writer:
        writer.put(name, io.BytesIO(b"theirs"), 6)
    made.seek(0)
    for entry in entries(made):
        folders.put(root, entry.name, entry.file)


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
