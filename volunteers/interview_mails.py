"""The mails about interviews, apart from the invitation itself, which is news of an application."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.languages import path_in
from oda_portal.mail import kinds, outbox
from oda_portal.publishing.texts import text_in
from oda_portal.publishing.times import korea_day, korea_hour, korea_moment

from .mails import CALL, DATE, GROUP, SAMPLE, TIME, News
from .models import Application, InterviewSlot
from .models.interviews import seat_in_slot

WHEN: dict[str, kinds.Words] = {
    "call": CALL,
    "date": DATE,
    "time": TIME,
    "place": gettext_lazy("the place of the interview"),
}
CHANGE: dict[str, kinds.Words] = {"change": gettext_lazy("until when another time can be chosen")}
CALENDAR: dict[str, kinds.Words] = {"calendar": gettext_lazy("the address of the calendar file")}


def register() -> None:
    """Make the mails of this module known to the outbox."""
    _register(
        "interview_invite", gettext_lazy("Invitation to an interview"), {"call": CALL, "date": DATE}
    )
    confirmed = {**WHEN, **CHANGE, **CALENDAR}
    _register("interview_chosen", gettext_lazy("Interview time confirmed"), confirmed)
    _register("interview_moved", gettext_lazy("Interview moved"), confirmed)
    _register("interview_taken_back", gettext_lazy("Interview time withdrawn"), {**WHEN, **CHANGE})
    _register("interview_reminder", gettext_lazy("Interview tomorrow"), {**WHEN, **CALENDAR})


def _register(name: str, label: kinds.Words, placeholders: Mapping[str, kinds.Words]) -> None:
    sample: dict[str, kinds.Words] = {
        **SAMPLE,
        "place": gettext_lazy("Meeting room 2, third floor"),
        "change": gettext_lazy("You can choose another time until 18:00 on 1 December 2026."),
        "calendar": f"{settings.SITE_URL}/volunteers/mine/…/interview.ics",
    }
    kinds.register(
        kinds.Kind(
            name=name,
            label=label,
            group=GROUP,
            placeholders=placeholders,
            sample={key: sample[key] for key in placeholders},
        )
    )


def chosen(application: Application, slot: InterviewSlot) -> bool:
    news = chosen_of(application, slot)
    return _post(news, application, once=f"interview_chosen:{_stamp(application, slot)}")


def moved(application: Application, slot: InterviewSlot) -> bool:
    news = moved_of(application, slot)
    return _post(news, application, once=f"interview_moved:{_stamp(application, slot)}")


def taken_back(application: Application, slot: InterviewSlot) -> bool:
    """Not by name: who sits there once more, and loses it once more, is told once more."""
    return _post(taken_back_of(application, slot), application)


def near(application: Application, slot: InterviewSlot) -> bool:
    """Once for each time: who is moved to another day is reminded of that one."""
    with translation.override(application.language):
        news = News("interview_reminder", {**_when(slot), "calendar": _calendar(application)})
    once = f"interview_near:{application.pk}:{slot.pk}:{int(slot.starts_at.timestamp())}"
    return _post(news, application, once=once)


# --- what they say, also before they are sent ------------------------------------------------


def chosen_of(application: Application, slot: InterviewSlot) -> News:
    return _confirmed("interview_chosen", application, slot)


def moved_of(application: Application, slot: InterviewSlot) -> News:
    return _confirmed("interview_moved", application, slot)


def taken_back_of(application: Application, slot: InterviewSlot) -> News:
    with translation.override(application.language):
        if slot.call.may_choose_interview():
            moment = korea_moment(slot.call.interview_choose_by)  # type: ignore[arg-type]
            change = _("Please choose another time by %(moment)s.") % {"moment": moment}
        else:
            change = _("We will write to you about another time.")
        return News("interview_taken_back", {**_when(slot), "change": change})


def _confirmed(kind: str, application: Application, slot: InterviewSlot) -> News:
    with translation.override(application.language):
        words = {"change": _until_when(slot), "calendar": _calendar(application)}
        return News(kind, {**_when(slot), **words})


def _when(slot: InterviewSlot) -> dict[str, str]:
    return {
        "call": text_in(slot.call, "title").text,
        "date": korea_day(slot.starts_at),
        "time": korea_hour(slot.starts_at),
        "place": text_in(slot, "place").text,
    }


def _until_when(slot: InterviewSlot) -> str:
    if slot.call.may_choose_interview():
        moment = korea_moment(slot.call.interview_choose_by)  # type: ignore[arg-type]
        return _("You can choose another time until %(moment)s.") % {"moment": moment}
    return _("The time is fixed. If you cannot come, please contact us.")


def _calendar(application: Application) -> str:
    path = reverse("volunteers:interview_calendar", args=[application.uuid])
    return settings.SITE_URL + path_in(path, application.language)


# --- sending ---------------------------------------------------------------------------------


def _stamp(application: Application, slot: InterviewSlot) -> str:
    """Another one for each taking of the place and each change of the slot."""
    seat = seat_in_slot(application)
    since = seat.changed_at.timestamp() if seat else 0
    return f"{application.pk}:{slot.pk}:{since}:{slot.changed_at.timestamp()}"


def _post(news: News, application: Application, *, once: str = "") -> bool:
    volunteer = application.volunteer
    message = outbox.post(
        news.kind,
        to=volunteer.user.email if volunteer.user else volunteer.email,
        name=volunteer.name,
        language=application.language,
        context=news.context,
        user=volunteer.user,
        once=once,
        about=application,
        path=interview_path(application),
    )
    return message is not None


def interview_path(application: Application) -> str:
    return reverse("volunteers:interview", args=[application.uuid])
