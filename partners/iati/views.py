"""Public pages of what partners publish about activities of their own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.opendata.lists import with_data
from oda_portal.pages.furniture import foot_of
from oda_portal.publishing.freshness import public
from oda_portal.publishing.listing import listing
from partners.models import PartnerActivity

from .datasets import activities
from .details import details_of
from .filters import PartnerActivityFilter


@public
@with_data("partners-activities")
def activity_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "partners/activity_list.html",
        {
            "listing": listing(request, PartnerActivityFilter, activities(), per_page=20),
            "crumbs": [_to_index(), {"label": _("Partners’ activities")}],
        },
    )


@public
def activity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    rows = PartnerActivity.objects.published().select_related("organisation", "file")
    activity = get_object_or_404(rows.prefetch_related("countries"), pk=pk)
    return render(
        request,
        "partners/activity_detail.html",
        {
            "activity": activity,
            "details": details_of(activity),
            **foot_of(activity),
            "crumbs": [
                _to_index(),
                {"label": _("Partners’ activities"), "url": reverse("partners:activity_list")},
                {"label": activity.shown_title.text},
            ],
        },
    )


def _to_index() -> dict[str, str]:
    return {"label": _("Partners"), "url": reverse("partners:partner_index")}
