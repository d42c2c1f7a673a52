"""How far a programme is on its way into the report: in numbers, words and links."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.models import Confirmation, Program

from .readiness import musts_of, requirements_of
from .requirements import Frame, Requirement

# Units that the drawing of a meter is wide.
WIDTH = 100
CONFIRM = "confirm-"


@dataclass(frozen=True)
class Line:
    """A requirement, and where it can be met; no address where the page in hand has the field."""

    requirement: Requirement
    address: str


@dataclass(frozen=True)
class Level:
    """How many of so many things a programme has."""

    met: int
    of: int

    @property
    def is_ready(self) -> bool:
        return self.met == self.of

    @property
    def filled(self) -> int:
        """How many units of the drawing are full; all of them only where nothing is missing."""
        return self.met * WIDTH // self.of


@dataclass(frozen=True)
class Meter:
    """What a programme has of what it needs."""

    program: Program
    requirements: list[Requirement]

    @property
    def musts(self) -> list[Requirement]:
        return [each for each in self.requirements if each.must]

    @property
    def missing(self) -> list[Requirement]:
        return [each for each in self.musts if not each.met]

    @property
    def is_ready(self) -> bool:
        return not self.missing

    @property
    def level(self) -> Level:
        return Level(len(self.musts) - len(self.missing), len(self.musts))

    @property
    def words(self) -> str:
        if self.is_ready:
            return _("Ready to be reported")
        count = len(self.missing)
        sentence = ngettext("%(count)s thing is missing", "%(count)s things are missing", count)
        return sentence % {"count": count}

    @property
    def missing_lines(self) -> list[Line]:
        return [self._line(each) for each in self.missing]

    @property
    def bonus_lines(self) -> list[Line]:
        """What would make the data better."""
        wished = [each for each in self.requirements if not each.must and not each.met]
        return [self._line(each) for each in wished]

    def _line(self, requirement: Requirement) -> Line:
        return Line(requirement, address_of(self.program, requirement.place))


def meter_of(program: Program, frame: Frame | None = None, *, whole: bool = True) -> Meter:
    """Without `whole`, of what must be met alone."""
    return Meter(program, (requirements_of if whole else musts_of)(program, frame))


def address_of(program: Program, place: str) -> str:
    """The page of the back office where it is done."""
    if place == "publisher":
        return reverse("admin:programs_publisher_changelist")
    if place.startswith(CONFIRM):
        aspect = Confirmation.Aspect(place.removeprefix(CONFIRM))
        return reverse("admin:programs_program_confirm", args=[program.pk, aspect.value])
    form = reverse("admin:programs_program_change", args=[program.pk])
    return f"{form}#{place}" if place else form
