"""Verbs of the office about editions as a whole."""

from __future__ import annotations

from django.db import transaction

from oda_portal.languages import CODES
from oda_portal.publishing.models import language_column
from programs.models import Role

from .models import Forum

# Who paid for one edition, or came to it, need not do so again.
STAYING = (Role.Kind.HOSTS, Role.Kind.IMPLEMENTS, Role.Kind.CO_ORGANISES)
NAMES = [language_column("name", code) for code in CODES]


@transaction.atomic
def begin_like(forum: Forum, other: Forum) -> None:
    """Give an edition the rooms of another and the organisations that held it; twice is once."""
    if not forum.rooms.exists():
        for room in other.rooms.all():
            names = {column: getattr(room, column) for column in NAMES}
            forum.rooms.create(position=room.position, **names)
    for role in other.program.roles.filter(kind__in=STAYING):
        forum.program.roles.get_or_create(organisation=role.organisation, kind=role.kind)
