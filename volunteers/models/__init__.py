"""Calls for volunteers, the people who apply, and their applications; one file per subject."""

from .answers import Answer, ApplicationFile, Choice, StaffQuestion
from .applications import Application, ApplicationQuerySet
from .calls import Call, CallQuerySet
from .interviews import InterviewSlot, InterviewSlotQuerySet
from .openings import Opening, OpeningQuerySet
from .parts import CallAnswer, Condition, Question, RequiredDocument, Stage
from .people import Volunteer
from .readiness import (
    ChecklistItem,
    EmergencyContact,
    HealthNote,
    InsuranceCertificate,
    Readiness,
    TravelDocument,
)
from .service import Attendance, ServiceRecord, SurveyAnswer, TrainingDay
from .states import State
from .stories import DeploymentReport, Story, StoryQuerySet

__all__ = [
    "Answer",
    "Application",
    "ApplicationFile",
    "ApplicationQuerySet",
    "Attendance",
    "Call",
    "CallAnswer",
    "CallQuerySet",
    "ChecklistItem",
    "Choice",
    "Condition",
    "DeploymentReport",
    "EmergencyContact",
    "HealthNote",
    "InsuranceCertificate",
    "InterviewSlot",
    "InterviewSlotQuerySet",
    "Opening",
    "OpeningQuerySet",
    "Question",
    "Readiness",
    "RequiredDocument",
    "ServiceRecord",
    "StaffQuestion",
    "Stage",
    "State",
    "Story",
    "StoryQuerySet",
    "SurveyAnswer",
    "TrainingDay",
    "TravelDocument",
    "Volunteer",
]
