"""What the addresses give out of the published files: never what is not public any more.

An activity that may not be reported any more, or that names somebody who is not public any more, is
cut out at once, before the next publication. What merely says something else by now waits for that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from oda_portal.opendata.iati.writing import whole
from partners.models import City, Organisation
from programs.models import Confirmation, Identifier, Publication, Publisher

from . import files
from .publishing import Kind, serving
from .readiness import candidates


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
        return files.pieces(files.opened(self.publication.sha256), self.cut)

    def activity(self, identifier: str) -> bytes | None:
        """A file of one activity; None where there is none of that name, or not any more."""
        found = self.index.get(identifier)
        if found is None or _stretch(found) in self.cut:
            return None
        text = files.stretch(self.publication.sha256, *_stretch(found))
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
    cut = _naming_hidden(index)
    if kind == Kind.ACTIVITIES:
        cut |= _gone() & index.keys()
    found = Served(publication, index, sorted(_stretch(index[name]) for name in cut))
    return found if len(found.cut) < len(index) else None


def _stretch(entry: files.Entry) -> tuple[int, int]:
    return entry.start, entry.length


def _gone() -> set[str]:
    """Identifiers of programmes that may not be reported any more, or are not there.

    Whether each confirmation still is of what stands there is asked at the next publication: it
    would take the whole of every programme.
    """
    aspects = Confirmation.objects.order_by().values("program").annotate(n=Count("pk"))
    confirmed = aspects.filter(n=len(Confirmation.Aspect)).values("program")
    reported = candidates().filter(pk__in=confirmed)
    return set(Identifier.objects.exclude(program__in=reported).values_list("value", flat=True))


def _naming_hidden(index: files.Index) -> set[str]:
    """Identifiers of activities in which an organisation or a city stands that is not public."""
    organisations = set(Organisation.objects.published().values_list("pk", flat=True))
    cities = set(City.objects.published().values_list("pk", flat=True))
    return {
        identifier
        for identifier, entry in index.items()
        if not (organisations.issuperset(entry.organisations) and cities.issuperset(entry.cities))
    }
