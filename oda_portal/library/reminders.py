"""What waits in the library: files that nobody can use before they are described."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language_info, ngettext

from oda_portal.accounts.roles import languages_to_write
from oda_portal.desk.waiting import Counted

from .models import Document, Picture


def asked() -> list[Callable[[HttpRequest], Counted | None]]:
    """For translators the pictures of each of their languages, for editors all that is left."""
    in_languages = [partial(_in_language, language=code) for code, _name in settings.LANGUAGES]
    return [*in_languages, _pictures, _documents]


def _in_language(request: HttpRequest, language: str) -> Counted | None:
    own = languages_to_write(request.user, Picture) or set()  # type: ignore[arg-type]
    if language not in own or not _may_change(request, Picture):
        return None
    name = get_language_info(language)["name_translated"]
    return _counted(
        Picture.objects.to_be_described(language),
        language,
        lambda count, pressing: (
            ngettext(
                "%(count)s picture of the library has no text alternative in %(language)s.",
                "%(count)s pictures of the library have no text alternative in %(language)s.",
                count,
            )
            % {"count": count, "language": name}
        ),
    )


def _pictures(request: HttpRequest) -> Counted | None:
    if not _is_whole(request, Picture):
        return None
    return _counted(
        Picture.objects.to_be_described(),
        "no",
        lambda count, pressing: (
            ngettext(
                "%(count)s picture in the library needs a description before it can be used.",
                "%(count)s pictures in the library need a description before they can be used.",
                count,
            )
            % {"count": count}
        ),
    )


def _documents(request: HttpRequest) -> Counted | None:
    if not _is_whole(request, Document):
        return None
    return _counted(
        Document.objects.to_be_described(),
        "no",
        lambda count, pressing: (
            ngettext(
                "%(count)s document of the library needs a title before it can be used.",
                "%(count)s documents of the library need a title before they can be used.",
                count,
            )
            % {"count": count}
        ),
    )


def _counted(rows: QuerySet, ready: str, say: Callable[[int, int], str]) -> Counted:
    page = reverse(f"admin:library_{rows.model._meta.model_name}_changelist")
    return Counted(rows, say, f"{page}?ready={ready}")


def _may_change(request: HttpRequest, model: type[Any]) -> bool:
    return request.user.has_perm(f"library.change_{model._meta.model_name}")


def _is_whole(request: HttpRequest, model: type[Any]) -> bool:
    """Whether they see to all of it, and not to one language alone."""
    is_limited = languages_to_write(request.user, model) is not None  # type: ignore[arg-type]
    return _may_change(request, model) and not is_limited
