"""Publishing: make the files, check them, and serve them only when they are without fault.

What an address serves is the last publication that was clean, however often a later one was not.
Two that publish at once do no harm: whoever comes last begins again with what there is now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.db import transaction
from django.utils import translation

from oda_portal.accounts.models import User
from oda_portal.audit.models import record_transition
from oda_portal.opendata.iati.checking import Finding, Severity, check
from oda_portal.publishing import freshness
from programs.models import Identifier, Program, Publication, Publisher

from . import files
from .building import Built, build_activities, build_organisation
from .requirements import Frame
from .rules import trouble_with

Kind = Publication.Kind
Tell = Callable[[int], None]
# Others who publish at the same time may come first this often.
TRIES = 5
MOST_FINDINGS = 200
PROGRAMS_AT_ONCE = 500
LANGUAGE_OF_FINDINGS = "en"  # as the checker's


class Result(StrEnum):
    """What came of an attempt; only the first changes what an address serves."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    EMPTY = "empty"  # nothing is ready, or nobody reports: the address serves nothing
    REFUSED = "refused"  # the checker found something: the last good file stays
    BUSY = "busy"  # others were quicker each time


@dataclass(frozen=True)
class Outcome:
    kind: Kind
    result: Result
    activities: int = 0


@dataclass
class Candidate:
    """A file that may come to be served; `sha256` is empty where there is nothing to serve."""

    kind: Kind
    built: Built
    sha256: str = ""
    size: int = 0
    findings: list[dict[str, str | int]] | None = None

    @property
    def is_clean(self) -> bool:
        return not self.findings

    @property
    def activities(self) -> int:
        return len(self.built.index) if self.kind == Kind.ACTIVITIES else 0


def publish(*, by: User | None, tell: Tell = lambda _done: None) -> list[Outcome]:
    """Both files, as they are now. `tell` hears how many programmes have been looked at."""
    return [publish_one(kind, by=by, tell=tell) for kind in Kind]


def publish_one(kind: Kind, *, by: User | None, tell: Tell = lambda _done: None) -> Outcome:
    for _try in range(TRIES):
        seen = _newest(kind)
        with files.draft() as path:
            candidate = _candidate(kind, path, tell)
        if outcome := _serve(candidate, seen, by=by):
            return outcome
    return Outcome(kind, Result.BUSY)


def serving(kind: Kind) -> Publication | None:
    """What the address serves; None where that is nothing."""
    newest = Publication.objects.filter(kind=kind, is_clean=True).first()
    return newest if newest and newest.sha256 else None


def _newest(kind: Kind) -> Publication | None:
    return Publication.objects.filter(kind=kind).first()


def _candidate(kind: Kind, path: Path, tell: Tell) -> Candidate:
    frame = Frame.now()
    publisher = frame.publisher
    if publisher is None or not publisher.organisation.is_public():
        return Candidate(kind, Built())
    with translation.override(LANGUAGE_OF_FINDINGS):
        trouble = trouble_with(publisher)
    if trouble:
        finding = Finding(Severity.ERROR, "publisher", "", 0, trouble)
        return Candidate(kind, Built(), findings=[finding.as_dict()])
    if kind == Kind.ACTIVITIES:
        built = build_activities(path, frame, tell)
        if not built.index:  # the standard knows no file without activities
            return Candidate(kind, built)
    else:
        built = build_organisation(path, publisher)
    size = path.stat().st_size
    found = check(path, organisation=kind == Kind.ORGANISATION, most=MOST_FINDINGS)
    sha256 = files.keep(path, built.index)
    return Candidate(kind, built, sha256, size, [each.as_dict() for each in found])


def _serve(candidate: Candidate, seen: Publication | None, *, by: User | None) -> Outcome | None:
    """Write down what was made, and so have the address serve it; None if others came first."""
    with transaction.atomic():
        # Who publishes waits here for others who do.
        list(Publisher.objects.select_for_update().order_by("pk"))
        if _newest(candidate.kind) != seen:
            return None
        if result := _nothing_new(candidate, seen):
            return Outcome(candidate.kind, result, candidate.activities)
        if candidate.is_clean and not _give_identifiers(candidate.built):
            return None
        return _write_down(candidate, by=by)


def _nothing_new(candidate: Candidate, newest: Publication | None) -> Result | None:
    """That there is nothing to write down: the newest attempt came to the same."""
    if newest is None:
        return None if candidate.sha256 else Result.EMPTY
    is_same = newest.sha256 == candidate.sha256 and newest.findings == (candidate.findings or [])
    if not is_same:
        return None
    if not candidate.is_clean:
        return Result.REFUSED
    return Result.UNCHANGED if candidate.sha256 else Result.EMPTY


def _give_identifiers(built: Built) -> bool:
    """For good, to those that are reported for the first time; False if a programme is gone."""
    new = list(built.new_identifiers.items())
    for start in range(0, len(new), PROGRAMS_AT_ONCE):
        part = new[start : start + PROGRAMS_AT_ONCE]
        there = Program.objects.filter(pk__in=[pk for pk, _value in part]).count()
        if there != len(part):
            return False
        Identifier.objects.bulk_create(
            [Identifier(program_id=pk, value=value) for pk, value in part]
        )
    return True


def _write_down(candidate: Candidate, *, by: User | None) -> Outcome:
    built = candidate.built
    publication = Publication.objects.create(
        kind=candidate.kind,
        is_clean=candidate.is_clean,
        activities=candidate.activities,
        sha256=candidate.sha256,
        size=candidate.size,
        changed_at=built.changed_at if candidate.sha256 else None,
        findings=candidate.findings or [],
    )
    if not candidate.is_clean:
        result = Result.REFUSED
    else:
        result = Result.PUBLISHED if candidate.sha256 else Result.EMPTY
    record_transition(publication, "state", "", result, by=by)
    transaction.on_commit(_tidy)
    transaction.on_commit(freshness.raise_generation, robust=True)
    return Outcome(candidate.kind, result, candidate.activities)


def _tidy() -> None:
    found = (serving(kind) for kind in Kind)
    files.tidy(serving={publication.sha256 for publication in found if publication})
