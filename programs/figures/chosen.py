"""What the figures are made from: the rows of the lists under the filters that were chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from partners.models import City

from ..datasets.participants import ParticipantFilter, participants
from ..few import shown_of
from ..filters import ProgramFilter
from ..models import Program, ProgramQuerySet, SdgTarget
from ..models.program import PARTS, Kind


class FiguresFilter(ProgramFilter):
    """The filters of the list that say the same of people and of programmes."""

    q = state = modality = organisation = sector = None  # type: ignore[assignment]
    sdg = part = people = counted = None  # type: ignore[assignment]


def counted() -> ProgramQuerySet:
    return Program.objects.published().ours().counted()


class Chosen:
    """Programmes and people that the figures count, and the addresses of both lists.

    `query` is made of parameters that `FiguresFilter` understands. Each question is asked once.
    """

    def __init__(self, query: str = "") -> None:
        self.query: dict[str, str] = QueryDict(query.removeprefix("?")).dict()

    def one(self, name: str) -> str:
        """The value that a filter was set to, or nothing."""
        return self.query.get(name, "")

    def programs_url(self, **more: Any) -> str:
        """The list of exactly the programmes that were counted."""
        query = _query({**self.query, **more, "counted": "yes"})
        return f"{reverse('programs:program_list')}?{query}"

    def people_url(self, **more: Any) -> str:
        """The rows of the dataset that were added up."""
        address = reverse("opendata:dataset_detail", args=["participants"])
        return f"{address}?{_query({**self.query, **more})}"

    @property
    def queryset(self) -> ProgramQuerySet:
        return FiguresFilter(self.query, queryset=counted()).qs

    @cached_property
    def programs(self) -> list[Any]:
        """With the columns that figures ask for."""
        return list(
            self.queryset.order_by().only(
                "kind",
                "arrangement",
                "starts_on",
                "ends_on",
                "cancelled_at",
                "closed_on",
                "follow_up_until",
            )
        )

    @cached_property
    def groups(self) -> list[Any]:
        """Groups of people with the numbers that are shown of them: named tuples.

        Those of whom nothing is known or shown are left out.
        """
        rows = ParticipantFilter(self.query, queryset=participants()).qs
        columns = ("run__program_id", "run__program__kind", "year", "from_code")
        numbers = ("women", "men", "total", "about")
        found = rows.order_by().values_list(*columns, *numbers, named=True)
        shown = ((row, shown_of(row)) for row in found)
        return [row._replace(**each._asdict()) for row, each in shown if any(each)]

    @cached_property
    def known(self) -> set[tuple[int, int | None]]:
        """Keys of programmes, each with a year in which people began whose number is shown."""
        return {
            (group.run__program_id, group.year) for group in self.groups if group.total is not None
        }

    @cached_property
    def themes(self) -> list[tuple[int, int]]:
        """Keys of programmes, each with that of one of its themes."""
        pairs = Program.themes.through.objects  # type: ignore[attr-defined]
        rows = pairs.filter(program__in=self.queryset.order_by())
        return list(rows.values_list("program", "theme"))

    @cached_property
    def targets(self) -> list[tuple[int, str]]:
        """Keys of programmes, each with one of its SDG targets."""
        named = SdgTarget.objects.filter(program__in=self.queryset.order_by())
        return list(named.order_by().values_list("program", "code"))

    @cached_property
    def cities(self) -> list[tuple[str, int | None]]:
        """Relation and year of the agreement of each partner city."""
        rows = City.objects.published().abroad().order_by()
        return list(rows.values_list("relation", "agreed_on__year"))

    def of_kinds(self, *kinds: Kind) -> list[Any]:
        return [program for program in self.programs if program.kind in kinds]

    def as_part(self, part: str) -> list[Any]:
        return self.of_kinds(*PARTS[part])

    def people_as(self, part: str) -> list[Any]:
        return [group for group in self.groups if group.run__program__kind in PARTS[part]]

    def silent(self, programs: Iterable[Program]) -> list[Program]:
        """Those of which no number of people is shown, as the list has them under `people`."""
        known = {program for program, _year in self.known}
        return [program for program in programs if program.pk not in known]

    def silent_in_years(self, programs: Iterable[Program]) -> Counter[int]:
        """Of those that ran in a year, how many have no number of people who began in it."""
        return self._of_year(
            year
            for program in programs
            for year in years_of(program)
            if (program.pk, year) not in self.known
        )

    def in_years(self, programs: Iterable[Program]) -> Counter[int]:
        """How many ran on at least one day of each year, as the list's filter says."""
        return self._of_year(year for program in programs for year in years_of(program))

    def _of_year(self, years: Iterable[int]) -> Counter[int]:
        """Years counted; the one that was chosen alone."""
        found = Counter(years)
        if year := self.one("year"):
            return Counter({int(year): found[int(year)]}) if found[int(year)] else Counter()
        return found


def years_of(program: Program) -> Iterator[int]:
    """The rule of `ProgramQuerySet.in_year`, for a row in hand."""
    if program.starts_on:
        yield from range(program.starts_on.year, (program.ends_on or program.starts_on).year + 1)


def _query(values: dict[str, Any]) -> str:
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in values.items()})
    return query.urlencode()
