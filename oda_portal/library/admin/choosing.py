"""The page on which a picture or a document is looked up for a record.

It stands by itself, and says the number to type; in a record's form a script shows it in a window
and puts the number, the words and the facts where they belong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.languages import HTML_LANG
from oda_portal.library.models import Picture, Subject
from oda_portal.publishing.admin_base import LONGEST_SEARCH, MOST_WORDS
from oda_portal.publishing.models import language_column

if TYPE_CHECKING:
    from .held import HeldAdmin

PER_PAGE = 24
# What comes along, by the name of its field in the forms of records.
TEXTS = ("alt", "caption", "title")
FACTS = ("licence", "credit", "language")


def choose_page(pages: HeldAdmin, request: HttpRequest) -> HttpResponseBase:
    words = " ".join(request.GET.get("q", "")[:LONGEST_SEARCH].split()[:MOST_WORDS])
    rows = _containing(pages.model, words)
    subject = request.GET.get("subject", "")
    if subject.isascii() and subject.isdecimal() and len(subject) < 10:
        rows = rows.filter(subjects=int(subject))
    page = Paginator(rows.order_by("-added_at", "-pk"), PER_PAGE).get_page(request.GET.get("p"))
    context = {
        **pages.admin_site.each_context(request),
        "opts": pages.opts,
        "title": _("Choose from the library"),
        "page": page,
        "found": [(row, taken_along(row)) for row in page],
        "words": words,
        "subject": subject,
        "subjects": Subject.objects.order_by_text("name"),
        "is_picture": pages.model is Picture,
        "query": _query(words, subject),
        "upload_url": reverse(f"admin:library_{pages.opts.model_name}_add"),
    }
    return TemplateResponse(request, "admin/library/choose.html", context)


def _containing(model: type[Any], words: str) -> Any:
    rows = model._default_manager.ready()
    found = rows.containing(words, *[name for name in TEXTS if _has(model, name)])
    return found | rows.filter(Q(name__icontains=words) | Q(credit__icontains=words))


def _has(model: type[Any], name: str) -> bool:
    return name in {field.name for field in model._meta.get_fields()}


def taken_along(row: Any) -> dict[str, str]:
    """Columns and what they get, as the forms of records name them."""
    columns = [language_column(name, code) for name in TEXTS for code in HTML_LANG]
    found = {column: getattr(row, column, "") for column in [*columns, *FACTS]}
    return {column: str(value) for column, value in found.items() if value not in ("", None)}


def _query(words: str, subject: str) -> str:
    """The search, to be put before the number of another page of it."""
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in (("q", words), ("subject", subject)) if value})
    return query.urlencode()
