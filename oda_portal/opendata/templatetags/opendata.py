"""Links from a list to its files."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.utils import translation

from oda_portal.languages import HTML_LANG
from oda_portal.opendata.asking import parameters_of
from oda_portal.opendata.lists import FORMATS
from oda_portal.opendata.registry import dataset

register = template.Library()


@register.inclusion_tag("opendata/list_files.html", takes_context=True)
def list_files(context: dict[str, Any]) -> dict[str, Any]:
    """The files of the list on this page, with the filters that were chosen and nothing else."""
    request: HttpRequest | None = context.get("request")
    name = getattr(request, "dataset", None)
    if request is None or name is None:
        return {"files": []}
    query = QueryDict(mutable=True)
    for parameter in parameters_of(dataset(name)):
        if value := request.GET.get(parameter, "").strip():
            query[parameter] = value
    query["lang"] = HTML_LANG[translation.get_language() or ""]
    before = f"{request.path}?{query.urlencode()}&format="
    files = [{"form": form.upper(), "url": before + form} for form in FORMATS]
    return {"files": files, "dataset": dataset(name)}
