"""Partners' activities as data: what they publish themselves, and never ours."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from oda_portal.opendata.columns import (
    Column,
    Type,
    changed,
    linked,
    page_address,
    several,
    stored,
    text,
)
from oda_portal.opendata.iati import codes
from oda_portal.opendata.registry import Dataset, register
from partners.models import PartnerActivity, PartnerActivityQuerySet

from .filters import PartnerActivityFilter

STATUSES = [(code, codes.label_lazy("ActivityStatus", code)) for code in "123456"]

ACTIVITIES = (
    stored("identifier", _("IATI identifier")),
    *text("title", _("Title, as the publisher wrote it")),
    stored("title_other", _("Title in another language, if there is no other"), nullable=True),
    *text("description", _("Description, as the publisher wrote it")),
    *linked("organisation", _("Who published it"), lambda row: row.organisation, code="slug"),
    stored("licence", _("Licence of the publisher’s data")),
    Column(
        name="status",
        about=_("Status by IATI’s list"),
        value=lambda row: row.activity_status or None,
        codes=STATUSES,
        nullable=True,
    ),
    Column(
        name="status_name",
        about=_("Status by IATI’s list"),
        value=lambda row: row.status_name or None,
        nullable=True,
        worded=True,
    ),
    stored("starts_on", _("Start date, actual or planned"), Type.DATE, nullable=True),
    stored("ends_on", _("End date, actual or planned"), Type.DATE, nullable=True),
    *several("country", _("Countries or areas"), lambda row: row.countries.all(), code="code"),
    Column(
        name="sector_codes",
        about=_("Sectors (DAC codes of five or three digits)"),
        value=lambda row: [each.code for each in row.dac_sectors],
        type=Type.LIST,
    ),
    Column(
        name="sector_names",
        about=_("Sectors (DAC codes of five or three digits)"),
        value=lambda row: [each.name for each in row.dac_sectors],
        type=Type.LIST,
        worded=True,
    ),
    stored("transactions", _("How many transactions it reports"), Type.INTEGER),
    stored("budgets", _("How many budgets it reports"), Type.INTEGER),
    stored("results", _("How many results it reports"), Type.INTEGER),
    stored("last_updated", _("Last updated by the publisher"), Type.MOMENT, nullable=True),
    page_address(),
    changed(),
)


def activities() -> PartnerActivityQuerySet:
    """What a list shows of each; not the texts of the files."""
    rows = PartnerActivity.objects.published().select_related("organisation")
    return rows.defer("raw_xml", "problems").prefetch_related("countries", "sectors")


def register_all() -> None:
    register(
        Dataset(
            name="partners-activities",
            title=_("Partners’ activities"),
            about=_(
                "What partners report to IATI themselves, as they publish it. It is in no figure"
                " of the city’s."
            ),
            columns=ACTIVITIES,
            rows=activities,
            key="identifier",
            filters=PartnerActivityFilter,
            page="partners:activity_list",
            keywords=("IATI",),
        )
    )
