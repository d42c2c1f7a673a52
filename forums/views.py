"""The archive of the forums: all editions over the years, and the page of each."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from oda_portal.files.renditions import renditions_for
from oda_portal.opendata.lists import with_data
from oda_portal.pages.furniture import foot_of
from oda_portal.publishing.freshness import public
from oda_portal.publishing.listing import listing
from oda_portal.publishing.texts import text_in
from programs.sections import sections_of

from .datasets import forums
from .filters import ForumFilter
from .models import Forum
from .pages import ForumPage, by_years
from .structured import of_forum

# Years hang together: a page of the archive is long.
PER_PAGE = 40


@public
@with_data("forums")
def forum_list(request: HttpRequest) -> HttpResponse:
    rows = forums().prefetch_related("program__themes")  # whose colours the covers have
    found = listing(request, ForumFilter, rows, per_page=PER_PAGE)
    return render(
        request,
        "forums/forum_list.html",
        {
            "listing": found,
            "years": by_years(found.page),
            "today": timezone.localdate(),
            "crumbs": [{"label": _("Forums")}],
        },
    )


@public
def forum_detail(request: HttpRequest, slug: str) -> HttpResponse:
    forum = get_object_or_404(Forum.objects.published().select_related("program"), slug=slug)
    return render(
        request,
        "forums/forum_detail.html",
        {
            "forum": forum,
            "program": forum.program,
            # What it says is written once for many readers: until then it is not asked for.
            "whole": SimpleLazyObject(partial(_whole, forum)),
            **foot_of(forum.program),
            "crumbs": [
                {"label": _("Forums"), "url": reverse("forums:forum_list")},
                {"label": text_in(forum.program, "title").text},
            ],
        },
    )


def _whole(forum: Forum) -> dict[str, Any]:
    page, photos = ForumPage(forum), list(forum.program.photos.all())
    return {
        "page": page,
        "structured": of_forum(page),
        "photos": photos,
        "renditions": renditions_for(photos),
        "sections": sections_of(forum.program),
    }
