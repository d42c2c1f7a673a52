"""What must be right at the moment of sending, and how a draft becomes rows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone, translation

from oda_portal.privacy import consents
from oda_portal.seats import actions as seats
from oda_portal.seats import waiting

from .forms import STEPS, ConsentsForm, OpeningsForm, StepForm
from .forms.steps import SHOWN_IN
from .models import Answer, Application, Choice
from .readiness import acts as getting_ready

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

Steps = dict[str, StepForm]


class SendingError(Exception):
    """The application was not sent, and is as it was."""


class TooLateError(SendingError):
    """The call is not open at this moment."""


class IncompleteError(SendingError):
    """Some steps are not right."""


class PlacesFilledError(SendingError):
    """Every opening that was chosen gives its places to the first, and they are gone."""


def check_window(application: Application, now: datetime | None = None) -> None:
    """The clock of the server decides, at this very moment."""
    application.call.refresh_from_db(fields=["opens_at", "closes_at"])
    if not application.call.is_open(now or timezone.now()):
        raise TooLateError


def steps_of(application: Application) -> Steps:
    """All steps with what was written in them, as forms that check it."""
    written = application.written
    return {
        slug: form(written.get(slug, {}), {}, application=application)
        for slug, form in STEPS.items()
    }


def wrong_in(steps: Steps) -> Steps:
    """The steps that would be refused now, in order."""
    return {slug: form for slug, form in steps.items() if not form.is_valid()}


def check(steps: Steps, *, wait: bool) -> None:
    """Raises IncompleteError, or PlacesFilledError when it is plain that no place is left.

    The second is for the many who come too late: it spares them, and everybody, the writing.
    Whoever would `wait` is not refused.
    """
    if wrong := wrong_in(steps):
        raise IncompleteError(", ".join(wrong))
    openings = [] if wait else _chosen(steps)
    if openings and all(row.is_first_come and row.pool.left < 1 for row in openings):
        raise PlacesFilledError


def gives_at_once(steps: Steps) -> bool:
    """Whether sending may give a place for good, by the first choice."""
    openings = _chosen(steps) if steps[OpeningsForm.slug].is_valid() else []
    return bool(openings) and openings[0].is_first_come


def write(application: Application, steps: Steps, *, by: User) -> None:
    """Turn valid steps into columns and rows, in place of those of an earlier sending."""
    _write_person(application, steps)
    _write_texts(application, steps)
    _write_choices(application, steps)
    _write_answers(application, steps)
    _write_consents(application, steps, by=by)


def take_place(application: Application, steps: Steps, *, by: User, wait: bool) -> None:
    """In order of preference, a place of the first opening that gives them to the first.

    When no choice is left that could still be decided by selection: a place on the waiting list
    of the first choice for whoever would `wait`, or else PlacesFilledError.
    """
    openings = _chosen(steps)
    for opening in openings:
        if not opening.is_first_come:
            return  # wanted more than what follows: that is for the selection
        if seats.take(opening.pool, application):
            application.take_place(by=by, opening=opening)
            getting_ready.begin(application)
            return
    if openings and not wait:
        raise PlacesFilledError
    if openings:
        waiting.wait(openings[0].pool, application)
        application.wait(by=by, opening=openings[0])


def _chosen(steps: Steps) -> list:
    form = steps[OpeningsForm.slug]
    assert isinstance(form, OpeningsForm)  # noqa: S101  (STEPS says so; this tells the type)
    return form.chosen()


def _write_person(application: Application, steps: Steps) -> None:
    about = steps["about"].cleaned_data
    volunteer = application.volunteer
    for name in ("name", "name_roman", "born_on", "mobile", "residence", "affiliation"):
        setattr(volunteer, name, about[name])
    volunteer.name_hangul = about["name"] if _is_hangul(about["name"]) else ""
    volunteer.save()
    application.language = about["language"]


def _is_hangul(name: str) -> bool:
    return all("가" <= sign <= "힣" or sign == " " for sign in name)


def _write_texts(application: Application, steps: Steps) -> None:
    consented = steps[ConsentsForm.slug].cleaned_data
    application.languages = steps["skills"].cleaned_data["languages"]
    application.skills = steps["skills"].cleaned_data["skills"]
    application.experience = steps["experience"].cleaned_data["experience"]
    application.motivation = steps["motivation"].cleaned_data["motivation"]
    application.guardian_name = consented.get("guardian_name", "")
    application.guardian_mobile = consented.get("guardian_mobile", "")
    application.save(
        update_fields=[
            "language",
            "languages",
            "skills",
            "experience",
            "motivation",
            "guardian_name",
            "guardian_mobile",
        ]
    )


def _write_choices(application: Application, steps: Steps) -> None:
    application.choices.all().delete()
    Choice.objects.bulk_create(
        Choice(application=application, opening=opening, rank=rank)
        for rank, opening in enumerate(_chosen(steps), start=1)
    )


def _write_answers(application: Application, steps: Steps) -> None:
    form = steps["motivation"]
    application.answers.all().delete()
    Answer.objects.bulk_create(
        Answer(application=application, question=question, text=form.cleaned_data[name])
        for name, question in form.questions.items()  # type: ignore[attr-defined]
        if form.cleaned_data[name]
    )


def _write_consents(application: Application, steps: Steps, *, by: User) -> None:
    """Each yes and no, as a row that stays, to the text as it was shown."""
    shown_in = application.written[ConsentsForm.slug][SHOWN_IN]
    with translation.override(shown_in):
        consents.give_all(application, steps[ConsentsForm.slug], by=by)
