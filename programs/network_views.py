"""Public pages of the network that need programmes: what it is, and who does what."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.files.renditions import renditions_for
from oda_portal.opendata.lists import with_data
from oda_portal.pages.furniture import foot_of
from oda_portal.publishing.freshness import public
from oda_portal.publishing.listing import listing
from partners.meetings.pages import state_of
from partners.models import NetworkMeeting

from .matrix import MatrixFilter, matrix_of, rows
from .network import members, the_network
from .pages import ProgramPage
from .sections import sections_of
from .structured import of_programme
from .views import fetch

MEETINGS = 3


@public
@with_data("network-members")
def network(request: HttpRequest) -> HttpResponse:
    """What the network is, its events, and the organisations that staff have confirmed."""
    context: dict[str, Any] = {
        "members": members(),
        "meetings": [(row, state_of(row)) for row in NetworkMeeting.objects.published()[:MEETINGS]],
        "crumbs": [_to_partners(), {"label": _("Working-level network")}],
    }
    if (program := the_network()) is not None:
        fetch(program)
        page, photos = ProgramPage(program), list(program.photos.all())
        context |= {
            "program": program,
            "page": page,
            "structured": of_programme(page),
            "photos": photos,
            "renditions": renditions_for(photos),
            "sections": sections_of(program),
        }
    return render(request, "network/network.html", {**context, **foot_of(program)})


@public
@with_data("roles")
def role_matrix(request: HttpRequest) -> HttpResponse:
    """Programmes, and which organisation has which role in them."""
    shown = listing(request, MatrixFilter, rows(), per_page=30)
    crumbs = [
        _to_partners(),
        {"label": _("Working-level network"), "url": reverse("network_public:network")},
        {"label": _("Who does what")},
    ]
    context = {"listing": shown, "matrix": matrix_of(shown.page), "crumbs": crumbs}
    return render(request, "network/role_matrix.html", context)


def role_matrix_csv(request: HttpRequest) -> HttpResponse:
    """The address that the file had before every list had files."""
    query = request.GET.copy()
    query["format"] = "csv"
    address = f"{reverse('network_public:role_matrix')}?{query.urlencode()}"
    return redirect(address, permanent=True)


def _to_partners() -> dict[str, str]:
    return {"label": _("Partners"), "url": reverse("partners:partner_index")}
