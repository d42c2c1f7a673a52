"""Making the files: programme by programme, however many there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils import translation

from oda_portal.opendata.iati.organisations import Money, organisation_file
from oda_portal.opendata.iati.organisations import Publisher as Reported
from oda_portal.opendata.iati.writing import FOOT, head, written
from oda_portal.pages.models import Department, Office
from oda_portal.publishing.parts import in_parts
from programs.models import Program, Publisher, PublisherBudget

from .files import Entry, Index
from .mapping import Setting, activity_of, reporter_of
from .parties import parties_of
from .places import cities_of
from .readiness import is_ready, reportable
from .requirements import Frame
from .rules import identifier_of

# Programmes that are in memory at a time.
AT_ONCE = 200
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Built:
    """What a file holds that was made, and which identifiers its programmes are still to get."""

    changed_at: datetime = EARLIEST
    index: Index = field(default_factory=dict)
    new_identifiers: dict[int, str] = field(default_factory=dict)


def build_activities(
    path: Path, frame: Frame, tell: Callable[[int], None] = lambda _done: None
) -> Built:
    """Write every programme that is ready; `tell` hears how many have been looked at.

    The same rows give the same bytes: the order is that of the programmes' numbers, and the file
    is dated with the newest change in it.
    """
    built, done = Built(), 0
    with path.open("wb") as file, translation.override(settings.LANGUAGE_CODE):
        file.write(head(EARLIEST))
        setting = setting_of(frame.publisher) if frame.publisher else None
        for programs in in_parts(reportable().iterator(AT_ONCE), AT_ONCE) if setting else ():
            for program in programs:
                if setting and is_ready(program, frame):
                    _add(file, built, program, setting)
            done += len(programs)
            tell(done)
        file.write(FOOT)
        # A head of the same length, now that the newest change is known.
        file.seek(0)
        file.write(head(built.changed_at))
    return built


def build_organisation(path: Path, publisher: Publisher) -> Built:
    """Who reports, with the budgets that staff entered."""
    lines = list(publisher.budgets.select_related("country").order_by("starts_on", "pk"))
    reporter = reporter_of(publisher)
    budgets = [line for line in lines if line.kind == PublisherBudget.Kind.BUDGET]
    spent = [line for line in lines if line.kind == PublisherBudget.Kind.SPENT]
    reported = Reported(
        reporter=reporter,
        updated_at=publisher.organisation.changed_at,
        budgets=tuple(_money(line) for line in budgets if line.country is None),
        country_budgets=tuple(_money(line) for line in budgets if line.country),
        # The standard knows expenditure as a whole alone.
        expenditures=tuple(_money(line) for line in spent if line.country is None),
    )
    path.write_bytes(organisation_file(reported))
    named = Entry(0, path.stat().st_size, [publisher.organisation_id], [])
    return Built(reported.updated_at, {publisher.organisation.org_ref or "": named})


def setting_of(publisher: Publisher) -> Setting:
    return Setting(
        publisher=publisher,
        office=Office.objects.first(),
        department=Department.objects.first(),
        today=datetime.now(UTC).date(),
    )


def _add(file: BinaryIO, built: Built, program: Program, setting: Setting) -> None:
    identifier = identifier_of(program, setting.publisher)
    activity = activity_of(program, identifier, setting)
    text = written(activity)
    organisations = {party.organisation.pk for party in parties_of(program)}
    organisations.add(setting.publisher.organisation_id)
    cities = [city.pk for city in cities_of(program)]
    built.index[identifier] = Entry(file.tell(), len(text), sorted(organisations), cities)
    built.changed_at = max(built.changed_at, activity.updated_at)
    if not hasattr(program, "iati_identifier"):
        built.new_identifiers[program.pk] = identifier
    file.write(text)


def _money(line: PublisherBudget) -> Money:
    return Money(
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        amount=line.amount,
        currency=line.currency,
        status=line.certainty if line.kind == PublisherBudget.Kind.BUDGET else "",
        country=line.country.code if line.country else "",
    )
