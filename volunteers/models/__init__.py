"""Calls for volunteers, the people who apply, and their applications; one file per subject."""

from .answers import Answer, ApplicationFile, Choice, StaffQuestion
from .applications import Application, ApplicationQuerySet
from .calls import Call, CallQuerySet
from .openings import Opening, OpeningQuerySet
from .parts import CallAnswer, Condition, Question, RequiredDocument, Stage
from .people import Volunteer
from .states import State

__all__ = [
    "Answer",
    "Application",
    "ApplicationFile",
    "ApplicationQuerySet",
    "Call",
    "CallAnswer",
    "CallQuerySet",
    "Choice",
    "Condition",
    "Opening",
    "OpeningQuerySet",
    "Question",
    "RequiredDocument",
    "StaffQuestion",
    "Stage",
    "State",
    "Volunteer",
]
