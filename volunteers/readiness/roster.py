"""Who arrives, for the partner city: the fewest fields, and nobody who does not want it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.utils import translation
from django.utils.translation import gettext as _

from oda_portal.pages.models import Office
from oda_portal.privacy.models import Consent
from oda_portal.privacy.models import Kind as ConsentKind
from oda_portal.publishing.texts import day, text_in

from ..models import Application, Opening
from .rules import GOING

CHINESE = ("CN",)


@dataclass(frozen=True)
class Roster:
    """`rows`: one cell for each of `head`. `left_out` have not agreed that their data go abroad."""

    opening: Opening
    language: str
    title: str
    contact: str
    head: list[str]
    rows: list[list[str]]
    listed: list[Application]
    left_out: list[Application]


def language_of(opening: Opening) -> str:
    """The language in which the partner city reads."""
    return "zh-hans" if opening.city.country.code in CHINESE else "en"


def roster_of(opening: Opening) -> Roster:
    language = language_of(opening)
    going = Application.objects.filter(opening=opening, state__in=GOING)
    people = list(going.select_related("volunteer__user").order_by("volunteer__name_roman", "pk"))
    agreed = _who_agreed(people)
    listed = [row for row in people if row.pk in agreed]
    with translation.override(language):
        city = text_in(opening.city, "name").text
        contact = _contact()
        return Roster(
            opening=opening,
            language=language,
            title=_("Arriving in %(city)s: %(team)s")
            % {"city": city, "team": opening.get_team_display()},
            contact=contact,
            head=[_("Name"), _("Team"), _("Arrives on"), _("Leaves on"), _("Contact in Korea")],
            rows=[_row(row, opening, contact) for row in listed],
            listed=listed,
            left_out=[row for row in people if row.pk not in agreed],
        )


def _row(application: Application, opening: Opening, contact: str) -> list[str]:
    return [
        application.volunteer.name_roman,
        str(opening.get_team_display()),
        day(opening.departs_on),
        day(opening.returns_on),
        contact,
    ]


def _contact() -> str:
    """The office, whom the city calls; never a volunteer."""
    office = Office.objects.first()
    if office is None:
        return ""
    parts = (text_in(office, "name").text, office.telephone, office.email)
    return ", ".join(part for part in parts if part)


def _who_agreed(people: Iterable[Application]) -> set[int]:
    """Whose data may go outside Korea, as they said last."""
    kind = ContentType.objects.get_for_model(Application)
    said = Consent.objects.filter(
        content_type=kind, object_id__in=[row.pk for row in people], kind=ConsentKind.OVERSEAS
    )
    return set(said.newest().filter(given=True).values_list("object_id", flat=True))
