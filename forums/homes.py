"""The page of a forum's programme is that of its edition."""

from __future__ import annotations

from django.urls import reverse

from oda_portal.publishing.at_hand import at_hand
from programs import homes
from programs.models import Program
from programs.models.program import Kind

from .models import Forum


def register_home() -> None:
    homes.register(Kind.FORUM, home_of_forum)


def home_of_forum(program: Program) -> str | None:
    """None for a programme that is no edition yet. Lists ask it for every row: no query each."""
    slug = at_hand("forum-slugs", _slugs).get(program.pk)
    return reverse("forums:forum_detail", args=[slug]) if slug else None


def _slugs() -> dict[int, str]:
    return dict(Forum.objects.values_list("program_id", "slug"))
