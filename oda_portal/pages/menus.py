"""The main menu of the staff's own making: begun from the built-in one, or given up for it."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation

from oda_portal import chrome
from oda_portal.languages import bare_path
from oda_portal.publishing.models import language_column

from .models import MenuEntry

_MAIN = MenuEntry.Place.MAIN


def has_own() -> bool:
    return MenuEntry.objects.filter(place=_MAIN).exists()


def begin_own() -> int:
    """Write the built-in menu down as entries to change; their number, 0 if there are some."""
    if has_own():
        return 0
    try:
        with transaction.atomic():
            return _write_all()
    except IntegrityError:  # of two who press the button at once, one writes
        return 0


def _write_all() -> int:
    menus = {code: _built_in(code) for code, _name in settings.LANGUAGES}
    made = 0
    for place, section in enumerate(menus[settings.LANGUAGE_CODE]):
        labels = {code: menus[code][place]["label"] for code in menus}
        # Below "What we do" stand the services and pages, by themselves.
        top = _write(section["url"], labels, place, with_own_pages=not section["entries"])
        made += 1
        for order, entry in enumerate(section["entries"]):
            labels = {code: menus[code][place]["entries"][order]["label"] for code in menus}
            _write(entry["url"], labels, order, parent=top)
            made += 1
    return made


@transaction.atomic
def give_up_own() -> int:
    """Back to the built-in menu; the number of entries that went. Their history stays."""
    rows = list(MenuEntry.objects.filter(place=_MAIN, parent=None).select_for_update())
    gone = 0
    for row in rows:
        gone += row.delete()[0]
    return gone


def _built_in(language: str) -> list[chrome.Entry]:
    with translation.override(language):
        return chrome.menu([])


def _write(
    url: str, labels: dict[str, str], position: int, *, parent: MenuEntry | None = None,
    with_own_pages: bool = False,
) -> MenuEntry:  # fmt: skip
    return MenuEntry.objects.create(
        place=_MAIN,
        parent=parent,
        address=bare_path(url),
        position=position,
        with_own_pages=with_own_pages,
        **{language_column("label", code): label for code, label in labels.items()},
    )
