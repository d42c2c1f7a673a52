"""What is known of somebody after a deployment, and how the survey forgets whose it is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.destruction import BY_PERSON, destroy_all
from oda_portal.privacy.registry import PersonalData, except_from_rules, register

from ..models import Application, ServiceRecord, Story, SurveyAnswer
from . import stories, surveys

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

SURVEY = "volunteers.survey"
YEAR = 365


def register_all() -> None:
    register(
        PersonalData(
            key=SURVEY,
            label=_("Your answers to the survey"),
            model=SurveyAnswer,
            born="sent_at",
            purpose=_(
                "Improving future deployments (afterwards only scores without names are kept)"
            ),
            days=YEAR,
            due=_due,
            destroy=_forget,
            of=_of,
            person="application__volunteer",
            export=_answers,
            close=_close,
            # Before the applications that they hang on.
            position=20,
        )
    )
    for model in ("attendance", "servicerecord", "story"):
        except_from_rules(f"volunteers.{model}", "goes with the application")
    stories.when_consent_is_taken_back()


def _due(before: datetime) -> models.QuerySet[SurveyAnswer]:
    return SurveyAnswer.objects.filter(application__isnull=False, sent_at__lt=before)


def _forget(row: SurveyAnswer, *, rule: str = "") -> None:
    surveys.anonymise(row)


def _of(user: User) -> models.QuerySet[SurveyAnswer]:
    return SurveyAnswer.objects.filter(application__volunteer__user=user)


def _close(user: User) -> None:
    destroy_all(SURVEY, _of(user), rule=BY_PERSON)


def _answers(user: User) -> list[dict[str, Any]]:
    columns = ("application__call__slug", *SurveyAnswer.QUESTIONS, "text", "language", "sent_at")
    return list(_of(user).order_by("pk").values(*columns))


# --- with the application ------------------------------------------------------------------------


def survey_of(application: Application) -> models.QuerySet[SurveyAnswer]:
    return SurveyAnswer.objects.filter(application=application)


def forget_survey(application: Application, *, rule: str) -> None:
    """Before an application is destroyed, whenever that is."""
    destroy_all(SURVEY, survey_of(application), rule=rule)


def given_with(application: Application) -> dict[str, Any]:
    """Attendance, approved hours and story, for whoever asks for their data."""
    record: ServiceRecord | None = getattr(application, "service", None)
    approved = record if record and record.is_approved else None
    return {
        "attendance": [
            {"on": row.on, "hours": row.hours, "note": row.note}
            for row in application.attendance.all()
        ],
        "service": approved
        and {"days": approved.days, "hours": approved.hours, "approved_at": approved.approved_at},
        "story": _story(stories.story_of(application)),
    }


def _story(story: Story | None) -> dict[str, Any] | None:
    if story is None:
        return None
    columns = ("language", "shown_as", "agreed", "written_at")
    return {**stories.words_of(story), **{name: getattr(story, name) for name in columns}}
