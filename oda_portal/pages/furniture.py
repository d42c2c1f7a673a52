"""The parts of every page that staff edit: the office's name and address, links at the foot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from oda_portal.drawing.geometry import Point
from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.models import Publishable, PublishableQuerySet
from oda_portal.publishing.texts import text_in

from .addresses import for_readers, is_readable
from .models import Banner, Department, MenuEntry, Office, Page, Service

OFFICE_TEXTS = (
    "name", "short_name", "tagline", "city_name", "hero_title", "hero_lead", "address", "foot_note",
)  # fmt: skip
MOST_BANNERS = 3


def furniture(language: str) -> dict[str, Any]:
    """The office, its departments and the links of menu and foot, kept for the generation."""
    return at_hand(f"furniture:{language}", _furniture)


def foot_of(page: Publishable | None = None) -> dict[str, Any]:
    """`changed_on` and `department` for the foot of a page; without one the office answers."""
    kept = furniture(translation.get_language() or settings.LANGUAGE_CODE)
    office = kept["office"]["department"]
    if page is None:
        return {"changed_on": None, "department": office}
    department = kept["departments"].get(page.department_id, office)
    return {"changed_on": page.changed_at, "department": department}


def office() -> dict[str, Any]:
    """The office's texts and place, in the active language."""
    return furniture(translation.get_language() or settings.LANGUAGE_CODE)["office"]


def office_name() -> str:
    """Its short name in the active language: all that every page of the back office shows of it."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return at_hand(f"office-name:{language}", _office_name, timed=False)


def home_point() -> Point:
    """Where the office's city lies: the middle of the world map, the start of every way."""
    home = office()
    return Point(home["longitude"], home["latitude"])


def _furniture() -> dict[str, Any]:
    departments = [_department(row) for row in Department.objects.all()]
    banners = Banner.objects.published().urgent_first()[:MOST_BANNERS]
    entries = _shown_entries()
    return {
        "office": _office(departments),
        "banners": [_banner(row) for row in banners],
        "own_menu": _own_menu(entries),
        "foot_pages": _foot_pages(_links_at(MenuEntry.Place.FOOT, entries)),
        "related_sites": _links_at(MenuEntry.Place.RELATED, entries),
        "services": _links(Service.objects.published()),
        "about_pages": _links(Page.objects.published().filter(placement=Page.Placement.ABOUT)),
        "departments": {row["id"]: row for row in departments},
    }


def _office(departments: list[dict[str, Any]]) -> dict[str, Any]:
    office = _the_office()
    texts = {field: text_in(office, field).text for field in OFFICE_TEXTS}
    return {
        **texts,
        "telephone": office.telephone,
        "email": office.email,
        "latitude": office.latitude,
        "longitude": office.longitude,
        "is_government": office.is_government,
        "department": departments[0] if departments else None,
    }


def _the_office() -> Office:
    return Office.objects.first() or Office(
        name=_("ODA portal"), short_name=_("ODA portal"), latitude=0, longitude=0
    )


def _office_name() -> str:
    return text_in(_the_office(), "short_name").text


def _department(row: Department) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": text_in(row, "name").text,
        "telephone": row.telephone,
        "email": row.email,
    }


def _links(rows: PublishableQuerySet) -> list[dict[str, Any]]:
    return [
        {
            "label": text_in(row, "title").text,
            "url": row.get_absolute_url(),
            "current": False,
            "entries": [],
        }
        for row in rows
    ]


def _foot_pages(of_the_staff: list[dict[str, Any]]) -> list[dict[str, Any]]:
    pages = Page.objects.published().filter(placement=Page.Placement.FOOTER)
    found = [
        {
            "label": text_in(page, "title").text,
            "url": reverse("pages:page_detail", args=[page.slug]),
            "privacy": page.slug == "privacy",
        }
        for page in pages.order_by("position")
    ]
    own = {"label": _("Site map"), "url": reverse("pages:site_map"), "privacy": False}
    return [*found, *(of_the_staff or [*fixed_pages(), own])]


def _shown_entries() -> list[MenuEntry]:
    """What staff put into menu and foot; links to what cannot be read wait until it can."""
    rows = MenuEntry.objects.filter(is_shown=True)
    return [row for row in rows if is_readable(row.address)]


def _entry(row: MenuEntry) -> dict[str, Any]:
    return {"label": text_in(row, "label").text, "url": for_readers(row.address)}


def _links_at(place: str, entries: list[MenuEntry]) -> list[dict[str, Any]]:
    return [{**_entry(row), "privacy": False} for row in entries if row.place == place]


def _own_menu(entries: list[MenuEntry]) -> list[dict[str, Any]]:
    """The main menu as staff made it, in two levels; empty where they made none."""
    rows = [row for row in entries if row.place == MenuEntry.Place.MAIN]
    return [
        {
            **_entry(top),
            "with_own_pages": top.with_own_pages,
            "entries": [
                {**_entry(row), "current": False, "entries": []}
                for row in rows
                if row.parent_id == top.pk
            ],
        }
        for top in rows
        if top.parent_id is None
    ]


def _banner(row: Banner) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "label": row.get_kind_display(),
        "text": text_in(row, "text"),
        "link": text_in(row, "link_text"),
        "url": for_readers(row.address) if row.address and is_readable(row.address) else "",
    }


def fixed_pages() -> Iterator[dict[str, Any]]:
    """Pages that are always there; an entry appears when its address exists."""
    for label, name in (
        (_("Contact us"), "pages:contact"),
        (_("Frequently asked questions"), "pages:faq_list"),
        (_("Get updates"), "subscribing:subscribe"),
        (_("Feeds and calendar"), "feeds:feed_list"),
        (_("Open data"), "opendata:data_index"),
    ):
        with suppress(NoReverseMatch):
            yield {"label": label, "url": reverse(name), "privacy": False}
