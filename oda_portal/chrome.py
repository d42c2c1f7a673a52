"""What stands around every page: name of the office, menu, languages, foot."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeAlias, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.display import display_of, has_session
from oda_portal.languages import HTML_LANG, bare_path, path_in
from oda_portal.pages.furniture import furniture
from oda_portal.publishing.at_hand import at_hand

Line: TypeAlias = "tuple[str | Promise, str, str]"
Section: TypeAlias = "tuple[str | Promise, str, list[Line]]"

PROGRAMS = "programs:program_list"
# Label and address of each section; below it label, address and query.
PLAN: list[Section] = [
    (
        _("Programmes"),
        PROGRAMS,
        [
            (_("All programmes"), PROGRAMS, ""),
            (_("Training"), PROGRAMS, "?kind=training"),
            (_("Volunteering abroad"), PROGRAMS, "?kind=volunteer"),
            (_("Sister Villages"), PROGRAMS, "?kind=sister_village"),
            (_("Development consulting"), PROGRAMS, "?kind=consulting"),
            (_("Programme map"), "programs:map_page", ""),
            (pgettext_lazy("page", "Figures"), "programs:figures", ""),
            (_("Partners’ own programmes"), "programs:partner_program_list", ""),
        ],
    ),
    (
        _("Volunteers"),
        "volunteers:volunteer_index",
        [
            (_("Open calls"), "volunteers:call_list", "?state=open"),
            (_("Past deployments"), "volunteers:round_list", ""),
            (_("My applications"), "volunteers:application_list", ""),
            (_("Check a certificate"), "certificates:certificate_find", ""),
        ],
    ),
    (
        _("What we do"),
        "pages:service_list",
        [],
    ),
    (
        _("Partners"),
        "partners:partner_index",
        [
            (_("Partner cities"), "partners:city_list", ""),
            (_("Organisations"), "partners:organisation_list", ""),
            (_("Agreements"), "partners:agreement_list", ""),
            (_("Working-level network"), "network_public:network", ""),
            (_("Who does what"), "network_public:role_matrix", ""),
        ],
    ),
    (
        _("Forums"),
        "forums:forum_list",
        [
            (_("All forums"), "forums:forum_list", ""),
            (_("Meet-ups"), "forums:forum_list", "?kind=meet_up"),
        ],
    ),
    (
        _("News"),
        "news:article_list",
        [
            (_("All news"), "news:article_list", ""),
            (_("Notices"), "news:article_list", "?kind=notice"),
            (_("Press releases"), "news:article_list", "?kind=press"),
            (_("Stories"), "news:article_list", "?kind=story"),
            (_("Photo news"), "news:article_list", "?kind=photo"),
            (_("Gallery"), "gallery:photo_list", ""),
        ],
    ),
]


class Entry(TypedDict):
    """A line of the menu; `entries` stand below it."""

    label: str
    url: str
    current: bool
    entries: list[Entry]


def chrome(request: HttpRequest) -> dict[str, Any]:
    """For every template; found once a page shows any of it, which the back office does not."""
    return {"chrome": SimpleLazyObject(partial(_chrome, request))}


def _chrome(request: HttpRequest) -> dict[str, Any]:
    language = translation.get_language() or settings.LANGUAGE_CODE
    letters, contrast = display_of(request)
    around = at_hand(f"chrome:{language}", _around_pages)
    sections = _marked(around["menu"], request.path, around["home_url"])
    return {
        **furniture(language),
        **around,
        "menu": sections,
        "section": " ".join(each["url"] for each in sections if each["current"]),
        "letters": letters,
        "contrast": contrast,
        "signed_in": has_session(request),
        "demo": settings.DEMO,
        "path": request.get_full_path(),
        **addresses(request, language),
    }


def _around_pages() -> dict[str, Any]:
    """What is the same around every page of the active language."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    kept = furniture(language)
    return {
        "site_name": kept["office"]["name"],
        "menu": menu(kept["services"] + kept["about_pages"], kept["own_menu"]),
        "html_lang": HTML_LANG[language],
        "home_url": reverse("home"),
        "display_url": reverse("pages:display"),
        "contact_url": reverse("pages:contact"),
        "search_url": _address("search:search"),
        "suggest_url": _address("search:suggest"),
        "opensearch_url": _address("search:opensearch"),
        "account_urls": {
            "sign_in": reverse("account_login"),
            "sign_up": reverse("account_signup"),
            "sign_out": reverse("account_logout"),
            "account": reverse("accounts:my_page"),
        },
    }


def addresses(request: HttpRequest, language: str) -> dict[str, Any]:
    """This page in every language: for the switch with its query, for machines without filters."""
    path = request.path
    canonical_query = _canonical_query(request)
    alternates = [
        {
            "html_lang": HTML_LANG[code],
            "url": settings.SITE_URL + path_in(path, code) + canonical_query,
        }
        for code in HTML_LANG
    ]
    return {
        "language_links": _links(in_languages(request, language)),
        "alternates": alternates,
        "default_url": settings.SITE_URL + bare_path(path) + canonical_query,
        "canonical": settings.SITE_URL + path + canonical_query,
        # On paper, followed by the filters of a list: whatever else stands in an address stays off.
        "printed": settings.SITE_URL + path,
    }


def in_languages(request: HttpRequest, language: str) -> list[dict[str, Any]]:
    """The switch: this page with its query in every language."""
    query = request.GET.urlencode()
    return [
        {
            "code": code,
            "html_lang": HTML_LANG[code],
            "name": name,
            "url": path_in(request.path, code) + (f"?{query}" if query else ""),
            "current": code == language,
        }
        for code, name in settings.LANGUAGES
    ]


def _links(languages: list[dict[str, Any]]) -> SafeString:
    """The switch as it stands in head, menu and foot: written once for the three."""
    line = '<li><a href="{url}" lang="{html_lang}" hreflang="{html_lang}"{mark}>{name}</a></li>'
    marks = {True: mark_safe(' aria-current="true"'), False: ""}
    rows = [{**each, "mark": marks[each["current"]]} for each in languages]
    return format_html_join("", line, rows)


def _canonical_query(request: HttpRequest) -> str:
    """Pages of a list are pages of their own; filters are not."""
    page = request.GET.get("page", "")
    return f"?page={page}" if page.isdecimal() and page != "1" else ""


def menu(of_the_office: list[Entry], own: list[dict[str, Any]] | None = None) -> list[Entry]:
    """The main menu, as staff made it (`own`) or else the built-in one.

    `of_the_office` are the services and pages that staff publish; they stand below "What we do",
    or below the entries that staff chose for them.
    """
    if own:
        return [_own_section(section, of_the_office) for section in own]
    sections = [entry for section in PLAN if (entry := _section(*section))]
    for section in sections:
        section["entries"] = section["entries"] or of_the_office
    return sections


def _own_section(section: dict[str, Any], of_the_office: list[Entry]) -> Entry:
    below = section["entries"] + (of_the_office if section["with_own_pages"] else [])
    return {"label": section["label"], "url": section["url"], "current": False, "entries": below}


def _section(label: str | Promise, name: str, below: list[Line]) -> Entry | None:
    url = _address(name)
    if url is None:
        return None
    entries: list[Entry] = [
        {"label": str(text), "url": found + query, "current": False, "entries": []}
        for text, entry_name, query in below
        if (found := _address(entry_name))
    ]
    return {"label": str(label), "url": url, "current": False, "entries": entries}


def _marked(sections: list[Entry], path: str, home: str) -> list[Entry]:
    """The sections, with the one that the page stands in told from the others."""
    return [{**section, "current": _holds(section["url"], path, home)} for section in sections]


def _holds(url: str, path: str, home: str) -> bool:
    # What stands at the root would be the place of every page.
    if url in (home, "/"):
        return path == url
    return path.startswith(url.split("?")[0])


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
