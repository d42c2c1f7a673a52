"""Public pages of programmes."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from oda_portal.files.renditions import renditions_for
from oda_portal.opendata.lists import with_data
from oda_portal.pages.furniture import foot_of
from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.freshness import public
from oda_portal.publishing.listing import listing
from oda_portal.publishing.paging import Counted, counted
from oda_portal.publishing.texts import text_in
from partners.models import City, Organisation

from .datasets.programmes import partners_programmes, programmes
from .filters import PartnerProgramFilter, ProgramFilter
from .homes import home_of
from .maps import ProgramMap
from .models import (
    CountryShare,
    ParticipantGroup,
    Program,
    Role,
    SectorShare,
    Session,
)
from .models.program import Kind
from .pages import ProgramPage, programs_around
from .sections import sections_of
from .structured import of_photo, of_programme


@public
@with_data("programmes")
def program_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "programs/program_list.html",
        {
            "listing": listing(request, ProgramFilter, programmes()),
            "partners": at_hand("partner-programs", _partners),
            "crumbs": [{"label": _("Programmes")}],
        },
    )


def _partners() -> Counted:
    return counted(Program.objects.published().of_partners())


@public
@with_data("partners-programmes")
def partner_program_list(request: HttpRequest) -> HttpResponse:
    """What partners do by themselves: listed apart, and in no number of ours."""
    return render(
        request,
        "programs/partner_program_list.html",
        {
            "listing": listing(request, PartnerProgramFilter, partners_programmes()),
            "crumbs": [
                {"label": _("Programmes"), "url": reverse("programs:program_list")},
                {"label": _("Partners’ own programmes")},
            ],
        },
    )


@public
def program_detail(request: HttpRequest, code: str) -> HttpResponse:
    program = get_object_or_404(Program.objects.published(), code=code)
    if home := home_of(program):
        return redirect(home, permanent=True)
    return render(
        request,
        "programs/program_detail.html",
        {
            "program": program,
            # What it says is written once for many readers: until then it is not asked for.
            "whole": SimpleLazyObject(partial(_whole, program)),
            **foot_of(program),
            "crumbs": [*_crumbs_to(program), {"label": text_in(program, "title").text}],
        },
    )


def _whole(program: Program) -> dict[str, Any]:
    fetch(program)
    page, photos = ProgramPage(program), list(program.photos.all())
    return {
        "page": page,
        "structured": of_programme(page),
        "map": ProgramMap(program),
        "photos": photos,
        "renditions": renditions_for(photos),
        "sections": sections_of(program),
        "around": programs_around(program),
    }


@public
def program_map(request: HttpRequest, code: str) -> HttpResponse:
    """The programme's map, without words: it serves all languages."""
    rows = Program.objects.published().prefetch_related(
        Prefetch("country_shares", CountryShare.objects.select_related("country")),
        Prefetch("cities", City.objects.published()),
    )
    drawing = ProgramMap(get_object_or_404(rows, code=code))
    if not drawing:
        raise Http404
    return HttpResponse(drawing.drawn().svg, content_type="image/svg+xml")


@public
def photo_detail(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One picture in full size; the next and the previous are links, so no script is needed."""
    program = get_object_or_404(Program.objects.published(), code=code)
    photos = list(program.photos.prefetch_related("program__themes"))
    index = next((place for place, photo in enumerate(photos) if photo.pk == pk), None)
    if index is None:
        raise Http404
    photo = photos[index]
    renditions = renditions_for([photo])
    return render(
        request,
        "programs/photo_detail.html",
        {
            "program": program,
            "photo": photo,
            "number": index + 1,
            "total": len(photos),
            "renditions": renditions,
            "structured": of_photo(photo, renditions, is_demonstration=program.is_demonstration),
            "previous": photos[index - 1] if index else None,
            "next": photos[index + 1] if index + 1 < len(photos) else None,
            "crumbs": [
                *_crumbs_to(program),
                {"label": text_in(program, "title").text, "url": program.get_absolute_url()},
                {"label": text_in(photo, "caption").text},
            ],
        },
    )


def _crumbs_to(program: Program) -> list[dict[str, str]]:
    list_url = reverse("programs:program_list")
    if not program.ours:
        apart = reverse("programs:partner_program_list")
        return [
            {"label": _("Programmes"), "url": list_url},
            {"label": _("Partners’ own programmes"), "url": apart},
        ]
    return [
        {"label": _("Programmes"), "url": list_url},
        {"label": program.get_kind_display(), "url": f"{list_url}?kind={program.kind}"},
    ]


def fetch(program: Program) -> None:
    """Everything that a programme’s page shows, in a number of queries that rows do not change.

    Cities and organisations that are not public are left out, like their own pages.
    """
    bodies = Organisation.objects.published()
    lookups: list[str | Prefetch] = [
        "village",
        "themes",
        "sources",
        "sdg_targets",
        "budget_lines",
        Prefetch("milestones__organisations", bodies),
        "documents",
        "photos",
        "indicators__measurements",
        Prefetch("country_shares", CountryShare.objects.select_related("country")),
        Prefetch("sector_shares", SectorShare.objects.select_related("sector")),
        Prefetch("cities", City.objects.published().select_related("country")),
        Prefetch(
            "roles",
            Role.objects.filter(organisation__in=bodies).select_related("organisation__country"),
        ),
        Prefetch("runs__groups", ParticipantGroup.objects.select_related("country")),
    ]
    if program.kind == Kind.SISTER_VILLAGE:
        lookups += ["works", "visits"]
    else:
        sessions = Session.objects.select_related("country", "led_by")
        lookups.append(Prefetch("runs__sessions", sessions))
    prefetch_related_objects([program], *lookups)
