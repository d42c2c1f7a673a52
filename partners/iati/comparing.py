"""What taking a file over would do to what is there: activity by activity, nothing written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from oda_portal.opendata.iati import checking
from oda_portal.opendata.iati.checking import Finding
from oda_portal.opendata.iati.reading import Document, Limits
from partners.activities import own_identifiers, own_reference
from partners.models import IatiFile, IatiFileEntry, PartnerActivity

from .rows import LONGEST_IDENTIFIER, Row, row_of

LIMITS = Limits(size=20_000_000, records=5_000)
# Of the problems of one activity so many are kept in words; all are counted.
MOST_PROBLEMS = 10

Verdict = IatiFileEntry.Verdict


class NotTheirsError(Exception):
    """The file speaks for the office itself; the reason is a sentence."""


@dataclass
class Entry:
    """An activity of the file, with what would become of it."""

    row: Row
    verdict: Verdict
    reason: str = ""
    problems: list[str] = field(default_factory=list)
    errors: int = 0
    warnings: int = 0


@dataclass
class Comparison:
    """Goes through a file once, part by part; `seen` has its identifiers then."""

    file: IatiFile
    seen: set[str] = field(default_factory=set)
    reporters: set[str] = field(default_factory=set)

    def parts(self, document: Document, *, checked: bool = True) -> Iterator[list[Entry]]:
        """Raises UnreadableError, and NotTheirsError for what the office publishes itself.

        The checker is left out where its findings are known from before.
        """
        for part in document.parts():
            rows = [row_of(each, document.version) for each in part.findall(document.record)]
            self._refuse_ours(rows)
            found = _by_identifier(checking.findings_in(part)) if checked else {}
            yield self._judged(rows, found)

    def _judged(self, rows: list[Row], found: dict[str, list[Finding]]) -> list[Entry]:
        kept = {
            known.identifier: known
            for known in PartnerActivity.objects.filter(identifier__in=[r.identifier for r in rows])
            .select_related("organisation")
            .defer("raw_xml", "problems")
        }
        return [self._entry(row, kept.get(row.identifier), found) for row in rows]

    def _entry(
        self, row: Row, known: PartnerActivity | None, found: dict[str, list[Finding]]
    ) -> Entry:
        reason = self._reason_against(row, known)
        self.seen.add(row.identifier)
        findings = found.get(row.identifier, [])
        errors, warnings = checking.counted(findings)
        problems = [_in_words(finding) for finding in findings[:MOST_PROBLEMS]]
        verdict = Verdict.REFUSED if reason else self._verdict(row, known)
        return Entry(row, verdict, reason, problems, errors, warnings)

    def _reason_against(self, row: Row, known: PartnerActivity | None) -> str:
        if not row.identifier:
            return _("It has no identifier.")
        if len(row.identifier) > LONGEST_IDENTIFIER:
            return _("Its identifier is longer than 200 characters.")
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
        self.reporters |= {row.reporter for row in rows if row.reporter}
        ours = own_reference()
        if ours and ours in self.reporters:
            raise NotTheirsError(
                _("The file reports as %(reference)s: that is this office. Nothing is taken over.")
                % {"reference": ours}
            )
        if taken := own_identifiers({row.identifier for row in rows}):
            message = _("The file has %(identifier)s, which this office published itself.")
            raise NotTheirsError(message % {"identifier": min(taken)})

    def remarks(self) -> list[str]:
        """What is to be known of the whole file before it is taken over."""
        reference = self.file.organisation.org_ref
        others = sorted(self.reporters - {reference or ""})
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


def _by_identifier(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(" ".join(finding.identifier.split()), []).append(finding)
    return found


def _in_words(finding: Finding) -> str:
    detail = f" ({finding.detail})" if finding.detail else ""
    return f"[{finding.rule}] {finding.message}{detail}"[:400]
