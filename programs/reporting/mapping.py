"""A programme as an IATI activity: what the portal says of it, and nothing besides.

What is not known is left out. Estimated sectors, multi-year ceilings and what was spent are never
turned into something else. ADR 0036 says why each element is made as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone

from oda_portal.languages import absolute, path_in
from oda_portal.opendata.iati import activity as iati
from oda_portal.opendata.iati.codes import is_known
from oda_portal.pages.models import Department, Office
from oda_portal.publishing.models import Precision
from programs.models import BudgetLine, Program, Publisher

from .codes import codes_of
from .dates import Dates, dates_of
from .narratives import descriptions, narratives
from .parties import parties_of
from .places import locations_of
from .recipients import recipients_of
from .results import indicators_of

# Whose numbers the national project numbers are.
NATIONAL_REGISTER = "KR-GOV-010"
INTERNAL_NUMBER, NATIONAL_NUMBER = "A1", "A9"
PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"
ORIGINAL, INDICATIVE = "1", "1"
WEB_PAGE = "A12"
INACCURATE: dict[str, iati.Narratives] = {
    Precision.MONTH: {
        "ko": "월까지만 확인됨",
        "en": "Known to the month only",
        "zh": "仅确认到月份",
    },
    Precision.YEAR: {
        "ko": "연도까지만 확인됨",
        "en": "Known to the year only",
        "zh": "仅确认到年份",
    },
}


@dataclass(frozen=True)
class Setting:
    """What is the same for all activities of a file. `today` is that of Greenwich: a day that has
    begun in Korea alone would be in the future for the standard's checker."""

    publisher: Publisher
    office: Office | None
    department: Department | None
    today: date


def reporter_of(publisher: Publisher) -> iati.Reporter:
    organisation = publisher.organisation
    return iati.Reporter(
        ref=organisation.org_ref,
        type=organisation.kind,
        name=narratives(organisation, "name"),
        secondary=publisher.secondary_reporter,
    )


def activity_of(program: Program, identifier: str, setting: Setting) -> iati.Activity:
    """Of a programme that is ready; reads what `for_reporting` fetches, and asks nothing more."""
    codes, recipients = codes_of(program), recipients_of(program)
    dates = dates_of(program, setting.today)
    if dates is None:
        raise ValueError(f"{program.code} has no dates: it is not ready")
    return iati.Activity(
        identifier=identifier,
        updated_at=updated_at(program, setting),
        reporter=reporter_of(setting.publisher),
        title=narratives(program, "title"),
        description=descriptions(program),
        participants=tuple(_participants(program)),
        other_identifiers=tuple(_numbers(program)),
        status=dates.status,
        days=tuple(_days(program, dates)),
        contact=_contact(program, setting),
        scope=codes.scope,
        countries=tuple(
            iati.Share(code=country.code, percentage=percentage)
            for country, percentage in recipients.countries
        ),
        region=recipients.region,
        locations=tuple(locations_of(program)),
        sectors=tuple(_sectors(program)),
        sdg_targets=tuple(target.code for target in program.sdg_targets.all()),
        collaboration_type=codes.collaboration_type,
        flow_type=codes.flow_type,
        finance_type=codes.finance_type,
        aid_type=codes.aid_type,
        tied_status=codes.tied_status,
        budgets=tuple(_budgets(program)),
        links=tuple(_pages(program)),
        indicators=indicators_of(program, setting.today),
    )


def updated_at(program: Program, setting: Setting) -> datetime:
    """The newest change of what is told, or the day on which the clock last changed its status."""
    changes = [program.changed_at, setting.publisher.organisation.changed_at]
    changes += [party.organisation.changed_at for party in parties_of(program)]
    changes += [confirmation.at for confirmation in program.confirmations.all()]
    days = [program.starts_on, program.closed_on]
    days += [day + timedelta(days=1) for day in (program.ends_on, program.follow_up_until) if day]
    passed = [_beginning(day) for day in days if day and day <= setting.today]
    return max([*changes, *passed])


def _beginning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def _participants(program: Program) -> Iterator[iati.Participant]:
    for organisation, role in parties_of(program):
        yield iati.Participant(
            ref=organisation.org_ref,
            type=organisation.kind,
            name=narratives(organisation, "name"),
            role=role,
        )


def _numbers(program: Program) -> Iterator[iati.OtherIdentifier]:
    yield iati.OtherIdentifier(ref=program.code, type=INTERNAL_NUMBER)
    if number := program.reporting.national_number:
        yield iati.OtherIdentifier(ref=number, type=NATIONAL_NUMBER, owner=NATIONAL_REGISTER)


def _days(program: Program, dates: Dates) -> Iterator[iati.Day]:
    text = INACCURATE.get(program.precision, {})
    for kind, day in (
        (PLANNED_START, dates.planned_start),
        (ACTUAL_START, dates.actual_start),
        (PLANNED_END, dates.planned_end),
        (ACTUAL_END, dates.actual_end),
    ):
        if day:
            yield iati.Day(type=kind, on=day, text=text)


def _contact(program: Program, setting: Setting) -> iati.Contact | None:
    """The office, and the department that answers for the programme's page; never a person."""
    office, department = setting.office, program.department or setting.department
    if office is None:
        return None
    return iati.Contact(
        organisation=narratives(office, "name"),
        department=narratives(department, "name") if department else {},
        telephone=(department.telephone if department else "") or office.telephone,
        email=(department.email if department else "") or office.email,
        website=absolute("/"),
        address=narratives(office, "address"),
    )


def _sectors(program: Program) -> Iterator[iati.Share]:
    """A single one has all of it and needs no percentage; an estimate is never told."""
    shares = [share for share in program.sector_shares.all() if not share.is_estimate]
    for share in shares:
        percentage = share.percentage if len(shares) > 1 else None
        yield iati.Share(code=share.sector.code, percentage=percentage)


def _budgets(program: Program) -> Iterator[iati.Budget]:
    """Announced ceilings of programmes that lie within one fiscal year, which is a calendar year.

    Of longer ones nobody has said how much falls into which year, and what was spent is no budget.
    """
    first, last = program.starts_on, program.ends_on
    if not first or not last or first.year != last.year:
        return
    for line in program.budget_lines.all():
        if line.basis == BudgetLine.Basis.ANNOUNCED and is_known("Currency", line.currency):
            yield iati.Budget(
                type=ORIGINAL,
                status=INDICATIVE,
                starts_on=date(first.year, 1, 1),
                ends_on=date(first.year, 12, 31),
                amount=line.amount,
                currency=line.currency,
                value_date=line.announced_on or date(first.year, 1, 1),
            )


def _pages(program: Program) -> Iterator[iati.Link]:
    """The programme's page in each language that it is written in.

    Documents are left out: of none is it written down which of IATI's categories it belongs to.
    """
    path = reverse("programs:program_detail", args=[program.code])
    titles = narratives(program, "title")
    for code, language in iati.LANGUAGES.items():
        if language in titles:
            yield iati.Link(
                url=absolute(path_in(path, code)),
                format="text/html",
                title={language: titles[language]},
                categories=(WEB_PAGE,),
                language=language,
            )
