"""What the addresses give out of the published files: never what is not public any more.

A programme that is taken down after the last publication is cut out at once, before the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from oda_portal.opendata.iati.writing import whole
from programs.models import Identifier, Program, Publication, Publisher

from . import files
from .publishing import Kind, serving


@dataclass(frozen=True)
class Served:
    """A published file. `cut` are the stretches of it that are not given out, in their order."""

    publication: Publication
    index: files.Index
    cut: list[tuple[int, int]] = field(default_factory=list)

    @property
    def activities(self) -> int:
        return len(self.index) - len(self.cut)

    @property
    def etag(self) -> str:
        """Of the content, without quotation marks."""
        name = self.publication.sha256
        if self.cut:
            name = hashlib.sha256(f"{name}{self.cut}".encode()).hexdigest()
        return name[:24]

    @property
    def size(self) -> int:
        return self.publication.size - sum(length for _start, length in self.cut)

    @property
    def changed_at(self) -> datetime | None:
        """When it came to be served as it is; None where something was cut out since."""
        return None if self.cut else self.publication.at

    def pieces(self) -> Iterator[bytes]:
        file = files.path_of(self.publication.sha256).open("rb")
        return files.pieces(file, self.cut)

    def activity(self, identifier: str) -> bytes | None:
        """A file of one activity; None where there is none of that name, or not any more."""
        found = self.index.get(identifier)
        if found is None or found in self.cut:
            return None
        start, length = found
        with files.path_of(self.publication.sha256).open("rb") as file:
            file.seek(start)
            text = file.read(length)
        return whole([text], self.publication.changed_at or self.publication.at)


def served(kind: Kind, publisher: Publisher | None) -> Served | None:
    """None where nothing was published, nothing of it is public, or nobody reports any more."""
    publication = serving(kind)
    if publisher is None or publication is None or not publisher.organisation.is_public():
        return None
    try:
        index = files.index_of(publication.sha256)
    except FileNotFoundError:  # of a backup without its files; the next publication makes them
        return None
    if kind == Kind.ORGANISATION:
        return Served(publication, index)
    found = Served(publication, index, sorted(index[name] for name in _gone() & index.keys()))
    return found if found.activities else None


def _gone() -> set[str]:
    """Identifiers of programmes that are not public or not there any more."""
    public = Program.objects.published().ours()
    return set(Identifier.objects.exclude(program__in=public).values_list("value", flat=True))
