"""What applicants are told of a state, in public words: no page, mail or JSON names the state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.audit.models import Transition
from oda_portal.publishing.texts import day, period, text_in
from oda_portal.publishing.times import korea_day, korea_hour, korea_moment

from .models import Application, Stage, State
from .models.interviews import slot_of
from .models.states import PLACED


def sentence(application: Application) -> str:
    """Where the person stands, in one or two sentences of the active language."""
    return _SENTENCES[State(application.state)](application)


def place(application: Application) -> str:
    """The opening that they have a place in, or wait for: team, city and days."""
    opening = application.opening
    if opening is None or application.state not in PLACED:
        return ""
    days = period(opening.departs_on, opening.returns_on)
    return f"{text_in(opening.city, 'name').text} · {opening.get_team_display()} · {days}"


def _draft(application: Application) -> str:
    text = _(
        "You have not submitted this application yet. You can do so until %(time)s on %(date)s."
    )
    closes = application.call.closes_at
    if not application.call.is_open():
        return _("This application was not submitted before the call closed.")
    return text % {"time": korea_hour(closes), "date": korea_day(closes)}


def _received(application: Application) -> str:
    text = _("We have your application. Your receipt number is %(code)s.")
    return text % {"code": application.receipt}


def _in_review(application: Application) -> str:
    result_on = application.call.result_on
    if result_on is None or application.call.results_are_out():
        return _("We are reviewing your application.")
    text = _("We are reviewing your application. We will tell you the result on %(date)s.")
    return text % {"date": day(result_on)}


def _interview(application: Application) -> str:
    call = application.call
    if not call.has_interviews():
        return _("You are invited to an interview. We will write to you about the time.")
    if slot := slot_of(application):
        text = _("Your interview is at %(time)s on %(date)s.")
        if not slot.is_to_come:
            text = _(
                "Your interview was at %(time)s on %(date)s. We are reviewing your application."
            )
        return text % {"time": korea_hour(slot.starts_at), "date": korea_day(slot.starts_at)}
    if call.may_choose_interview():
        return _("You are invited to an interview. Choose a time.")
    return _("The time to choose an interview has passed. Please contact us.")


def _selected(application: Application) -> str:
    if application.answer_by is None:
        return _("You have been selected. Tell us whether you will take part.")
    if not application.can_answer():
        return _("The time to confirm has passed, so your place was released.")
    text = _("You have been selected. Tell us by %(date)s whether you will take part.")
    return text % {"date": korea_moment(application.answer_by)}


def _reserve(application: Application) -> str:
    if application.place_in_line is None:  # in the instant between two places
        return _("You are on the reserve list. If a place opens up, we will email people in order.")
    text = _(
        "You are number %(n)s on the reserve list. If a place opens up, we will email people in"
        " order."
    )
    return text % {"n": application.place_in_line}


def _declined(application: Application) -> str:
    if application.let_offer_pass:
        return _("The time to confirm has passed, so your place was released.")
    return _("You told us you will not take part.")


def _withdrawn(application: Application) -> str:
    if application.call.is_open():
        return _("You withdrew this application. You can apply again while the call is open.")
    return _("You withdrew this application.")


def _always(text: object) -> Callable[[Application], str]:
    return lambda application: str(text)


_SENTENCES: dict[State, Callable[[Application], str]] = {
    State.DRAFT: _draft,
    State.SUBMITTED: _received,
    State.SCREENING: _in_review,
    State.INTERVIEW: _interview,
    State.SELECTED: _selected,
    State.RESERVE: _reserve,
    State.NOT_SELECTED: _always(
        gettext_lazy("We are not able to offer you a place this time. Thank you for applying.")
    ),
    State.CONFIRMED: _always(
        gettext_lazy("Your place is confirmed. See what to do before departure.")
    ),
    State.DECLINED: _declined,
    State.WITHDRAWN: _withdrawn,
    State.DEPLOYED: _always(
        gettext_lazy("You are on deployment. Keep the emergency number with you.")
    ),
    State.COMPLETED: _always(gettext_lazy("Your volunteering is complete.")),
}


# --- the badge -------------------------------------------------------------------------------

_BADGES: dict[State, tuple[object, str]] = {
    State.DRAFT: (gettext_lazy("Not submitted yet"), "wait"),
    State.SUBMITTED: (gettext_lazy("Received"), "open"),
    State.SCREENING: (gettext_lazy("Under review"), "open"),
    State.INTERVIEW: (gettext_lazy("Invited to an interview"), "open"),
    State.SELECTED: (gettext_lazy("Waiting for your answer"), "wait"),
    State.RESERVE: (gettext_lazy("On the reserve list"), "wait"),
    State.NOT_SELECTED: (gettext_lazy("No place this time"), "closed"),
    State.CONFIRMED: (gettext_lazy("Place confirmed"), "open"),
    State.DECLINED: (gettext_lazy("Not taking part"), "closed"),
    State.WITHDRAWN: (gettext_lazy("Withdrawn by you"), "closed"),
    State.DEPLOYED: (gettext_lazy("On deployment"), "open"),
    State.COMPLETED: (gettext_lazy("Volunteering complete"), "open"),
}


def badge(application: Application) -> dict[str, str]:
    label, tone = _BADGES[State(application.state)]
    return {"label": str(label), "tone": tone}


# --- the timeline ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One entry of the timeline. `phase` is done, now or later: also the class of its mark."""

    title: str
    when: str
    text: str
    phase: str


# Which stage of the call the applicant has reached; what comes after it is still to come.
_REACHED: dict[State, str] = {
    State.DRAFT: Stage.Kind.APPLYING,
    State.SUBMITTED: Stage.Kind.APPLYING,
    State.SCREENING: Stage.Kind.SCREENING,
    State.INTERVIEW: Stage.Kind.INTERVIEW,
    State.SELECTED: Stage.Kind.RESULT,
    State.RESERVE: Stage.Kind.RESULT,
    State.CONFIRMED: Stage.Kind.RESULT,
    State.DEPLOYED: Stage.Kind.DEPLOYMENT,
}
_OVER = (State.NOT_SELECTED, State.DECLINED, State.WITHDRAWN, State.COMPLETED)


def timeline(application: Application) -> list[Step]:
    """What was, what is now, and, while the application is alive, what is still to come."""
    state = State(application.state)
    past = [_step_of(row, application) for row in _known_moves(application)]
    now = Step(
        badge(application)["label"], _since(application, state), sentence(application), "now"
    )
    return [*past, now, *([] if state in _OVER else _to_come(application, state))]


def _known_moves(application: Application) -> list[Transition]:
    """The moves before the state of now that are worth a line."""
    moves = Transition.objects.filter(
        content_type=ContentType.objects.get_for_model(Application),
        object_id=application.pk,
        field="state",
    ).order_by("pk")
    # The last one led to the state that is shown now.
    return [row for row in list(moves)[:-1] if State(row.to_state) in _TOLD]


# Past states that are worth a line; the rest is the office's own business.
_TOLD: dict[State, object] = {
    State.SUBMITTED: gettext_lazy("You submitted your application"),
    State.SCREENING: gettext_lazy("The review began"),
    State.INTERVIEW: gettext_lazy("You were invited to an interview"),
    State.SELECTED: gettext_lazy("You were selected"),
    State.RESERVE: gettext_lazy("You were put on the reserve list"),
    State.CONFIRMED: gettext_lazy("Your place was confirmed"),
    State.WITHDRAWN: gettext_lazy("You withdrew your application"),
    State.DEPLOYED: gettext_lazy("You went on deployment"),
}


def _step_of(row: Transition, application: Application) -> Step:
    return Step(str(_TOLD[State(row.to_state)]), korea_day(row.at), "", "done")


def _since(application: Application, state: State) -> str:
    moment = application.begun_at if state == State.DRAFT else application.state_at
    return korea_day(moment)


def _to_come(application: Application, state: State) -> list[Step]:
    stages = list(application.call.stages.all())
    kinds = [stage.kind for stage in stages]
    reached = _REACHED.get(state)
    after = kinds.index(reached) + 1 if reached in kinds else len(stages)
    if state in (State.SUBMITTED, State.DRAFT):
        after = kinds.index(Stage.Kind.APPLYING) + 1 if Stage.Kind.APPLYING in kinds else 0
    return [
        Step(text_in(stage, "title").text, stage_days(stage), text_in(stage, "note").text, "later")
        for stage in stages[after:]
    ]


def stage_days(stage: Stage) -> str:
    return period(stage.starts_on, stage.ends_on)
