"""Who does what: programmes against roles, with the organisations in between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import django_filters
from django.db.models import Exists, OuterRef, Prefetch
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.listing import Choice, Words, choices_of
from partners.models import NetworkMember, Organisation

from .models import Program, ProgramQuerySet, Role
from .models.program import Kind

Choices = list[tuple[str, str]]


def rows() -> ProgramQuerySet:
    """Our programmes in which an organisation that everybody may see has a role, newest first."""
    held = Role.objects.filter(organisation__in=Organisation.objects.published())
    ours = Program.objects.published().ours().filter(Exists(held.filter(program=OuterRef("pk"))))
    shown = held.select_related("organisation").order_by("kind", "pk")
    return ours.newest_first().prefetch_related(Prefetch("roles", shown))


@dataclass(frozen=True)
class Cell:
    """The organisations that have this role in the programme."""

    label: str
    organisations: list[Organisation]


@dataclass(frozen=True)
class Line:
    program: Program
    cells: list[Cell]


@dataclass(frozen=True)
class Matrix:
    """Only roles that somebody has on this page have a column."""

    heads: list[str]
    lines: list[Line]


def matrix_of(programs: Iterable[Program]) -> Matrix:
    listed = list(programs)
    held = {role.kind for program in listed for role in program.roles.all()}
    kinds = [kind for kind in Role.Kind if kind in held]
    lines = [Line(program, [_cell(program, kind) for kind in kinds]) for program in listed]
    return Matrix([str(kind.label) for kind in kinds], lines)


def _cell(program: Program, kind: Role.Kind) -> Cell:
    bodies = [role.organisation for role in program.roles.all() if role.kind == kind]
    return Cell(str(kind.label), bodies)


# --- filters --------------------------------------------------------------------------------------


def _organisations() -> Choices:
    def make() -> Choices:
        bodies = Organisation.objects.published().filter(
            roles__program__in=Program.objects.published().ours()
        )
        return choices_of(bodies, "slug")

    return at_hand(f"choices:matrix-organisations:{translation.get_language()}", make)


def _years() -> Choices:
    def make() -> Choices:
        days = Program.objects.published().ours().dates("starts_on", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in days]

    return at_hand("choices:matrix-years", make)


class MatrixFilter(django_filters.FilterSet):
    """Organisation and role together mean: where that organisation has that role."""

    q = Words(method="containing")
    organisation = Choice(method="with_role", choices=_organisations, label=_("Organisation"))
    role = Choice(
        method="with_role", choices=Role.Kind, label=pgettext_lazy("organisation", "Role")
    )
    kind = Choice(choices=Kind, label=_("Kind"))
    year = Choice(method="in_year", choices=_years, label=_("Year"))
    members = Choice(
        method="of_members",
        choices=[("yes", _("With a member organisation of the network"))],
        label=_("Network"),
    )

    class Meta:
        model = Program
        fields: list[str] = []

    def containing(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        bodies = Organisation.objects.published()
        return rows.containing(value, "title", roles__organisation__name=bodies)

    def with_role(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        held = Role.objects.filter(
            program=OuterRef("pk"), organisation__in=Organisation.objects.published()
        )
        if body := self.form.cleaned_data.get("organisation"):
            held = held.filter(organisation__slug=body)
        if kind := self.form.cleaned_data.get("role"):
            held = held.filter(kind=kind)
        return rows.filter(Exists(held))

    def in_year(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        return rows.in_year(int(value))

    def of_members(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        bodies = Organisation.objects.published().filter(
            network__in=NetworkMember.objects.standing()
        )
        return rows.filter(
            Exists(Role.objects.filter(program=OuterRef("pk"), organisation__in=bodies))
        )
