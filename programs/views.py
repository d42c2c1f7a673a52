"""Public pages of programmes."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from oda_portal.files.renditions import renditions_for
from oda_portal.pages.furniture import foot_of
from oda_portal.publishing.freshness import public
from oda_portal.publishing.listing import listing
from oda_portal.publishing.texts import text_in
from partners.models import City, Organisation

from .filters import ProgramFilter
from .models import Photo, Program, ProgramQuerySet, Role, Run, Session
from .pages import ProgramPage, related_programs


@public
def program_list(request: HttpRequest) -> HttpResponse:
    rows = Program.objects.published().ours().newest_first().for_cards()
    return render(
        request,
        "programs/program_list.html",
        {
            "listing": listing(request, ProgramFilter, rows),
            "partners_count": Program.objects.published().filter(ours=False).count(),
            "today": timezone.localdate(),
            "crumbs": [{"label": _("Programmes")}],
        },
    )


@public
def partner_program_list(request: HttpRequest) -> HttpResponse:
    """What partners do by themselves: listed apart, and in no number of ours."""
    rows = Program.objects.published().filter(ours=False).newest_first().for_cards()
    return render(
        request,
        "programs/partner_program_list.html",
        {
            "listing": listing(request, ProgramFilter, rows),
            "crumbs": [
                {"label": _("Programmes"), "url": reverse("programs:program_list")},
                {"label": _("Partners’ own programmes")},
            ],
        },
    )


@public
def program_detail(request: HttpRequest, code: str) -> HttpResponse:
    program = get_object_or_404(_for_detail(Program.objects.published()), code=code)
    photos = list(program.photos.all())
    return render(
        request,
        "programs/program_detail.html",
        {
            "program": program,
            "page": ProgramPage(program),
            "photos": photos,
            "renditions": renditions_for(photos),
            "related": related_programs(program),
            **foot_of(program),
            "crumbs": [*_crumbs_to(program), {"label": text_in(program, "title").text}],
        },
    )


@public
def photo_detail(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One picture in full size; the next and the previous are links, so no script is needed."""
    program = get_object_or_404(Program.objects.published(), code=code)
    photos = list(program.photos.prefetch_related("program__themes"))
    place = {photo.pk: index for index, photo in enumerate(photos)}
    photo = get_object_or_404(Photo, program=program, pk=pk)
    index = place[photo.pk]
    return render(
        request,
        "programs/photo_detail.html",
        {
            "program": program,
            "photo": photos[index],
            "number": index + 1,
            "total": len(photos),
            "renditions": renditions_for([photo]),
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


def _for_detail(rows: ProgramQuerySet) -> ProgramQuerySet:
    """Everything that the detail page shows, in a number of queries that rows do not change.

    Cities and organisations that are not public are left out, like their own pages.
    """
    bodies = Organisation.objects.published()
    roles = Role.objects.filter(organisation__in=bodies).select_related("organisation__country")
    sessions = Session.objects.select_related("country").prefetch_related(
        Prefetch("led_by", bodies)
    )
    return rows.prefetch_related(
        "themes",
        "sources",
        "sdg_targets",
        "budget_lines",
        "milestones",
        "works",
        "visits",
        "documents",
        "photos",
        "indicators__measurements",
        "country_shares__country",
        "sector_shares__sector",
        Prefetch("cities", City.objects.published().select_related("country")),
        Prefetch("roles", roles),
        Prefetch("runs", Run.objects.prefetch_related("groups__country")),
        Prefetch("runs__sessions", sessions),
    )
