"""Editions of the forum and what belongs to them, one file per subject."""

from .arrivals import Arrival
from .forums import Forum, ForumQuerySet, Series
from .materials import Correction, Material
from .registrations import Need, Registration
from .sessions import Appearance, ForumSession, ForumSessionQuerySet, Room, SessionLanguage, Speaker
from .submissions import Submission

__all__ = [
    "Appearance",
    "Arrival",
    "Correction",
    "Forum",
    "ForumQuerySet",
    "ForumSession",
    "ForumSessionQuerySet",
    "Material",
    "Need",
    "Registration",
    "Room",
    "Series",
    "SessionLanguage",
    "Speaker",
    "Submission",
]
