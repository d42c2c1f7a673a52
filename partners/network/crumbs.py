"""The way to the network’s pages, for their crumbs."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _


def to_network() -> list[dict[str, str]]:
    return [
        {"label": _("Partners"), "url": reverse("partners:partner_index")},
        {"label": _("Working-level network"), "url": reverse("network_public:network")},
    ]


def to_members() -> list[dict[str, str]]:
    return [*to_network(), {"label": _("For members"), "url": reverse("network:member_home")}]
