"""The language rule of the API: what `lang` says, then Accept-Language, then Korean."""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from oda_portal.opendata.asking import LANGUAGES
from oda_portal.opendata.columns import ALL


def language_asked(request: HttpRequest) -> str:
    """The code of the language to answer in. Texts in all of them have Korean labels."""
    named = LANGUAGES.get(request.GET.get("lang", ""), "")
    if named == ALL:
        return settings.LANGUAGE_CODE
    return named or _accepted(request.headers.get("Accept-Language", ""))


def _accepted(header: str) -> str:
    """The first that there is, however it is written: zh-CN, zh-Hans-CN, en-GB."""
    for tag, quality in parse_accept_lang_header(header):
        if tag == "*":
            break
        if quality > 0:
            with suppress(LookupError):
                return get_supported_language_variant(tag)
    return settings.LANGUAGE_CODE
