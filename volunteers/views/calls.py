"""Public pages: calls, their openings, and the rounds of the years before."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from oda_portal.opendata.lists import with_data
from oda_portal.pages.furniture import foot_of
from oda_portal.publishing.freshness import public
from oda_portal.publishing.listing import listing
from oda_portal.publishing.texts import text_in
from programs.models import Document

from ..calendars import deadline_calendar
from ..filters import CallFilter
from ..models import Call, CallQuerySet, Opening
from ..models.calls import Phase
from ..rounds import rounds
from ..service.reports import published_reports
from ..structured import of_call


@public
def volunteer_index(request: HttpRequest) -> HttpResponse:
    calls = Call.objects.published()
    return render(
        request,
        "volunteers/volunteer_index.html",
        {
            "open_calls": calls.in_phase(Phase.OPEN).open_first(),
            "upcoming_calls": calls.in_phase(Phase.UPCOMING).open_first(),
            "closed_calls": calls.over()[:3],
            "rounds": rounds()[:6],
            "crumbs": [{"label": _("Volunteers")}],
        },
    )


@public
@with_data("calls")
def call_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "volunteers/call_list.html",
        {
            "listing": listing(request, CallFilter, Call.objects.published().open_first()),
            "crumbs": [_to_index(), {"label": _("Calls for volunteers")}],
        },
    )


@public
def call_detail(request: HttpRequest, slug: str) -> HttpResponse:
    call = published_call(slug)
    return render(
        request,
        "volunteers/call_detail.html",
        {
            "call": call,
            "phase": call.phase(),
            "now": timezone.now(),
            "openings": call.openings.all(),
            "structured": of_call(call),
            **foot_of(call),
            "crumbs": [
                _to_index(),
                {"label": _("Calls for volunteers"), "url": reverse("volunteers:call_list")},
                {"label": text_in(call, "title").text},
            ],
        },
    )


@public
def call_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The deadline for a calendar of one's own."""
    call = published_call(slug)
    response = HttpResponse(deadline_calendar(call), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{call.slug}.ics"'
    return response


@public
@with_data("deployments")
def round_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "volunteers/round_list.html",
        {"rounds": rounds(), "crumbs": [_to_index(), {"label": _("Past deployments")}]},
    )


@public
@with_data("deployments", round="key")
def round_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One round, or the deployments of one year that belong to no numbered round."""
    found = next((row for row in rounds() if row.key == key), None)
    if found is None:
        raise Http404
    documents = Document.objects.filter(program__in=found.programs).select_related("program")
    calls = Call.objects.published().filter(edition=found.edition) if found.edition else []
    return render(
        request,
        "volunteers/round_detail.html",
        {
            "round": found,
            "documents": documents,
            "reports": published_reports(found.programs),
            "calls": calls,
            "crumbs": [
                _to_index(),
                {"label": _("Past deployments"), "url": reverse("volunteers:round_list")},
                {"label": found.title},
            ],
        },
    )


def published_call(slug: str) -> Call:
    """The call with all its parts, for everybody; raises Http404."""
    rows = _with_openings(Call.objects.published()).prefetch_related(
        "stages", "conditions", "documents", "answers"
    )
    return get_object_or_404(rows, slug=slug)


def _with_openings(calls: CallQuerySet) -> CallQuerySet:
    openings = Opening.objects.with_place().select_related("call", "program")
    return calls.prefetch_related(Prefetch("openings", openings))


def _to_index() -> dict[str, str]:
    return {"label": _("Volunteers"), "url": reverse("volunteers:volunteer_index")}
