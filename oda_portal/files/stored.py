"""What pages say of a stored document beside its title."""

from __future__ import annotations

from typing import Any


class StoredFile:
    """Mixed into models whose column `file` holds a document."""

    file: Any

    @property
    def size(self) -> int | None:
        """In bytes; None where nobody can tell, which must not take the page with it."""
        try:
            return self.file.size
        except OSError:
            return None

    @property
    def type(self) -> str:
        """Its format as people call it: PDF, HWP, DOCX."""
        return str(self.file).rsplit(".", 1)[-1].upper()
