"""What staff tell everybody who registered: that an event has changed, or will not take place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from django.conf import settings
from django.db.models import Count

from ..models import Forum, Registration
from ..models.registrations import RegistrationQuerySet
from . import mails

Texts = Mapping[str, str]  # by language code


def to_be_told(forum: Forum) -> RegistrationQuerySet:
    """Whoever has a place, was offered one, or waits."""
    return Registration.objects.standing().filter(forum=forum)


def by_language(forum: Forum) -> dict[str, int]:
    """How many get it in each language; in the order of the settings, those with nobody too."""
    rows = to_be_told(forum).order_by().values_list("language").annotate(count=Count("pk"))
    counts = dict(rows)
    return {code: counts.get(code, 0) for code, _name in settings.LANGUAGES}


def tell_of_change(forum: Forum, texts: Texts) -> int:
    """The same words are sent once to each, however often; how many mails were written."""
    return _tell(forum, "changed", texts, mails.changed_of)


def tell_of_end(forum: Forum, texts: Texts) -> int:
    """Once to each, whatever the words are."""
    return _tell(forum, "cancelled", texts, mails.called_off_of)


def _tell(
    forum: Forum, what: str, texts: Texts, say: Callable[[Forum, str, str], mails.News]
) -> int:
    news = {code: say(forum, code, text) for code, text in texts.items()}
    stamp = ""
    if what == "changed":
        words = "\n".join(texts[code] for code in sorted(texts))
        stamp = hashlib.sha256(words.encode()).hexdigest()[:16]
    rows = to_be_told(forum).select_related("user").order_by("pk")
    return sum(
        mails.told(row, news[row.language], once=f"event_{what}:{row.pk}:{stamp}")
        for row in rows.iterator()
    )
