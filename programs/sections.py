"""Parts of the page of a programme that apps to the right fill; see docs/map.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from .models import Program


@dataclass(frozen=True)
class Section:
    """`context(program)`: what the template reads as `part`, or None to leave the part out.

    Drawn once for everybody who reads the language: it knows of nothing that a request has.
    """

    name: str
    template: str
    context: Callable[[Program], dict[str, Any] | None]


class Filled(NamedTuple):
    template: str
    part: dict[str, Any]


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Raises ValueError when its name is taken."""
    if section.name in _sections:
        raise ValueError(f"the section {section.name} is registered twice")
    _sections[section.name] = section


def sections_of(program: Program) -> list[Filled]:
    """What there is to show of this programme, in the order in which the apps registered it."""
    found = [(section.template, section.context(program)) for section in _sections.values()]
    return [Filled(template, part) for template, part in found if part is not None]
