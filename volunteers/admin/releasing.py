"""What the time of the results sets off, shown before it is changed: who is told what, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.mail.models import Message
from oda_portal.mail.previews import Shown, preview_of
from oda_portal.mail.rendering import Stationery
from oda_portal.publishing import effects
from oda_portal.publishing.effects import Effect
from oda_portal.publishing.times import korea_moment
from oda_portal.reviews.models import Decision
from volunteers import mails
from volunteers.deciding import Wish
from volunteers.models import Application, Call
from volunteers.models.states import STAFF_WORDS

from .letters import after_deciding


def held_of(call: Call) -> list[tuple[Decision, Application]]:
    """The decisions that wait for the results of a call, with whom they are about."""
    kind = ContentType.objects.get_for_model(Application)
    rows = Application.objects.filter(call=call).select_related("call", "volunteer", "opening")
    about = rows.in_bulk()
    held = Decision.objects.filter(content_type=kind, released_at=None, object_id__in=about)
    held = held.select_related("pool__opening").order_by("outcome", "pk")
    return [(decision, about[decision.object_id]) for decision in held]


def effects_of_results(before: Call, after: Call) -> Iterator[Effect]:
    """By outcome how many are told, with the letter in each language, to nobody by name."""
    if before.released_at == after.released_at:
        return
    held = held_of(after)
    if not held:
        return
    yield Effect(_when(after))
    stationery = Stationery()
    for outcome, count in sorted(Counter(decision.outcome for decision, _to in held).items()):
        letters: dict[str, Shown] = {}
        for decision, application in held:
            is_first = decision.outcome == outcome and application.language not in letters
            if is_first and (shown := _letter(decision, application, stationery)):
                letters[application.language] = shown
        sentence = ngettext(
            "%(count)s applicant: %(outcome)s", "%(count)s applicants: %(outcome)s", count
        )
        words = {"count": count, "outcome": STAFF_WORDS[outcome]}
        yield Effect(sentence % words, count, tuple(letters.values()))


def _when(call: Any) -> str:
    if call.released_at is None:
        return _("Nobody is told anything until the call has a time for its results.")
    if call.released_at <= timezone.now():
        return _("The results are out at once. Everybody whose result is held gets it by email.")
    return _("On %(moment)s everybody whose result is held gets it by email.") % {
        "moment": korea_moment(call.released_at)
    }


def _letter(decision: Decision, application: Application, stationery: Stationery) -> Shown | None:
    opening = decision.pool.opening if decision.pool else None
    wish = Wish(application, opening, decision.rank)
    news = mails.news_of(after_deciding(wish, decision.outcome))
    if news is None:
        return None
    message = Message(
        kind=news.kind,
        language=application.language,
        context=news.context,
        path=application.get_absolute_url(),
    )
    return preview_of(message, stationery)


effects.register_times(Call, effects_of_results)
