"""Where the picture of a page is."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from oda_portal.languages import HTML_LANG, absolute

from .drawing import digest_of
from .registry import Picture

WIDTH, HEIGHT = 1200, 630


def address_of(picture: Picture) -> str:
    """Absolute, in the active language.

    `v` changes with what the picture shows: other sites keep one for weeks.
    """
    language = translation.get_language() or settings.LANGUAGE_CODE
    path = reverse("share:picture", args=[picture.kind, picture.key, HTML_LANG[language]])
    return absolute(f"{path}?v={digest_of(picture.card, language)[:8]}")
