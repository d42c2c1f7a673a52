"""What the page of a completed application offers: survey, story, certificate."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from oda_portal.certificates.models import Certificate

from ..certificates import valid_certificate
from ..models import Application, State, Story, SurveyAnswer
from . import stories, surveys


class After(NamedTuple):
    """`survey_until` is None once the time is over; `certificate` is the valid one."""

    survey: SurveyAnswer | None
    survey_until: datetime | None
    story: Story | None
    certificate: Certificate | None


def after_of(application: Application) -> After | None:
    """None for whoever has not come back."""
    if application.state != State.COMPLETED:
        return None
    return After(
        survey=surveys.answer_of(application),
        survey_until=surveys.closes_at(application) if surveys.is_open(application) else None,
        story=stories.story_of(application),
        certificate=valid_certificate(application),
    )
