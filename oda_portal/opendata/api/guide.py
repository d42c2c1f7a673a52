"""The page that says how the API is used, with examples to copy."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from oda_portal.languages import HTML_LANG, absolute
from oda_portal.opendata.asking import LANGUAGES
from oda_portal.opendata.registry import datasets
from oda_portal.pages.furniture import foot_of
from oda_portal.publishing.freshness import public

from .codes import code_lists
from .doors import LIMIT
from .reading import MOST_A_PAGE, PAGE_SIZE

# Whose rows the examples ask for.
EXAMPLE = "programmes"


@require_safe
@public
def api_docs(request: HttpRequest) -> HttpResponse:
    base = absolute(reverse("api:index"))
    return render(
        request,
        "opendata/api_docs.html",
        {
            "base": base,
            "example": absolute(reverse("api:rows", args=[EXAMPLE])),
            "file": absolute(reverse("opendata:dataset_detail", args=[EXAMPLE])),
            "language": HTML_LANG[translation.get_language() or settings.LANGUAGE_CODE],
            "languages": list(LANGUAGES),
            "datasets": [each for each in datasets() if not each.figure],
            "figures": [each for each in datasets() if each.figure],
            "lists": len(code_lists()),
            "limit": LIMIT,
            "page_size": PAGE_SIZE,
            "most": MOST_A_PAGE,
            **foot_of(),
            "crumbs": [
                {"label": _("Open data"), "url": reverse("opendata:data_index")},
                {"label": _("API")},
            ],
        },
    )
