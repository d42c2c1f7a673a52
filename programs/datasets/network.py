"""The organisations that belong to the working-level network."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.opendata.columns import Type, choice, linked, page_address, stored, text
from oda_portal.opendata.registry import Dataset, register
from partners.models import Organisation

from ..network import members

MEMBERS = (
    stored("slug", _("Last part of its address on this site")),
    *text("name", pgettext_lazy("column", "Name")),
    *choice("kind", _("Kind by IATI’s list"), Organisation.Kind),
    *linked("country", _("Country or area"), lambda row: row.country),
    stored(
        "joined_on",
        _("Member since"),
        Type.DATE,
        of=lambda row: row.network,
        nullable=True,
    ),
    page_address(),
)


def register_all() -> None:
    register(
        Dataset(
            name="network-members",
            title=_("Members of the working-level network"),
            about=_("The organisations that belong to the network now."),
            columns=MEMBERS,
            rows=lambda: members().select_related("network"),
            key="slug",
            page="network_public:network",
            keywords=(_("Working-level network"), _("Organisations")),
        )
    )
