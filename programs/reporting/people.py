"""How many people took part in a run, as far as its groups show their numbers.

The report adds up what the dataset of participants says of the same groups, and nothing else: so
neither can be taken from the other to find what is not shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from programs.few import shown_of
from programs.models import ParticipantGroup, Run


@dataclass(frozen=True)
class Count:
    """People of a run. `sexes` and `countries` are parts of the total, each by itself."""

    total: int
    about: bool = False
    sexes: dict[str, int] = field(default_factory=dict)
    countries: dict[str, int] = field(default_factory=dict)


def count_of(run: Run) -> Count | None:
    """None where no group has a number to be shown.

    Reads the groups that `for_reporting` fetches. A part is given only where it is shown of every
    group that makes up the total; otherwise it would look like all of them.
    """
    groups = [group for group in run.groups.all() if shown_of(group).total is not None]
    if not groups:
        return None
    return Count(
        total=sum(group.total or 0 for group in groups),
        about=any(group.about for group in groups),
        sexes=_sexes(groups),
        countries=_countries(groups),
    )


def _sexes(groups: list[ParticipantGroup]) -> dict[str, int]:
    shown = [shown_of(group) for group in groups]
    if any(each.women is None or each.men is None for each in shown):
        return {}
    return {
        "female": sum(each.women or 0 for each in shown),
        "male": sum(each.men or 0 for each in shown),
    }


def _countries(groups: list[ParticipantGroup]) -> dict[str, int]:
    if any(group.country is None for group in groups):
        return {}
    people: Counter[str] = Counter()
    for group in groups:
        if group.country:
            people[group.country.code] += group.total or 0
    return dict(sorted(people.items()))
