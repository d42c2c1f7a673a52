"""The weekly mail to whoever keeps a language; the only caller of the outbox here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_info, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from oda_portal.languages import absolute, path_in
from oda_portal.mail.kinds import Kind, register
from oda_portal.mail.models import Message
from oda_portal.mail.outbox import post

from .counting import MISSING, OUTDATED, Cell
from .matrix import label_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

    from .registry import Translated

WEEKLY = "translations_due"
MOST_LINES = 15
Found = list[tuple["Translated", Cell]]


def register_all() -> None:
    register(
        Kind(
            name=WEEKLY,
            label=_("Weekly list of translations (to translators)"),
            group=_("Translations"),
            placeholders={
                "language": _("the language that the recipient keeps"),
                "outdated": _("how many texts are out of date"),
                "missing": _("how many texts are missing"),
                "list": _("one line for each kind of content, with the address of its list"),
            },
            sample={
                "language": _("English"),
                "outdated": "3",
                "missing": "12",
                "list": _("Programmes: 3 out of date, 12 missing"),
            },
            required=("list",),
            button=_("Open the translations"),
            linked=("list",),
            is_void=_keeps_it_no_more,
        )
    )


def _keeps_it_no_more(message: Message) -> bool:
    user = message.user
    return user is None or not (user.is_active and user.is_staff)


def weekly(user: User, language: str, found: Found, monday: date) -> bool:
    """One mail a person, language and week; False when it was written before."""
    reads = user.preferred_language
    with translation.override(reads):
        context = {
            "language": str(get_language_info(language)["name_translated"]),
            "outdated": sum(cell.outdated for _about, cell in found),
            "missing": sum(cell.missing for _about, cell in found),
            "list": "\n".join(_lines(found, language, reads)),
        }
    page = reverse("admin:translating_translationstate_changelist")
    letter = post(
        WEEKLY,
        to=user.email,
        language=reads,
        name=user.name,
        context=context,
        user=user,
        once=f"{WEEKLY}:{user.pk}:{language}:{monday.isoformat()}",
        path=f"{page}?language={language}",
    )
    return letter is not None


def _lines(found: Found, language: str, reads: str) -> list[str]:
    """What is out of date first; of very many kinds the first ones, and how many more there are."""
    ordered = sorted(found, key=lambda each: (-each[1].outdated, -each[1].missing))
    lines = [_line(about, cell, language, reads) for about, cell in ordered[:MOST_LINES]]
    if (more := len(ordered) - MOST_LINES) > 0:
        sentence = ngettext("and %(n)s more kind", "and %(n)s more kinds", more)
        lines.append(sentence % {"n": more})
    return lines


def _line(about: Translated, cell: Cell, language: str, reads: str) -> str:
    state = OUTDATED if cell.outdated else MISSING
    page = path_in(reverse("admin:translating_translationstate_changelist"), reads)
    with translation.override(reads):
        numbers = gettext("%(kind)s: %(outdated)s out of date, %(missing)s missing") % {
            "kind": label_of(about), "outdated": cell.outdated, "missing": cell.missing,
        }  # fmt: skip
    address = absolute(f"{page}?kind={about.label}&language={language}&state={state}")
    return f"{numbers}\n{address}"
