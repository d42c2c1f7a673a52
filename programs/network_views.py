"""Public pages of the network that need programmes: what it is, and who does what."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.files.renditions import renditions_for
from oda_portal.pages.furniture import foot_of
from oda_portal.privacy.exports import csv_response
from oda_portal.publishing.freshness import public
from oda_portal.publishing.listing import listing, narrowed
from partners.meetings.pages import state_of
from partners.models import NetworkMeeting

from .matrix import MatrixFilter, heads_of_lines, lines_of, matrix_of, rows
from .network import members, the_network
from .pages import ProgramPage
from .sections import sections_of
from .views import fetch

MEETINGS = 3


@public
def network(request: HttpRequest) -> HttpResponse:
    """What the network is, its events, and the organisations that staff have confirmed."""
    context: dict[str, Any] = {
        "members": members(),
        "meetings": [(row, state_of(row)) for row in NetworkMeeting.objects.published()[:MEETINGS]],
        "crumbs": [_to_partners(), {"label": _("Working-level network")}],
    }
    if (program := the_network()) is not None:
        fetch(program)
        photos = list(program.photos.all())
        context |= {
            "program": program,
            "page": ProgramPage(program),
            "photos": photos,
            "renditions": renditions_for(photos),
            "sections": sections_of(program),
        }
    return render(request, "network/network.html", {**context, **foot_of(program)})


@public
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
    """The same for a spreadsheet, with the filters of the page and all of its rows."""
    chosen, _query = narrowed(request.GET, MatrixFilter, rows())
    # Made now: a response that is read later has no language any more.
    return csv_response("roles", heads_of_lines(), list(lines_of(chosen)))  # type: ignore[return-value]


def _to_partners() -> dict[str, str]:
    return {"label": _("Partners"), "url": reverse("partners:partner_index")}
