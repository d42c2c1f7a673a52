"""Countries, cities, organisations, what they agreed, and their network; one file a subject."""

from .agreements import Agreement
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
    "Invitation",
    "MeetingAnswer",
    "MeetingDocument",
    "Membership",
    "MembershipQuerySet",
    "NetworkMeeting",
    "NetworkMember",
    "Organisation",
    "OrganisationQuerySet",
    "Suggestion",
]
