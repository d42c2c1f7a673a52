"""What taking a file over would do to what is there: activity by activity, nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

from django.utils.translation import gettext as _

from oda_portal.opendata.iati import checking
from oda_portal.opendata.iati.checking import Finding, Severity
from oda_portal.opendata.iati.reading import (
    Document,
    Element,
    Limits,
    UnreadableError,
    overloaded,
)
from partners.activities import is_own_reference, own_identifiers
from partners.models import IatiFile, IatiFileEntry, PartnerActivity
from partners.references import folded, is_plain

from .rows import LONGEST_IDENTIFIER, Row, row_of

LIMITS = Limits(size=20_000_000, records=5_000)
# Of the problems of one activity so many are kept in words; all are counted.
MOST_PROBLEMS = 10
# A worker gives so long to one file.
LONGEST = timedelta(minutes=5)
# How many times as large as the file the kept texts may be: all say again what they need of it.
MOST_GROWTH = 3

Verdict = IatiFileEntry.Verdict


class NotTheirsError(Exception):
    """The file speaks for the office itself; the reason is a sentence."""


@dataclass
class Problems:
    """What the checker finds in one activity: all counted, the first in words."""

    errors: int = 0
    warnings: int = 0
    words: list[str] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        self.errors += finding.severity == Severity.ERROR
        self.warnings += finding.severity == Severity.WARNING
        if len(self.words) < MOST_PROBLEMS:
            self.words.append(_in_words(finding))


@dataclass
class Entry:
    """An activity of the file, with what would become of it."""

    row: Row
    verdict: Verdict
    reason: str = ""
    problems: Problems = field(default_factory=Problems)


@dataclass
class Comparison:
    """Goes through a file once, part by part; `seen` has its identifiers then."""

    file: IatiFile
    seen: set[str] = field(default_factory=set)
    reporters: set[str] = field(default_factory=set)
    size: int = 0  # of the texts
    until: float = field(default_factory=lambda: monotonic() + LONGEST.total_seconds())

    def parts(self, document: Document, *, checked: bool = True) -> Iterator[list[Entry]]:
        """Raises UnreadableError, and NotTheirsError for what the office publishes itself.

        The checker is left out where its findings are known from before.
        """
        for part in document.parts():
            self._watch_time()
            rows = list(self._rows(part, document))
            self._refuse_ours(rows)
            found = self._found_in(part) if checked else {}
            yield self._judged(rows, found)

    def _watch_time(self) -> None:
        if monotonic() > self.until:
            raise took_too_long()

    def _found_in(self, part: Element) -> dict[str, Problems]:
        """By identifier, and counted while they come: a file may be wrong in a million places."""
        found: dict[str, Problems] = {}
        for finding in checking.findings_in(part):
            self._watch_time()
            found.setdefault(" ".join(finding.identifier.split()), Problems()).add(finding)
        return found

    def _rows(self, part: Element, document: Document) -> Iterator[Row]:
        """Those that are too much to keep are too much to check: they leave the part."""
        for record in part.findall(document.record):
            row = row_of(record, document.version)
            self.size += row.size
            if self.size > self.file.size * MOST_GROWTH:
                raise overloaded()
            if not row.fields:
                part.remove(record)
            yield row

    def _judged(self, rows: list[Row], found: dict[str, Problems]) -> list[Entry]:
        kept = {
            known.identifier: known
            for known in PartnerActivity.objects.filter(identifier__in=_possible(rows))
            .select_related("organisation")
            .defer("raw_xml", "problems")
        }
        return [self._entry(row, kept.get(row.identifier), found) for row in rows]

    def _entry(self, row: Row, known: PartnerActivity | None, found: dict[str, Problems]) -> Entry:
        reason = self._reason_against(row, known)
        self.seen.add(row.identifier[: LONGEST_IDENTIFIER + 1])
        verdict = Verdict.REFUSED if reason else self._verdict(row, known)
        # Taken out: what is said of an identifier that stands there twice counts once.
        return Entry(row, verdict, reason, found.pop(row.identifier, Problems()))

    def _reason_against(self, row: Row, known: PartnerActivity | None) -> str:
        if not row.identifier:
            return _("It has no identifier.")
        if len(row.identifier) > LONGEST_IDENTIFIER:
            return _("Its identifier is longer than 200 characters.")
        if not all(is_plain(each) for each in (*row.identifiers, *row.reporters)):
            return _(
                "Its identifier or its publisher’s has other signs than plain Latin letters,"
                " digits and punctuation."
            )
        if row.fault:
            return row.fault
        if row.identifier in self.seen:
            return _("Its identifier stands in the file more than once; the first is taken.")
        if known and known.organisation_id != self.file.organisation_id:
            return _("It is here already as published by %(organisation)s.") % {
                "organisation": known.organisation
            }
        return ""

    def _verdict(self, row: Row, known: PartnerActivity | None) -> Verdict:
        if known is None:
            return Verdict.NEW
        if known.sha256 == row.fields["sha256"] and known.licence == self.file.licence:
            return Verdict.SAME
        before, now = known.last_updated, row.fields["last_updated"]
        return Verdict.OLDER if before and now and now < before else Verdict.CHANGED  # type: ignore[operator]

    def _refuse_ours(self, rows: list[Row]) -> None:
        reporters = {each[:LONGEST_IDENTIFIER] for row in rows for each in row.reporters or [""]}
        self.reporters |= reporters
        for reference in filter(is_own_reference, reporters):
            raise NotTheirsError(
                _("The file reports as %(reference)s: that is this office. Nothing is taken over.")
                % {"reference": reference}
            )
        if taken := own_identifiers(_possible(rows)):
            message = _("The file has %(identifier)s, which this office published itself.")
            raise NotTheirsError(message % {"identifier": min(taken)})

    def remarks(self) -> list[str]:
        """As whom it reports, if that is not its organisation: to be agreed to by who confirms."""
        reference = self.file.organisation.org_ref
        own = folded(reference or "")
        others = sorted(each or "–" for each in self.reporters if not own or folded(each) != own)
        if not others:
            return []
        if reference is None:
            sentence = _("The file reports as %(found)s; the organisation has no identifier here.")
        else:
            sentence = _("The file reports as %(found)s; the organisation is %(expected)s here.")
        return [sentence % {"found": ", ".join(others[:5]), "expected": reference}]

    def missing(self) -> list[str]:
        """What this organisation published before and the file has no more; it stays."""
        rows = PartnerActivity.objects.filter(organisation=self.file.organisation)
        kept = rows.order_by("identifier").values_list("identifier", flat=True)
        return [identifier for identifier in kept if identifier not in self.seen]


def took_too_long() -> UnreadableError:
    return UnreadableError(_("Working on the file took too long. Please divide it."))


def _possible(rows: list[Row]) -> set[str]:
    """Identifiers as somebody may have given them."""
    return {each for row in rows for each in row.identifiers if len(each) <= LONGEST_IDENTIFIER}


def _in_words(finding: Finding) -> str:
    detail = f" ({finding.detail})" if finding.detail else ""
    return f"[{finding.rule}] {finding.message}{detail}"[:400]
