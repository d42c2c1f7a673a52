"""One function for each mail to applicants; the only callers of the outbox in this app."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.mail import kinds, outbox
from oda_portal.mail.models import Message
from oda_portal.publishing.texts import day, text_in
from oda_portal.publishing.times import korea_day, korea_hour, korea_moment

from . import wording
from .models import Application, Call, StaffQuestion
from .models.states import State

GROUP = gettext_lazy("Applications of volunteers")
CALL, CODE = gettext_lazy("the call’s title"), gettext_lazy("the receipt number")
DATE, TIME = gettext_lazy("the day"), gettext_lazy("the hour in Korea")
SAMPLE: dict[str, kinds.Words] = {
    "call": gettext_lazy("Busan Global Friends: call for volunteers"),
    "code": "K7QMF-4XWP2",
    "date": "2026. 12. 4.",
    "time": "18:00",
}
DEADLINE: dict[str, kinds.Words] = {"call": CALL, "date": DATE, "time": TIME}

STATE_SAMPLE: dict[str, kinds.Words] = {
    **SAMPLE,
    "sentence": gettext_lazy("We are reviewing your application."),
}

# The states whose beginning is told by mail, and by which.
NEWS = {
    State.INTERVIEW: "application_news",
    State.SELECTED: "application_place",
    State.RESERVE: "application_place",
    State.NOT_SELECTED: "application_result",
    State.DECLINED: "application_news",
    State.COMPLETED: "deployment_thanks",
}
# Longer than any offer, and for as long as somebody may want to leave a reserve list.
PLACE_LIFETIME = timedelta(days=180)
BEGIN_LIFETIME = timedelta(days=3)
BEGIN_A_DAY = 5
DESTROYED_AFTER = timedelta(days=30)


def register() -> None:
    """Make the mails of this app known to the outbox."""
    _register("application_draft", gettext_lazy("Draft saved"), DEADLINE)
    _register("application_reminder", gettext_lazy("Deadline near"), DEADLINE)
    _register(
        "application_received",
        gettext_lazy("Application received"),
        {"call": CALL, "code": CODE, "result": gettext_lazy("when the result will be known")},
    )
    for_a_day: dict[str, kinds.Words] = {"call": CALL, "date": DATE}
    _register("question_asked", gettext_lazy("Question to the applicant"), for_a_day)
    _register("application_withdrawn", gettext_lazy("Application withdrawn"), for_a_day)
    what: dict[str, kinds.Words] = {"call": CALL, "what": gettext_lazy("what changed")}
    _register("call_changed", gettext_lazy("Call changed"), what)
    _register_states()
    _register_drafts()


def _register_states() -> None:
    state: dict[str, kinds.Words] = {
        "call": CALL,
        "sentence": gettext_lazy("the progress of the application"),
    }
    _register("application_result", gettext_lazy("Result"), state)
    _register("application_news", gettext_lazy("Progress of an application"), state)
    _register("deployment_thanks", gettext_lazy("Thank you after the deployment"), state)
    _register_places(state)


def _register_drafts() -> None:
    """Whoever follows these links goes on without an account."""
    from . import links  # noqa: PLC0415  (its pages import what imports this module)

    hours = {"call": CALL, "hours": gettext_lazy("for how many hours the link works")}
    for name, label, placeholders, is_urgent in (
        (
            "application_reminder_link",
            gettext_lazy("Deadline near, for drafts without an account"),
            DEADLINE,
            False,
        ),
        ("application_begin", gettext_lazy("Link to begin an application"), hours, True),
    ):
        kinds.register(
            kinds.Kind(
                name=name,
                label=label,
                group=GROUP,
                placeholders=placeholders,
                sample={key: {**SAMPLE, "hours": "72"}[key] for key in placeholders},
                button=gettext_lazy("Go to the application"),
                personal=True,
                lifetime=BEGIN_LIFETIME,
                opens=links.open_draft,
                urgent=is_urgent,
            )
        )


def _register_places(state: Mapping[str, kinds.Words]) -> None:
    """Whoever follows these links may answer without signing in."""
    from . import links  # noqa: PLC0415

    for name, label, placeholders in (
        ("application_place", gettext_lazy("Result with a place, or on the reserve list"), state),
        ("reserve_offered", gettext_lazy("A place has opened up"), DEADLINE),
        ("confirm_reminder", gettext_lazy("Reminder to answer"), DEADLINE),
    ):
        kinds.register(
            kinds.Kind(
                name=name,
                label=label,
                group=GROUP,
                placeholders=placeholders,
                sample={key: STATE_SAMPLE[key] for key in placeholders},
                button=gettext_lazy("Go to your answer"),
                personal=True,
                lifetime=PLACE_LIFETIME,
                opens=links.open_place,
            )
        )


def _register(name: str, label: kinds.Words, placeholders: Mapping[str, kinds.Words]) -> None:
    sample: dict[str, kinds.Words] = {
        "result": gettext_lazy("We will tell you the result on 23 December 2026."),
        "what": gettext_lazy("The call now closes a week later."),
        **STATE_SAMPLE,
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


def begin(call: Call, *, email: str, language: str) -> Message | None:
    with translation.override(language):
        context = {"call": _title(call), "hours": int(BEGIN_LIFETIME.total_seconds() // 3600)}
    # Nobody's mailbox is filled by others: so many a day, from wherever they are asked for.
    since = timezone.now() - timedelta(days=1)
    asked_for = Message.objects.filter(kind="application_begin", to=email, queued_at__gt=since)
    if asked_for.count() >= BEGIN_A_DAY:
        return None
    # Whoever asks again within ten minutes has one on its way.
    bucket = int(timezone.now().timestamp() // 600)
    asked = hashlib.sha256(f"{call.pk}:{email.lower()}:{bucket}".encode()).hexdigest()
    return outbox.post(
        "application_begin",
        to=email,
        language=language,
        context=context,
        about=call,
        once=f"begin:{asked[:32]}",
    )


def draft_saved(application: Application) -> bool:
    """Once for each draft: with the address at which it can be gone on with.

    Who has no account yet has a link by mail already.
    """
    if application.volunteer.user is None:
        return False
    with translation.override(application.language):
        context = _deadline(application.call)
    return _post("application_draft", application, context, once=f"draft:{application.pk}")


def deadline_near(application: Application, *, hours: int) -> bool:
    with translation.override(application.language):
        context = _deadline(application.call)
    # A call that is extended reminds again.
    ends = int(application.call.closes_at.timestamp())
    has_account = application.volunteer.user is not None
    return _post(
        "application_reminder" if has_account else "application_reminder_link",
        application,
        context,
        once=f"near:{application.pk}:{hours}:{ends}",
    )


def received(application: Application) -> bool:
    with translation.override(application.language):
        context = {
            "call": _title(application.call),
            "code": application.receipt,
            "result": _what_follows(application),
        }
    # Withdrawn and sent again, it is received again.
    once = f"received:{application.pk}:{application.sent_at}"
    return _post("application_received", application, context, once=once)


def question_asked(question: StaffQuestion) -> bool:
    news = question_of(question.application, question.answer_by)
    return _post(news.kind, question.application, news.context, once=f"question:{question.pk}")


def state_announced(application: Application) -> bool:
    """Tell what the page says; False for states that are seen on the page alone."""
    news = news_of(application)
    if news is None:
        return False
    return _post(news.kind, application, news.context, once=_of_this_state("state", application))


class News(NamedTuple):
    kind: str
    context: dict[str, str]


def question_of(application: Application, answer_by: date) -> News:
    """The mail that says that there is a question; the question is on their page alone."""
    with translation.override(application.language):
        context = {"call": _title(application.call), "date": day(answer_by)}
    return News("question_asked", context)


def news_of(application: Application) -> News | None:
    """The mail that tells the state, whenever it goes out; None when none does."""
    kind = NEWS.get(State(application.state))
    if kind is None:
        return None
    if application.state == State.INTERVIEW and application.call.has_interviews():
        return _interview_invite(application)
    with translation.override(application.language):
        sentence, place = wording.sentence(application), wording.place(application)
        told = f"{sentence}\n\n{place}" if place else sentence
        return News(kind, {"call": _title(application.call), "sentence": told})


def _interview_invite(application: Application) -> News:
    call = application.call
    with translation.override(application.language):
        moment = korea_moment(call.interview_choose_by)  # type: ignore[arg-type]
        return News("interview_invite", {"call": _title(call), "date": moment})


def place_offered(application: Application) -> bool:
    """To whoever was next on the reserve list."""
    news = offer_of(application)
    return _post(news.kind, application, news.context, once=_of_this_state("offered", application))


def offer_of(application: Application) -> News:
    return News("reserve_offered", _to_answer(application))


def answer_wanted(application: Application) -> bool:
    context = _to_answer(application)
    return _post(
        "confirm_reminder", application, context, once=_of_this_state("answer", application)
    )


def _to_answer(application: Application) -> dict[str, str]:
    with translation.override(application.language):
        until = application.answer_by
        hour = korea_hour(until) if until else ""
        day_ = korea_day(until) if until else ""
        return {"call": _title(application.call), "date": day_, "time": hour}


def _of_this_state(what: str, application: Application) -> str:
    """A name that is the same however often this very state is told."""
    return f"{what}:{application.pk}:{application.state}:{application.state_at.isoformat()}"


def withdrawn(application: Application) -> bool:
    with translation.override(application.language):
        context = {
            "call": _title(application.call),
            "date": day(timezone.localdate() + DESTROYED_AFTER),
        }
    since = application.state_at.isoformat()
    return _post(
        "application_withdrawn", application, context, once=f"withdrawn:{application.pk}:{since}"
    )


def call_changed(application: Application, *, what: str, stamp: str) -> bool:
    news = change_of(application.call, application.language, what)
    return _post(news.kind, application, news.context, once=f"changed:{application.pk}:{stamp}")


def change_of(call: Call, language: str, what: str) -> News:
    with translation.override(language):
        return News("call_changed", {"call": _title(call), "what": what})


def _post(kind: str, application: Application, context: dict, *, once: str) -> bool:
    volunteer = application.volunteer
    message = outbox.post(
        kind,
        to=volunteer.user.email if volunteer.user else volunteer.email,
        name=volunteer.name,
        language=application.language,
        context=context,
        user=volunteer.user,
        once=once,
        about=application,
        path=application.get_absolute_url()
        if volunteer.user
        else application.call.get_absolute_url(),
    )
    return message is not None


def _title(call: Call) -> str:
    return text_in(call, "title").text


def _deadline(call: Call) -> dict[str, str]:
    hour = timezone.localtime(call.closes_at).strftime("%H:%M")
    return {"call": _title(call), "date": korea_day(call.closes_at), "time": hour}


def _what_follows(application: Application) -> str:
    """For the receipt: the place or number that is theirs already, or when to expect a result."""
    call = application.call
    if application.state in (State.CONFIRMED, State.RESERVE):
        return wording.sentence(application)
    changes = _("You can change your application until the call closes.")
    if call.result_on is None:
        return " ".join([_("We will write to you as soon as there is a result."), changes])
    told = _("We will tell you the result on %(date)s.") % {"date": day(call.result_on)}
    return f"{told} {changes}"
