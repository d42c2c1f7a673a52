"""Funded ODA activities and what belongs to them, one file per subject."""

from .codes import Sector, Theme
from .photos import Document, Photo
from .program import Program, ProgramQuerySet

# Of the members of the network: not public, without history, and so in no list below.
from .proposals import Proposal as Proposal
from .proposals import ProposalComment as ProposalComment
from .proposals import ProposalPartner as ProposalPartner
from .reporting import Confirmation as Confirmation
from .reporting import Identifier as Identifier
from .reporting import Publication as Publication
from .reporting import Publisher as Publisher
from .reporting import PublisherBudget as PublisherBudget
from .reporting import Reporting as Reporting
from .reporting import ReportingLevel as ReportingLevel
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
