"""How many people took part in a run, as far as the numbers single out nobody.

A number below three is left out, and so is one from which a number below three could be worked out
by taking it from another that stands beside it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from programs.models import ParticipantGroup, Run

FEWEST = 3


@dataclass(frozen=True)
class Count:
    """People of a run. `sexes` and `countries` are parts of the total, each by itself."""

    total: int
    about: bool = False
    sexes: dict[str, int] = field(default_factory=dict)
    countries: dict[str, int] = field(default_factory=dict)


def count_of(run: Run) -> Count | None:
    """None where the number is not known, or so small that it would point at persons.

    Reads the groups that `for_reporting` fetches. A part is given only where it is known of every
    group that makes up the total; otherwise it would look like all of them.
    """
    groups = [group for group in run.groups.all() if group.total is not None]
    total = sum(group.total or 0 for group in groups)
    if total < FEWEST:
        return None
    return Count(
        total=total,
        about=any(group.about for group in groups),
        sexes=_sexes(groups, total),
        countries=_countries(groups, total),
    )


def _sexes(groups: list[ParticipantGroup], total: int) -> dict[str, int]:
    if any(group.women is None or group.men is None for group in groups):
        return {}
    women = sum(group.women or 0 for group in groups)
    men = sum(group.men or 0 for group in groups)
    # The rest are people of whom neither was written down.
    return shown({"female": women, "male": men}, total)


def _countries(groups: list[ParticipantGroup], total: int) -> dict[str, int]:
    if any(group.country is None for group in groups):
        return {}
    people: Counter[str] = Counter()
    for group in groups:
        if group.country and group.total:
            people[group.country.code] += group.total
    return shown(dict(sorted(people.items())), total)


def shown(parts: dict[str, int], total: int) -> dict[str, int]:
    """The parts of a total that may stand beside it.

    What is hidden, with what belongs to no part, is at least three people in at least two parts:
    otherwise the difference to the total would tell it.
    """
    rest = total - sum(parts.values())
    hidden = {name for name, number in parts.items() if 0 < number < FEWEST}
    if not hidden and not 0 < rest < FEWEST:
        return parts
    others = sorted((name for name in parts if name not in hidden), key=lambda name: parts[name])
    cells = len(hidden) + (rest > 0)
    people = sum(parts[name] for name in hidden) + rest
    for name in others:
        if cells > 1 and people >= FEWEST:
            break
        if parts[name]:
            hidden.add(name)
            cells, people = cells + 1, people + parts[name]
    return {name: number for name, number in parts.items() if name not in hidden}
