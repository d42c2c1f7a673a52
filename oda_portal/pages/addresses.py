"""Whether an address leads to a page of this portal that everybody may read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from oda_portal.languages import bare_path, path_in
from oda_portal.publishing.changes import public_rows, publishable_models
from oda_portal.publishing.models import Publishable


def on_this_portal(address: str) -> bool:
    """Whether a browser looks for it here. It drops tabs, and reads a backslash as a slash."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    return is_path and address.isprintable()


def leads_somewhere(address: str) -> bool:
    """Whether there is a page at the address, published or not yet."""
    return _match(_path(address)) is not None


def is_readable(address: str) -> bool:
    """Whether everybody may read what stands there; other sites always count as readable."""
    if not on_this_portal(address):
        return True
    path = _path(address)
    match = _match(path)
    if match is None:
        return False
    model = model_at(path, match.kwargs)
    return model is None or public_rows(model).filter(**match.kwargs).exists()


def for_readers(address: str) -> str:
    """The address in the active language, where the page has one."""
    if not on_this_portal(address):
        return address
    parts = urlsplit(address)
    language = translation.get_language() or settings.LANGUAGE_CODE
    path = path_in(parts.path, language)
    return parts._replace(path=path if _match(path) else parts.path).geturl()


def model_at(path: str, names: dict[str, Any]) -> type[Publishable] | None:
    """The published model whose rows stand at addresses like this one; None for other pages."""
    models: list[Any] = [one for one in publishable_models() if hasattr(one, "get_absolute_url")]
    for model in models:
        known = {field.name for field in model._meta.concrete_fields}
        # An empty row says whether rows of its kind stand at this address.
        if names and known >= set(names) and model(**names).get_absolute_url() == path:
            return model
    return None


def _path(address: str) -> str:
    """In the active language, in which `get_absolute_url` answers too."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    path = urlsplit(address).path
    return path_in(path, language) if _match(path_in(path, language)) else bare_path(path)


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None
