"""The page of the search, suggestions while typing, and what browsers may know of both.

What is answered to words is never kept: invented words must not push pages out of the cache.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.languages import HTML_LANG
from oda_portal.missing import MissingError
from oda_portal.pages.limits import may_act, too_many
from oda_portal.publishing.freshness import MICRO_CACHE, public

from . import queries
from .filters import Asked, read, words_of
from .pages import ResultsPage
from .results import Kind, Results, Suggestion

# One character is in almost everything, in Korean and Chinese too.
LEAST_TO_SUGGEST = 2
# Of one address, which may be a whole school's; suggestions while typing count as well.
SEARCHES_A_MINUTE = 600


def search(request: HttpRequest) -> HttpResponseBase:
    if not request.GET:
        return _start(request)
    if not _may_search(request):
        return too_many(request)
    asked = read(request.GET)
    found = _ask(asked, page=asked.page, **asked.filters)
    if asked.page > found.pages:
        raise MissingError(_("This list has no such page."))
    page = ResultsPage(request.path, asked, found)
    _ask_only_for(request, page.query)
    if found.is_empty:
        return _not_kept(_start_page(request, asked))
    context = {
        "page": page,
        "unfiltered": _ask(asked) if asked.filters and not found.hits else None,
        "crumbs": _crumbs(),
    }
    return _not_kept(render(request, "search/search.html", context))


def _may_search(request: HttpRequest) -> bool:
    return may_act(request, "search", limit=SEARCHES_A_MINUTE, seconds=60)


def _ask(asked: Asked, **narrowed: Any) -> Results:
    return queries.search(asked.text, language=_language(), **narrowed)


def _ask_only_for(request: HttpRequest, query: QueryDict) -> None:
    """From here on the address is what was understood: the links of the page repeat it."""
    request.GET = query  # type: ignore[assignment]
    request.META["QUERY_STRING"] = query.urlencode()


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


@public
def _start(request: HttpRequest) -> HttpResponse:
    return _start_page(request, None)


def _start_page(request: HttpRequest, asked: Asked | None) -> HttpResponse:
    """What can be searched; after characters that make no word, this is said as well."""
    typed = asked.text[: queries.MAX_TEXT] if asked else ""
    context = {"asked": asked, "typed": typed, "kinds": Kind.labels, "crumbs": _crumbs()}
    return render(request, "search/start.html", context)


def _crumbs() -> list[dict[str, str]]:
    return [{"label": _("Search")}]


def _not_kept(response: HttpResponse) -> HttpResponse:
    """Going back shows it once more, but nobody keeps it for others."""
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def suggest(request: HttpRequest) -> HttpResponse:
    """Titles for words that are being typed, with what is said of them to who cannot see them."""
    words = words_of(request.GET)
    begun = len(words) >= LEAST_TO_SUGGEST
    if begun and not _may_search(request):
        return too_many(request)
    found = queries.suggest(words, language=_language()) if begun else []
    said = ngettext(
        "%(n)s suggestion. Choose with the arrow keys.",
        "%(n)s suggestions. Choose with the arrow keys.",
        len(found),
    ) % {"n": len(found)}
    answer = {
        "label": _("Suggestions"),
        "said": said if found else _("No suggestions."),
        "found": [_suggestion(row) for row in found],
    }
    response = JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = f"private, max-age={MICRO_CACHE}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _suggestion(row: Suggestion) -> dict[str, str]:
    return {
        "title": row.title,
        "lang": HTML_LANG[row.language],
        "kind": str(row.kind.label),
        "url": row.url,
    }


@public
def opensearch(request: HttpRequest) -> HttpResponse:
    """By which a browser offers this search in its own address line."""
    return render(
        request,
        "search/opensearch.xml",
        {"site": settings.SITE_URL},
        content_type="application/opensearchdescription+xml",
    )
