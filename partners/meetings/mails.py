"""The mails about meetings, action items and agreements; the only callers of the outbox here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from oda_portal.accounts.models import User
from oda_portal.mail.kinds import Kind, register
from oda_portal.mail.models import Message
from oda_portal.mail.outbox import post
from oda_portal.mail.previews import Shown, preview_of
from oda_portal.mail.rendering import Stationery
from oda_portal.publishing.texts import day, text_in
from oda_portal.publishing.times import korea_day, korea_hour

from ..models import ActionItem, Agreement, Membership, NetworkMeeting
from ..network.mails import receiver_has_left

if TYPE_CHECKING:
    from datetime import date

GROUP = _("Working-level network")
CALLED, CHANGED, CANCELLED = "network_meeting", "network_meeting_changed", "network_meeting_off"
ITEMS, AGREEMENT_ENDS = "action_items", "agreement_ends"
EVENT: Mapping[str, Any] = {
    "event": _("the meeting’s title"),
    "date": _("the day"),
    "time": _("the time"),
    "place": _("the place"),
}
SAMPLE: Mapping[str, Any] = {
    "event": _("Network meeting in May"),
    "date": _("12 May 2027"),
    "time": "14:00",
    "place": _("Busan City Hall"),
}


def register_all() -> None:
    labels = {
        CALLED: _("Invitation to a network meeting"),
        CHANGED: _("Network meeting changed"),
        CANCELLED: _("Network meeting cancelled"),
    }
    for name, label in labels.items():
        register(
            Kind(
                name=name, label=label, group=GROUP, placeholders=EVENT, sample=SAMPLE,
                button=_("Open the meeting"), is_void=receiver_has_left,
            )
        )  # fmt: skip
    register(
        Kind(
            name=ITEMS,
            label=_("Weekly reminder of action items"),
            group=GROUP,
            placeholders={"items": _("what is to be done, one per line, with its day")},
            sample={"items": _("Send the list of lecturers – 12 May 2027")},
            required=("items",),
            button=_("Open my action items"),
            is_void=receiver_has_left,
        )
    )
    register(
        Kind(
            name=AGREEMENT_ENDS,
            label=_("Agreement ends soon (to staff)"),
            group=GROUP,
            placeholders={
                "agreement": _("the agreement’s title"),
                "date": _("the agreement’s last day"),
            },
            sample={"agreement": _("Friendship city agreement"), "date": _("12 May 2027")},
            button=_("Open the agreement"),
        )
    )


# --- meetings -------------------------------------------------------------------------------------


def members() -> list[User]:
    """Everybody of the network who can sign in now, each once."""
    active = Membership.objects.active().values("user")
    return list(User.objects.filter(pk__in=active).order_by("pk"))


def called(meeting: NetworkMeeting) -> int:
    return _tell(CALLED, meeting, once=f"{CALLED}:{meeting.pk}")


def changed(meeting: NetworkMeeting) -> int:
    version = int(meeting.changed_at.timestamp())
    return _tell(CHANGED, meeting, once=f"{CHANGED}:{meeting.pk}:{version}")


def cancelled(meeting: NetworkMeeting) -> int:
    return _tell(CANCELLED, meeting, once=f"{CANCELLED}:{meeting.pk}")


def _tell(kind: str, meeting: NetworkMeeting, *, once: str) -> int:
    letters = [
        post(
            kind,
            to=user.email,
            language=user.preferred_language,
            name=user.name,
            context=_facts(meeting, user.preferred_language),
            user=user,
            about=meeting,
            once=f"{once}:{user.pk}",
            path=reverse("meetings:member_meeting", args=[meeting.slug]),
        )
        for user in members()
    ]
    return sum(letter is not None for letter in letters)


def letters(kind: str, meeting: NetworkMeeting, users: Iterable[User]) -> list[Shown]:
    """The mail once in each of these people's languages; nothing is sent."""
    stationery = Stationery()
    languages = sorted({user.preferred_language for user in users})
    return [
        preview_of(
            Message(kind=kind, language=language, context=_facts(meeting, language)), stationery
        )
        for language in languages
    ]


def _facts(meeting: NetworkMeeting, language: str) -> dict[str, str]:
    with translation.override(language):
        return {
            "event": text_in(meeting, "title").text,
            "date": korea_day(meeting.starts_at),
            "time": korea_hour(meeting.starts_at),
            "place": text_in(meeting, "place").text or "–",
        }


# --- action items ---------------------------------------------------------------------------------


def items_open(user: User, items: Sequence[ActionItem], monday: date) -> bool:
    """One mail a person and week, with all that they said they would do."""
    language = user.preferred_language
    with translation.override(language):
        lines = [f"{item.what} – {day(item.due_on)}" for item in items]
    letter = post(
        ITEMS,
        to=user.email,
        language=language,
        name=user.name,
        context={"items": "\n".join(lines)},
        user=user,
        once=f"{ITEMS}:{user.pk}:{monday.isoformat()}",
        path=f"{reverse('network:member_home')}#action-items",
    )
    return letter is not None


# --- agreements -----------------------------------------------------------------------------------


def agreement_ends(agreement: Agreement, staff: Iterable[User], *, days: int) -> int:
    """To each of these, once for this end and so many days before it; how many were written."""
    return sum(_agreement_ends(agreement, user, days) for user in staff)


def _agreement_ends(agreement: Agreement, user: User, days: int) -> bool:
    last_day = agreement.valid_until
    assert last_day is not None  # noqa: S101  (one without an end is not due)
    with translation.override(user.preferred_language):
        context = {"agreement": text_in(agreement, "title").text, "date": day(last_day)}
    letter = post(
        AGREEMENT_ENDS,
        to=user.email,
        language=user.preferred_language,
        name=user.name,
        context=context,
        user=user,
        about=agreement,
        once=f"{AGREEMENT_ENDS}:{agreement.pk}:{last_day}:{days}:{user.pk}",
        path=reverse("admin:partners_agreement_change", args=[agreement.pk]),
    )
    return letter is not None
