"""What a page of the portal is called, found by its address alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from oda_portal.chrome import menu
from oda_portal.languages import path_in
from oda_portal.pages.addresses import model_at
from oda_portal.pages.furniture import fixed_pages, furniture
from oda_portal.publishing.changes import public_rows
from oda_portal.publishing.templatetags.texts import text


def title_of(address: str) -> str | SafeString:
    """Its title for a reader of the active language; empty where that cannot be known cheaply.

    Known are the menu's pages and the pages of what is published: one query at most.
    """
    path = path_in(urlsplit(address).path, translation.get_language() or settings.LANGUAGE_CODE)
    try:
        names = resolve(path).kwargs
    except Resolver404:
        return ""
    return _title_of_record(path, names) if names else _title_in_menu(path)


def _title_in_menu(path: str) -> str:
    if path == reverse("home"):
        return _("Home")
    sections = menu([], furniture(translation.get_language() or "")["own_menu"])
    entries: list[Any] = [*sections, *fixed_pages()]
    entries += [entry for section in sections for entry in section["entries"]]
    return next((entry["label"] for entry in entries if entry["url"] == path), "")


def _title_of_record(path: str, names: dict[str, Any]) -> str | SafeString:
    model = model_at(path, names)
    row = public_rows(model).filter(**names).first() if model else None
    return text(row, _main_text(type(row))) if row else ""


def _main_text(model: type[Any]) -> str:
    return "title" if hasattr(model, "title") else "name"
