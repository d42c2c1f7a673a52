"""Programmes of ours and of partners: one row each, with everything that has a code."""

from __future__ import annotations

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.opendata.columns import (
    Column,
    Type,
    changed,
    choice,
    page_address,
    several,
    stored,
    text,
)
from oda_portal.opendata.registry import Dataset, register
from oda_portal.publishing.models import Precision
from partners.models import City, Organisation

from ..filters import PartnerProgramFilter, ProgramFilter
from ..models import Program, ProgramQuerySet, Role, SectorShare
from ..models.program import Arrangement, Kind, Modality, State

WHEN = (
    *choice(
        "state",
        _("State on the day of the download, by the dates"),
        State,
        value=lambda row: row.state(),
        nullable=True,
    ),
    stored(
        "starts_on",
        _("First day, or first possible day"),
        Type.DATE,
        nullable=True,
        short=pgettext_lazy("column", "Starts on"),
    ),
    stored(
        "ends_on",
        _("Last day, or last possible day"),
        Type.DATE,
        nullable=True,
        short=pgettext_lazy("column", "Ends on"),
    ),
    *choice("precision", _("How exactly the dates are known"), Precision),
    stored("date_is_estimate", _("Whether the dates are an estimate"), Type.BOOLEAN),
    stored(
        "announced_only",
        _("Whether it was only announced; that it took place is not confirmed"),
        Type.BOOLEAN,
    ),
)

WHERE = (
    *several("country", _("Countries or areas"), lambda row: row.named_countries, code="code"),
    stored(
        "countries_total",
        _("How many countries took part, where more did than are named"),
        Type.INTEGER,
        nullable=True,
    ),
    *several("city", _("Cities"), lambda row: row.cities.all(), code="slug"),
    *text("venue", _("Venue")),
    *text("place", _("Place of the works")),
    stored("latitude", _("Latitude of the place of the works"), Type.NUMBER, nullable=True),
    stored("longitude", _("Longitude of the place of the works"), Type.NUMBER, nullable=True),
)

ABOUT_WHAT = (
    *several("theme", _("Themes"), lambda row: row.themes.all(), code="slug"),
    *several("sector", _("Sectors by DAC purpose codes"), lambda row: _sectors(row), code="code"),
    Column(
        name="sector_percentages",
        about=_("Share of each of these sectors in per cent; empty where it is not known"),
        value=lambda row: [_number(share.percentage) for share in row.sector_shares.all()],
        type=Type.LIST,
    ),
    Column(
        name="sector_bases",
        about=_("For each of these sectors: reported, or estimated by this office"),
        value=lambda row: [share.basis for share in row.sector_shares.all()],
        type=Type.LIST,
    ),
    Column(
        name="sdg_targets",
        about=_("Targets of the Sustainable Development Goals"),
        value=lambda row: [target.code for target in row.sdg_targets.all()],
        type=Type.LIST,
    ),
)

WHO = (
    *several(
        "organisation",
        _("Organisations that have a role, once for each role"),
        lambda row: [role.organisation for role in row.roles.all()],
        code="slug",
    ),
    Column(
        name="organisation_roles",
        about=_("The role of each of these organisations"),
        value=lambda row: [role.kind for role in row.roles.all()],
        type=Type.LIST,
    ),
    Column(
        name="people",
        about=_("People, as far as their number is known; without groups of fewer than three"),
        value=lambda row: row.people_total,
        type=Type.INTEGER,
        nullable=True,
    ),
    stored("people_about", _("Whether that number is approximate"), Type.BOOLEAN),
    Column(
        name="village_code",
        about=_("Code of the Sister Village where these volunteers worked"),
        value=lambda row: row.village.code if row.village and row.village.is_public() else None,
        nullable=True,
    ),
)

PROGRAMMES = (
    stored("code", pgettext_lazy("column", "Code")),
    *text("title", _("Title")),
    *text("summary", _("Summary")),
    *choice("kind", _("Kind"), Kind),
    *choice("arrangement", _("Arrangement"), Arrangement),
    *choice("modality", _("Modality"), Modality, nullable=True),
    stored("edition", _("Edition as the organiser counted it"), Type.INTEGER, nullable=True),
    *WHEN,
    *WHERE,
    *ABOUT_WHAT,
    *WHO,
    page_address(),
    changed(),
)


def programmes() -> ProgramQuerySet:
    """Those of the list of programmes."""
    return Program.objects.published().ours().newest_first()


def partners_programmes() -> ProgramQuerySet:
    return Program.objects.published().of_partners().newest_first()


def described(rows: ProgramQuerySet) -> ProgramQuerySet:
    """With what the columns read. Who and what is not public is left out, like its own page."""
    bodies = Organisation.objects.published()
    return (
        rows.for_cards()
        .select_related("village")
        .prefetch_related(
            Prefetch("cities", City.objects.published()),
            Prefetch("sector_shares", SectorShare.objects.select_related("sector")),
            Prefetch(
                "roles", Role.objects.filter(organisation__in=bodies).select_related("organisation")
            ),
            "sdg_targets",
        )
    )


def register_all() -> None:
    register(
        Dataset(
            name="programmes",
            title=_("Programmes"),
            about=_(
                "The city’s own programmes: training, volunteering, Sister Villages, forums and"
                " consulting, with their dates, places, themes and partners."
            ),
            columns=PROGRAMMES,
            rows=lambda: described(programmes()),
            filters=ProgramFilter,
            page="programs:program_list",
            keywords=(_("Training"), _("Volunteering abroad"), _("Sister Village"), _("Forum")),
        )
    )
    register(
        Dataset(
            name="partners-programmes",
            title=_("Partners’ own programmes"),
            about=_("What partners do by themselves; it is in no figure of the city’s."),
            columns=PROGRAMMES,
            rows=lambda: described(partners_programmes()),
            filters=PartnerProgramFilter,
            page="programs:partner_program_list",
            keywords=(_("Partners"),),
        )
    )


def _sectors(program: Program) -> list:
    return [share.sector for share in program.sector_shares.all()]


def _number(percentage: object) -> object:
    return "" if percentage is None else percentage
