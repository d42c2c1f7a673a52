"""Any public list as a file: `?format=csv` and `?format=json`, with the filters that it has."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from oda_portal.pages import limits

from .asking import Asked, BadQueryError, Fault, asked_of, labels_of, one_of
from .files import csv_file, json_file
from .problems import CONTENT_TYPE, bad_query, problem_response, too_many
from .registry import Dataset, dataset

View: TypeAlias = Callable[..., HttpResponseBase]
FORMATS: dict[str, Callable[[Dataset, Asked], StreamingHttpResponse]] = {
    "csv": csv_file,
    "json": json_file,
}


def with_data(name: str, **of_address: str) -> Callable[[View], View]:
    """Declare that a list shows a dataset: the same rows under the same filters.

    Without `format` the list is as ever, and links to its files. Stands below `@public`.
    `of_address` names filters of the dataset whose value is a part of the list's own address:
    `forum="slug"` for the sessions of the edition that `slug` names.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if "format" in request.GET:
                fixed = {filter_: kwargs[part] for filter_, part in of_address.items()}
                return data_response(request, dataset(name), fixed)
            request.dataset = name  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def data_response(
    request: HttpRequest, of: Dataset, fixed: dict[str, str] | None = None
) -> HttpResponseBase:
    """The file that the address asks for, or what is wrong with the address.

    `fixed` are filters that are no parameters. Raises Http404 where one of them finds nothing.
    """
    if not limits.may_act(request, "files", limit=settings.FILES_A_MINUTE, seconds=60):
        return busy(request, settings.FILES_A_MINUTE)
    query = request.GET.copy()
    for name, value in (fixed or {}).items():
        query.appendlist(name, value)
    make, faults = FORMATS.get(request.GET["format"]), []
    if make is None:
        faults.append(Fault("format", one_of(FORMATS)))
    try:
        asked = asked_of(of, query, also=("format",))
    except BadQueryError as wrong:
        faults += wrong.faults
    if any(
        fault.parameter in (fixed or {}) and fault.parameter not in request.GET for fault in faults
    ):
        raise Http404
    if make is None or faults:
        return _refused(request, of, BadQueryError(faults))
    response = make(of, asked)
    if request.method == "HEAD":
        response.streaming_content = ()
    return response


def _refused(request: HttpRequest, of: Dataset, wrong: BadQueryError) -> HttpResponse:
    if _reads_pages(request):
        response = bad_query_page(request, of, wrong)
    else:
        response = problem_response(bad_query(wrong))
    patch_vary_headers(response, ["Accept"])
    return response


def _reads_pages(request: HttpRequest) -> bool:
    """A page for people, who asked with a browser; a document for their programs."""
    return request.get_preferred_type([CONTENT_TYPE, "text/html"]) == "text/html"


def busy(request: HttpRequest, limit: int) -> HttpResponse:
    """A file is read anew each time, and may be all there is: nobody gets very many at once.

    `limit` is how many there are a minute.
    """
    if _reads_pages(request):
        response = limits.too_many(request)
    else:
        response = problem_response(too_many(limit))
    patch_vary_headers(response, ["Accept"])
    return response


def bad_query_page(request: HttpRequest, of: Dataset, wrong: BadQueryError) -> HttpResponse:
    labels = labels_of(of)
    faults = [(labels.get(fault.parameter, ""), fault) for fault in wrong.faults]
    context = {"dataset": of, "faults": faults, "list_url": request.path}
    return render(request, "opendata/bad_query.html", context, status=400)
