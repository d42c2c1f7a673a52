"""Whose data an account or an address touched in a window of time, for the report of a breach.

The law gives 72 hours from the moment at which it is known. All is grouped in the database, and
found by indexes: a log of a million looks answers within a second or two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, Max, Min, Q, QuerySet

from oda_portal.accounts.models import User

from .models import AccessRecord, AccessSubject

HOURS = 72


@dataclass(frozen=True)
class Window:
    """An account (its email address), an address on the network, or both; from … until."""

    account: str
    address: str
    begins: datetime
    ends: datetime

    def looks(self) -> QuerySet[AccessRecord]:
        rows = AccessRecord.objects.filter(at__gte=self.begins, at__lte=self.ends)
        if self.account:
            rows = rows.filter(_of_account(self.account))
        return rows.filter(address=self.address) if self.address else rows

    def people(self) -> QuerySet[AccessSubject, Any]:
        """One row for each record that was shown: label, object_id, times, first, last."""
        return (
            AccessSubject.objects.filter(record__in=self.looks())
            .order_by()
            .values("label", "object_id")
            .annotate(times=Count("pk"), first=Min("record__at"), last=Max("record__at"))
            .order_by("label", "object_id")
        )

    def kinds(self) -> list[tuple[str, int]]:
        """How many records of each kind."""
        rows = self.people().order_by().values_list("label", "object_id")
        counts: dict[str, int] = {}
        for label, _number in rows.iterator(chunk_size=5000):
            counts[label] = counts.get(label, 0) + 1
        return sorted(counts.items())


@dataclass
class Person:
    """A record that was shown; `name` and `contact` only where somebody gave a reason."""

    label: str
    number: int
    times: int
    first: datetime
    last: datetime
    acts: list[str] = field(default_factory=list)
    name: str = ""
    contact: str = ""


def deadline(known_at: datetime) -> datetime:
    return known_at + timedelta(hours=HOURS)


def people_on(window: Window, rows: Iterable[dict[str, Any]]) -> list[Person]:
    """These rows of `window.people()` with what was done; one more question."""
    found = [
        Person(row["label"], row["object_id"], row["times"], row["first"], row["last"])
        for row in rows
    ]
    by_key = {(one.label, one.number): one for one in found}
    wanted = Q()
    for label, numbers in _by_label(found).items():
        wanted |= Q(label=label, object_id__in=numbers)
    if not wanted:
        return found
    acts = AccessSubject.objects.filter(wanted, record__in=window.looks()).order_by()
    for label, number, act in acts.values_list("label", "object_id", "record__act").distinct():
        by_key[label, number].acts.append(act)
    return found


def name_all(people: list[Person]) -> None:
    """Say of each who it is and how to reach them; of what was destroyed nothing is known."""
    for label, numbers in _by_label(people).items():
        rows = _rows(label, numbers)
        for person in people:
            if person.label == label and (row := rows.get(person.number)) is not None:
                person.name, person.contact = _who(row)


def _by_label(people: Iterable[Person]) -> dict[str, list[int]]:
    labels: dict[str, list[int]] = {}
    for person in people:
        labels.setdefault(person.label, []).append(person.number)
    return labels


def _rows(label: str, numbers: list[int]) -> dict[int, models.Model]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return {}
    links = _links(model)
    links += ["volunteer__user"] if "volunteer" in links else []
    return model._base_manager.select_related(*links).in_bulk(numbers)


def paths_to_account(model: type[models.Model]) -> list[str]:
    """By which columns a record of this kind leads to the account of whom it is about."""
    return ["volunteer__user" if name == "volunteer" else name for name in _links(model)]


def _links(model: type[models.Model]) -> list[str]:
    """Columns that lead to whom a record of this kind is about."""
    columns = {part.name for part in model._meta.concrete_fields if part.is_relation}
    return [name for name in ("volunteer", "user") if name in columns]


def _who(row: Any) -> tuple[str, str]:
    """Name and address of whom a record is about, from it or from whom it belongs to."""
    around = [row]
    for one in around:  # which grows by what each leads to
        around += filter(None, (getattr(one, name) for name in _links(type(one))))
    named = (getattr(one, "name", "") for one in around)
    reached = (getattr(one, "email", "") or getattr(one, "to", "") for one in around)
    return next(filter(None, named), ""), next(filter(None, reached), "")


def _of_account(account: str) -> Q:
    """By the address that was written down, and by the account that has it now."""
    users = User.objects.filter(email__iexact=account).values_list("pk", flat=True)
    return Q(account__iexact=account) | Q(user__in=list(users))
