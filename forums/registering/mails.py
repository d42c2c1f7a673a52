"""One function for each mail to those who register; the only callers of the outbox here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from oda_portal.mail import kinds, outbox
from oda_portal.mail.models import Message
from oda_portal.pages.limits import mailbox, may_be_done
from oda_portal.publishing.times import korea_day, korea_hour

from ..models import Forum, ForumSession, Registration
from ..models.registrations import State
from . import wording

GROUP = _("Registration for forums")
BEGIN, EXISTS = "registration_begin", "registration_exists"
CONFIRMED, WAITING = "registration_confirmed", "registration_waiting"
OFFERED, OVER = "place_offered", "place_offer_over"
CANCELLED, REMINDER = "registration_cancelled", "event_reminder"
CHANGED, CALLED_OFF = "event_changed", "event_cancelled"

BEGIN_LIFETIME = timedelta(days=3)
# The page behind it stays for as long as the registration does.
OWN_LIFETIME = timedelta(days=400)
# Nobody's mailbox is filled by others: so many a day, from wherever they are asked for.
ASKED_A_DAY = 5
ASKED_EVERY = 600  # seconds
DAY = 24 * 60 * 60

EVENT: dict[str, kinds.Words] = {"event": _("the title of the event")}
WHEN: dict[str, kinds.Words] = {"when": _("day and time, with “at” and “on”")}
PLACE: dict[str, kinds.Words] = {"place": _("the venue")}
CODE: dict[str, kinds.Words] = {"code": _("the check-in number")}
UNTIL: dict[str, kinds.Words] = {
    "date": _("the day until which to answer"),
    "time": _("the time until which to answer"),
}
EXAMPLE = timezone.make_aware(datetime(2026, 12, 4, 10, 0))
SAMPLE: dict[str, kinds.Words] = {
    "event": _("Busan ODA Forum"),
    "when": lazy(lambda: wording.moment(EXAMPLE), str)(),
    "place": _("Conference hall, third floor"),
    "code": "K7MP4XQ2",
    "n": "3",
    "days": "3",
    "date": lazy(lambda: korea_day(EXAMPLE), str)(),
    "time": lazy(lambda: korea_hour(EXAMPLE), str)(),
    "change": _("The forum begins an hour later."),
    "reason": _("The venue is closed."),
}


class News(NamedTuple):
    """What a mail would say, also before it is sent."""

    kind: str
    context: dict[str, str]


def register() -> None:
    """Make the mails of this package known to the outbox."""
    from . import links  # noqa: PLC0415  (its pages import what imports this module)

    begin = {**EVENT, "days": _("for how many days the link works")}
    _register(BEGIN, _("Link to register"), begin, links.open_form, urgent=True)
    _register(EXISTS, _("Registered already"), EVENT, links.open_own, urgent=True)
    welcome = {**EVENT, **WHEN, **PLACE, **CODE}
    _register(CONFIRMED, _("Registration confirmed"), welcome, links.open_own, urgent=True)
    waiting = {**EVENT, "n": _("the number in line")}
    _register(WAITING, _("On the waiting list of an event"), waiting, links.open_own, urgent=True)
    _register(OFFERED, _("A place is free"), {**EVENT, **UNTIL}, links.open_own)
    _register(OVER, _("The time to confirm a place is over"), {**EVENT, **UNTIL}, links.open_own)
    _register(CANCELLED, _("Registration cancelled"), EVENT, links.open_own)
    _register(REMINDER, _("An event is near"), {**EVENT, **WHEN, **PLACE, **CODE}, links.open_own,
              is_void=_is_off)  # fmt: skip
    changed = {**EVENT, "change": _("what has changed")}
    _register(CHANGED, _("An event has changed"), changed, links.open_own)
    called_off = {**EVENT, "reason": _("why, if it is said")}
    _register(CALLED_OFF, _("An event is cancelled"), called_off, links.open_own)


Opens = Callable[[HttpRequest, Message], HttpResponse]


def _register(
    name: str,
    label: kinds.Words,
    placeholders: Mapping[str, kinds.Words],
    opens: Opens,
    **more: Any,
) -> None:
    kinds.register(
        kinds.Kind(
            name=name,
            label=label,
            group=GROUP,
            placeholders=placeholders,
            sample={key: SAMPLE[key] for key in placeholders},
            button=_("Register") if name == BEGIN else _("See my registration"),
            personal=True,
            lifetime=BEGIN_LIFETIME if name == BEGIN else OWN_LIFETIME,
            opens=opens,
            renew="forums:forum_list",
            **more,
        )
    )


def _is_off(message: Message) -> bool:
    """Nobody is told to come who is not expected, or to what does not take place."""
    registration = message.about
    if not isinstance(registration, Registration) or not registration.is_confirmed:
        return True
    return bool(registration.forum.program.cancelled_at)


# --- what somebody asked for at the screen --------------------------------------------------------


def link_wanted(forum: Forum, *, email: str, language: str) -> bool:
    """A link to the form, or to what the address has already; False when it had too many today.

    Nothing that is shown at the screen tells which of them it was.
    """
    if not may_be_done("forums.register:to", mailbox(email), limit=ASKED_A_DAY, seconds=DAY):
        return False
    known = Registration.objects.standing().filter(forum=forum, email=email.lower()).first()
    whose = hashlib.sha256(email.lower().encode()).hexdigest()[:32]
    bucket = int(timezone.now().timestamp() // ASKED_EVERY)
    with translation.override(language):
        context = {"event": wording.title(forum)}
    if known is None:
        context["days"] = str(BEGIN_LIFETIME.days)
    message = outbox.post(
        EXISTS if known else BEGIN,
        to=email,
        language=language,
        context=context,
        about=known or forum,
        once=f"forum:{forum.pk}:asked:{whose}:{bucket}",
    )
    return message is not None


def may_come_again(registration: Registration) -> bool:
    """Whether who cancelled comes again today: both send a mail, each time."""
    whose = str(registration.pk)
    return may_be_done("forums.register:again", whose, limit=ASKED_A_DAY, seconds=DAY)


# --- what became of a registration ----------------------------------------------------------------


def registered(registration: Registration) -> bool:
    """Confirmed, or waiting; an offer that came at once was told by itself."""
    state = registration.state
    if state == State.CONFIRMED:
        return _post(registration, confirmed_of(registration))
    if state == State.WAITING:
        return _post(registration, waiting_of(registration))
    return False


def place_offered(
    registration: Registration, session: ForumSession | None, *, until: datetime
) -> bool:
    return _post(registration, offer_of(registration, session, until=until))


def offer_over(registration: Registration, session: ForumSession | None) -> bool:
    """The time to answer has just run out."""
    return _post(registration, _until(OVER, registration, session, timezone.now()))


def cancelled(registration: Registration) -> bool:
    return _post(registration, cancelled_of(registration))


def near(registration: Registration, *, days: int) -> bool:
    """Once for each day that the event begins on, and each distance to it."""
    begins = registration.forum.program.starts_on
    once = f"event_reminder:{registration.pk}:{begins}:{days}"
    return _post(registration, near_of(registration), once=once)


# --- what they say, also before they are sent -----------------------------------------------------


def confirmed_of(registration: Registration) -> News:
    return _welcome(CONFIRMED, registration)


def near_of(registration: Registration) -> News:
    return _welcome(REMINDER, registration)


def waiting_of(registration: Registration) -> News:
    with translation.override(registration.language):
        title = wording.title(registration.forum)
    return News(WAITING, {"event": title, "n": str(registration.place_in_line)})


def offer_of(registration: Registration, session: ForumSession | None, *, until: datetime) -> News:
    return _until(OFFERED, registration, session, until)


def cancelled_of(registration: Registration) -> News:
    with translation.override(registration.language):
        return News(CANCELLED, {"event": wording.title(registration.forum)})


def changed_of(forum: Forum, language: str, change: str) -> News:
    with translation.override(language):
        return News(CHANGED, {"event": wording.title(forum), "change": change})


def called_off_of(forum: Forum, language: str, reason: str) -> News:
    with translation.override(language):
        return News(CALLED_OFF, {"event": wording.title(forum), "reason": reason})


def told(registration: Registration, news: News, *, once: str) -> bool:
    """What staff tell everybody; the caller made `news` in the language of this one."""
    return _post(registration, news, once=once)


def _welcome(kind: str, registration: Registration) -> News:
    forum = registration.forum
    with translation.override(registration.language):
        context = {
            "event": wording.title(forum),
            "when": wording.when(forum),
            "place": wording.place(forum),
            "code": registration.number,
        }
    return News(kind, context)


def _until(
    kind: str, registration: Registration, session: ForumSession | None, until: datetime
) -> News:
    with translation.override(registration.language):
        context = {
            "event": wording.title(registration.forum, session),
            "date": korea_day(until),
            "time": korea_hour(until),
        }
    return News(kind, context)


def _post(registration: Registration, news: News, *, once: str = "") -> bool:
    message = outbox.post(
        news.kind,
        to=registration.email,
        name=registration.name,
        language=registration.language,
        context=news.context,
        user=registration.user,
        about=registration,
        once=once,
    )
    return message is not None
