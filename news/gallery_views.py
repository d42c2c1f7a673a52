"""Pages of the gallery."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.opendata.lists import with_data
from oda_portal.publishing.freshness import public
from oda_portal.publishing.listing import listing, narrowed
from oda_portal.publishing.texts import text_in
from programs.models import Photo, Program
from programs.structured import of_photo

from .gallery import Entry, GalleryFilter, pictures, read

PER_PAGE = 12


@public
@with_data("photos")
def photo_list(request: HttpRequest) -> HttpResponse:
    found = listing(request, GalleryFilter, Photo.objects.all(), per_page=PER_PAGE)
    return render(
        request,
        "gallery/photo_list.html",
        {
            "listing": found,
            "pictures": pictures(read(found.page.object_list)),
            "crumbs": [{"label": _("Gallery")}],
        },
    )


@public
def photo_detail(request: HttpRequest, source: str, pk: str) -> HttpResponse:
    """One picture in full size; its neighbours are those of the list that led here."""
    shown, query, place = _list_with(request.GET, source, int(pk))
    picture = pictures([shown[place]])[0]
    owner = picture.owner
    return render(
        request,
        "gallery/photo_detail.html",
        {
            "picture": picture,
            "structured": of_photo(
                picture.photo,
                picture.renditions,
                is_demonstration=isinstance(owner, Program) and owner.is_demonstration,
            ),
            "number": place + 1,
            "total": len(shown),
            "previous": shown[place - 1] if place else None,
            "next": shown[place + 1] if place + 1 < len(shown) else None,
            "query": query,
            "list_url": _list_url(query, place),
            "crumbs": [
                {"label": _("Gallery"), "url": reverse("gallery:photo_list")},
                {"label": text_in(picture.photo, "caption").text},
            ],
        },
    )


def _list_with(asked: QueryDict, source: str, pk: int) -> tuple[list[Entry], str, int]:
    """The list that the filters of the address make, its query, and the picture's place in it.

    Where the picture does not fit them it is the whole list. Raises Http404 for no picture of it.
    """
    for filters in (asked, QueryDict()):
        rows, query = narrowed(filters, GalleryFilter, Photo.objects.all())
        shown = read(rows)
        for place, entry in enumerate(shown):
            if (entry.source, entry.pk) == (source, pk):
                return shown, query, place
    raise Http404


def _list_url(query: str, place: int) -> str:
    """The page of the list on which this place is."""
    number = place // PER_PAGE + 1
    page = urlencode({"page": number}) if number > 1 else ""
    both = "&".join(filter(None, (query.removeprefix("?"), page)))
    return reverse("gallery:photo_list") + (f"?{both}" if both else "")
