"""What a requirement is, and what is asked of all programmes alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

from django.utils import timezone
from django.utils.functional import Promise

from programs.models import Identifier, Program, Publisher


@dataclass(frozen=True)
class Requirement:
    """`reason` is a whole sentence: what is missing and what to do; "" where it is met.

    `place` is where that is done: the id of a part of the programme's form, or “confirm-” and
    what is to be confirmed.
    """

    name: str
    label: str
    met: bool
    reason: str
    must: bool
    place: str = ""


class Frame(NamedTuple):
    """What is the same for all programmes that are asked about together."""

    publisher: Publisher | None
    # Identifiers of programmes that are gone: nobody else gets them.
    retired: frozenset[str]
    today: date

    @classmethod
    def now(cls) -> Frame:
        gone = Identifier.objects.filter(program=None).values_list("value", flat=True)
        return cls(the_publisher(), frozenset(gone), timezone.localdate())


def the_publisher() -> Publisher | None:
    """The organisation that everything is reported as; None while nobody has named it."""
    return Publisher.objects.select_related("organisation").order_by("pk").first()


Ask: TypeAlias = "Callable[[Program, Frame], str]"


@dataclass(frozen=True)
class Rule:
    """`ask` gives the reason why a programme does not meet it, or "" where it does."""

    name: str
    label: str | Promise
    ask: Ask
    place: str = ""
    must: bool = True

    def asked_of(self, program: Program, frame: Frame) -> Requirement:
        reason = self.ask(program, frame)
        return Requirement(self.name, str(self.label), not reason, reason, self.must, self.place)
