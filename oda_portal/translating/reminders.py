"""Who keeps a language, and what they are told: on their first page, and on Mondays by email."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info, ngettext

from oda_portal.accounts.areas import areas_of
from oda_portal.accounts.models import User
from oda_portal.accounts.roles import BY_NAME, ROLES, roles_of
from oda_portal.desk.waiting import Counted

from . import counting, mails
from .counting import OUTDATED, Cell, Kind
from .matrix import Asked
from .registry import Translated, know_kinds, registered

LANGUAGES = dict(settings.LANGUAGES)


def languages_of(user: User) -> set[str]:
    """The languages that somebody’s roles keep; empty for whoever keeps none of their own."""
    return {BY_NAME[name].language for name in roles_of(user)} - {""}


# --- first page --------------------------------------------------------------------------------


def asked() -> list[Callable[[HttpRequest], Counted | None]]:
    """For translators each of their languages, for others all of them together."""
    return [*(partial(_outdated, language=code) for code in LANGUAGES), _outdated]


def _outdated(request: HttpRequest, language: str = "") -> Counted | None:
    user: User = request.user  # type: ignore[assignment]
    own = languages_of(user)
    concerns = language in own if language else not own
    if not concerns or not user.has_perm("translating.view_translationstate"):
        return None
    page = reverse("admin:translating_translationstate_changelist")
    query = {"state": OUTDATED, **({"language": language} if language else {})}
    return Counted(
        counting.waiting(Asked(request).kinds(), language),
        lambda count, pressing: _sentence(count, language),
        f"{page}?{urlencode(query)}",
    )


def _sentence(count: int, language: str) -> str:
    name = get_language_info(language)["name_translated"] if language else ""
    words = {"count": count, "language": name}
    if not language:
        return (
            ngettext(
                "%(count)s translation is out of date.",
                "%(count)s translations are out of date.",
                count,
            )
            % words
        )
    return ngettext(
        "%(count)s translation is out of date: %(language)s",
        "%(count)s translations are out of date: %(language)s",
        count,
    ) % words  # fmt: skip


# --- Mondays -----------------------------------------------------------------------------------


def tell() -> int:
    """One mail this week to everybody for each language that they keep; how many. Safe twice.

    Killed in between, the next run goes on: the outbox knows whom it was written to.
    """
    know_kinds()
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    of_all = counting.lines(_everything())
    sent = 0
    for role in ROLES:
        if not role.language:
            continue
        for user in _keepers(role.name):
            lines = of_all if areas_of(user) is None else counting.lines(_within_areas(user))
            found = _theirs(user, {line.about: line.cells[role.language] for line in lines})
            sent += bool(found) and mails.weekly(user, role.language, found, monday)
    return sent


def _everything() -> list[Kind]:
    return [Kind(about, None) for about in registered().values()]


def _within_areas(user: User) -> list[Kind]:
    """What somebody whose work is limited finds on the page that the mail leads to."""
    request = HttpRequest()
    request.user = user
    return Asked(request).kinds()


def _keepers(role: str) -> list[User]:
    rows = User.objects.filter(is_staff=True, is_active=True, groups__name=role)
    return list(rows.order_by("pk"))


def _theirs(user: User, cells: dict[Translated, Cell]) -> list[tuple[Translated, Cell]]:
    """What somebody may write of it, where something is to be done."""
    return [
        (about, cell)
        for about, cell in cells.items()
        if (cell.outdated or cell.missing) and _may_change(user, about)
    ]


def _may_change(user: User, about: Translated) -> bool:
    models = {about.model, about.page}
    return all(
        user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")
        for model in models
    )
