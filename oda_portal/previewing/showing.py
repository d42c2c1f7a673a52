"""The public page of a form, as the site would show it were the form saved and published."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.template.loader import render_to_string
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import translation

from oda_portal.display import COOKIE
from oda_portal.languages import bare_path, language_of_path, path_in
from oda_portal.publishing.freshness import is_for_everybody

from .applying import admin_of, apply, bare_request, make_public
from .looking import Look, looking
from .models import Preview
from .pictures import stand_ins
from .rewriting import AWAY, NOWHERE, WITHIN, Place, rewritten
from .turns import taken_back

FILES = "/files/"
# Of the preview's own address: shown in the frame of the back office, without the bar.
FRAME = "frame"
# Of lists: a file of all their rows, which are public elsewhere.
DATA = "format"
MOST_REDIRECTS = 3


class NoPageError(Exception):
    """Readers would find no page of this record."""


@dataclass(frozen=True)
class _Shown:
    """One look: `roots` are the addresses, without language, below which it stays."""

    preview: Preview
    language: str
    roots: tuple[str, ...]
    in_frame: bool

    def covers(self, bare: str) -> bool:
        """Whether an address without language is the record's page, or a public one below it."""
        if bare == self.roots[0]:
            return True
        if bare.startswith(FILES):
            return True
        below = any(root != "/" and bare.startswith(root) for root in self.roots)
        match = _match(path_in(bare, self.language)) or _match(bare) if below else None
        return match is not None and is_for_everybody(match.func)

    def place(self, address: str) -> Place:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path.startswith("/"):
            return AWAY, address
        bare = bare_path(parts.path)
        if self.covers(bare):
            return WITHIN, self._own(bare, language_of_path(parts.path), parts)
        about_it = any(root != "/" and root in unquote(parts.query) for root in self.roots)
        below = any(root != "/" and bare.startswith(root) for root in self.roots)
        return (NOWHERE, "") if about_it or below else (AWAY, address)

    def _own(self, bare: str, language: str, parts: Any) -> str:
        query = QueryDict(parts.query, mutable=True)
        if self.in_frame:
            query[FRAME] = "1"
        token = self.preview.token
        with translation.override(self.language if bare.startswith(FILES) else language):
            if bare == self.roots[0]:
                address = reverse("previewing:look", args=[token])
            else:
                address = reverse("previewing:part", args=[token, bare.lstrip("/")])
        tail = f"?{query.urlencode()}" if query else ""
        return address + tail + (f"#{parts.fragment}" if parts.fragment else "")


def show(preview: Preview, like: HttpRequest, *, part: str = "") -> HttpResponseBase:
    """The page in the active language; `part` is an address below it, without language.

    Raises RefusedError when the form cannot be saved any more, PermissionDenied when its writer
    may not do so any more, NoPageError when readers would find nothing, BusyError when it cannot
    be made in time, Http404 for another part.
    """

    def page() -> tuple[_Shown, Any]:
        with looking(Look(partial(stand_ins, preview))):
            shown = _saved(preview, like)
            return shown, _answer(shown, like, part)

    shown, response = taken_back(preview, page)
    if response.headers.get("Content-Type", "").startswith("text/html"):
        _rewrite(response, shown)
    return response


def _saved(preview: Preview, like: HttpRequest) -> _Shown:
    obj = apply(preview, like)
    make_public(preview, like, obj)
    fresh = type(obj)._default_manager.get(pk=obj.pk)
    roots = admin_of(preview).preview_roots(fresh)
    bare = tuple(bare_path(urlsplit(root).path) for root in roots)
    return _Shown(preview, translation.get_language() or "", bare, FRAME in like.GET)


def _answer(shown: _Shown, like: HttpRequest, part: str) -> Any:
    bare = f"/{part}" if part else shown.roots[0]
    if not shown.covers(bare):
        raise Http404
    path = bare if bare.startswith(FILES) else path_in(bare, shown.language)
    try:
        return _called(like, path)
    except Http404:
        if part:
            raise
        raise NoPageError from None


def _called(like: HttpRequest, path: str) -> Any:
    """What the site's own view answers to somebody without an account."""
    query = like.GET.copy()
    for name in (FRAME, DATA):
        query.pop(name, None)
    for _turn in range(MOST_REDIRECTS):
        match = _match(path)
        if match is None:
            raise Http404
        request = bare_request(like, path, query.urlencode())
        request.user, request.resolver_match = AnonymousUser(), match
        if COOKIE in like.COOKIES:
            request.COOKIES[COOKIE] = like.COOKIES[COOKIE]
        response = match.func(request, *match.args, **match.kwargs)
        if hasattr(response, "render") and not response.is_rendered:
            response.render()
        if response.status_code not in (301, 302):
            return response
        path = urlsplit(response.headers["Location"]).path
    raise Http404


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _rewrite(response: Any, shown: _Shown) -> None:
    context = {"preview": shown.preview}
    head = render_to_string("previewing/head.html", context)
    bar = "" if shown.in_frame else render_to_string("previewing/bar.html", context)
    html = response.content.decode()
    response.content = rewritten(html, place=shown.place, head=head, bar=bar).encode()
    response.headers.pop("Content-Length", None)
