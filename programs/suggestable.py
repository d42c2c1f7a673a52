"""The texts of programmes to which their partners may suggest changes."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.network.suggesting.registry import Suggestable, register

from .corrections import keepers_of
from .models import Program, ProgramQuerySet


def register_all() -> None:
    register(
        Suggestable(
            kind="program",
            label=_("Programmes in which your organisation has a role"),
            model=Program,
            name="title",
            fields=("title", "summary", "venue"),
            rows=_rows,
            speaker=_speaker,
            refuse=_refuse_closed,
        )
    )


def _rows(organisations: Collection[int]) -> ProgramQuerySet:
    held = Program.objects.filter(roles__organisation__in=organisations)
    return Program.objects.published().filter(pk__in=held.values("pk")).newest_first()


def _speaker(program: Program, organisations: Collection[int]) -> int:
    """The first of them that has a role in it."""
    roles = program.roles.filter(organisation__in=organisations)
    return roles.values_list("organisation", flat=True)[0]


def _refuse_closed(program: Program) -> None:
    """A closed one changes with a correction alone, which staff write in its own form."""
    if keepers_of(program, lock=True):
        sentence = gettext(
            "This is closed and part of the record. It can only be put right in public."
        )
        raise ValidationError(sentence)
