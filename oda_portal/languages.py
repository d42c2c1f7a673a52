"""The language is in the address alone: Korean at `/`, English `/en/`, Chinese `/zh-hans/`."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

# What `lang` and `hreflang` say for each of our language codes (BCP 47 writes the script so).
HTML_LANG = {"ko": "ko", "en": "en", "zh-hans": "zh-Hans"}

CODES = tuple(code for code, _name in settings.LANGUAGES)


def language_of_path(path: str) -> str:
    """The language code that an address stands in; the default language has no prefix."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in CODES and first != settings.LANGUAGE_CODE else settings.LANGUAGE_CODE


def bare_path(path: str) -> str:
    """The address without its language prefix: `/en/programs/` becomes `/programs/`."""
    language = language_of_path(path)
    return path if language == settings.LANGUAGE_CODE else path[len(language) + 1 :] or "/"


def path_in(path: str, language: str) -> str:
    """The same address in another language."""
    bare = bare_path(path)
    return bare if language == settings.LANGUAGE_CODE else f"/{language}{bare}"


def absolute(path: str) -> str:
    """The whole address, for those who read it elsewhere than on a page of ours."""
    return settings.SITE_URL + path


class PathLanguageMiddleware:
    """Django's LocaleMiddleware also asks Accept-Language, and varies every page on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of_path(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", HTML_LANG[language])
            # A TemplateResponse is drawn by now; nothing outside needs the language.
            return response
