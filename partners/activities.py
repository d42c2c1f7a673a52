"""What partners do with the office: programmes, read across the border of the apps.

Imports go one way (`programs` builds on `partners`), so the model is asked for by its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models.functions import Lower

from .references import folded

# Kinds of programme in which people of ours worked in the city itself.
ON_SITE = ("volunteer", "sister_village")


def published_programs() -> Any:
    """The QuerySet of `programs.Program` that everybody may see."""
    return apps.get_model("programs", "Program").objects.published()


def cities_worked_in() -> Counter[int]:
    """How many deployments and Sister Villages each city had, by its key."""
    done = published_programs().ours().filter(announced_only=False)
    on_site = done.filter(kind__in=ON_SITE, cities__isnull=False)
    return Counter(on_site.values_list("cities", flat=True))


def own_reference() -> str:
    """The IATI identifier that the office publishes under; "" as long as it does not."""
    publishers = apps.get_model("programs", "Publisher").objects
    return publishers.values_list("organisation__org_ref", flat=True).first() or ""


def is_own_reference(reference: str | None) -> bool:
    """However it is written."""
    ours = folded(own_reference())
    return bool(ours) and folded(reference or "") == ours


def own_identifiers(among: Collection[str]) -> set[str]:
    """Of these, as they are written, those that are the office's.

    It gave them to activities of its own and never gives them up, or only it could give them:
    they are, or begin with, what it publishes under.
    """
    by_folded = {folded(identifier): identifier for identifier in among}
    given = apps.get_model("programs", "Identifier").objects.annotate(folded=Lower("value"))
    taken = set(given.filter(folded__in=by_folded).values_list("folded", flat=True))
    if ours := folded(own_reference()):
        taken |= {each for each in by_folded if each == ours or each.startswith(f"{ours}-")}
    return {by_folded[each] for each in taken}


@dataclass(frozen=True)
class Involvement:
    """A programme, and the roles that an organisation has in it."""

    program: Any
    roles: list[str]


def by_program(roles: Iterable[Any]) -> list[Involvement]:
    """One entry a programme, in the order of the roles."""
    found: dict[int, Involvement] = {}
    for role in roles:
        entry = found.setdefault(role.program_id, Involvement(role.program, []))
        entry.roles.append(str(role.get_kind_display()))
    return list(found.values())
