"""Funded ODA activities and what belongs to them, one file per subject."""

from .codes import Sector, Theme
from .photos import Document, Photo
from .program import Program, ProgramQuerySet
from .results import Indicator, Measurement, MonitoringVisit
from .runs import ParticipantGroup, Run, Session
from .shares import BudgetLine, CountryShare, Role, SdgTarget, SectorShare
from .story import Milestone, Work

__all__ = [
    "BudgetLine",
    "CountryShare",
    "Document",
    "Indicator",
    "Measurement",
    "Milestone",
    "MonitoringVisit",
    "ParticipantGroup",
    "Photo",
    "Program",
    "ProgramQuerySet",
    "Role",
    "Run",
    "SdgTarget",
    "Sector",
    "SectorShare",
    "Session",
    "Theme",
    "Work",
]
