"""Countries, cities, organisations, what they agreed, and their network; one file a subject."""

from .agreements import Agreement
from .iati import (
    IatiFile,
    IatiFileEntry,
    PartnerActivity,
    PartnerActivityQuerySet,
    PartnerActivitySector,
)
from .meetings import ActionItem, MeetingAnswer, MeetingDocument, NetworkMeeting
from .network import Invitation, Membership, MembershipQuerySet, NetworkMember
from .organisations import Organisation, OrganisationQuerySet
from .places import City, CityQuerySet, Country
from .suggestions import Suggestion

__all__ = [
    "ActionItem",
    "Agreement",
    "City",
    "CityQuerySet",
    "Country",
    "IatiFile",
    "IatiFileEntry",
    "Invitation",
    "MeetingAnswer",
    "MeetingDocument",
    "Membership",
    "MembershipQuerySet",
    "NetworkMeeting",
    "NetworkMember",
    "Organisation",
    "OrganisationQuerySet",
    "PartnerActivity",
    "PartnerActivityQuerySet",
    "PartnerActivitySector",
    "Suggestion",
]
