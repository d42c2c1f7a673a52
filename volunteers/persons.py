"""One person behind several rows: whoever applied from two accounts is met twice.

To join them moves nothing: the one row points to the other, and the office reads both as one. So
it can be undone, and nobody sees in their account what was applied for from another one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, Replace

from oda_portal.audit.models import record_transition

from .models import Application, State, Volunteer

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

PARTS = re.compile(r"\w+")


def all_of(volunteer: Volunteer) -> QuerySet[Volunteer]:
    """Every row of this person, the one that the others point to first."""
    main = volunteer.merged_into_id or volunteer.pk
    rows = Volunteer.objects.filter(Q(pk=main) | Q(merged_into=main))
    return rows.select_related("user").order_by(F("merged_into").asc(nulls_first=True), "pk")


def applications_of(volunteer: Volunteer) -> QuerySet[Application]:
    """What the person handed in, whichever row it was under; the latest first."""
    rows = Application.objects.filter(volunteer__in=all_of(volunteer), sent_at__isnull=False)
    return rows.exclude(state=State.DRAFT).select_related(
        "call", "opening__city", "volunteer__user"
    ).order_by("-sent_at", "-pk")  # fmt: skip


def accounts_of(applications: QuerySet[Application]) -> dict[int, set[int]]:
    """By the keys of the applications, every account of the person, as `all_of`; two questions."""
    mains = applications.order_by().annotate(main=_main("volunteer__merged_into", "volunteer"))
    rows = Volunteer.objects.annotate(main=_main("merged_into", "pk"))
    known = rows.filter(main__in=mains.values("main")).exclude(user=None)
    accounts: dict[int, set[int]] = {}
    for main, account in known.values_list("main", "user"):
        accounts.setdefault(main, set()).add(account)
    return {pk: accounts.get(main, set()) for pk, main in mains.values_list("pk", "main")}


def _main(merged_into: str, own: str) -> Coalesce:
    return Coalesce(merged_into, own, output_field=BigIntegerField())


def possible_duplicates(volunteer: Volunteer) -> list[Volunteer]:
    """Born on the same day, and of the same name in some writing, or with the same telephone."""
    if volunteer.born_on is None:
        return []
    same_day = Volunteer.objects.filter(born_on=volunteer.born_on, merged_into=None)
    # By what they handed in: an unsent draft beside it says nothing.
    known = same_day.filter(applications__sent_at__isnull=False)
    others = known.exclude(pk__in=all_of(volunteer))
    return [row for row in others.select_related("user").distinct() if _alike(row, volunteer)]


def _alike(one: Volunteer, other: Volunteer) -> bool:
    return bool(_names(one) & _names(other)) or bool(
        _digits(one) and _digits(one) == _digits(other)
    )


def _names(volunteer: Volunteer) -> set[frozenset[str] | str]:
    """The name in each writing: without spaces, and as parts in whatever order."""
    found: set[frozenset[str] | str] = set()
    for name in (volunteer.name, volunteer.name_roman):
        parts = PARTS.findall(name.casefold())
        found |= {"".join(parts), frozenset(parts)} if parts else set()
    return found


def _digits(volunteer: Volunteer) -> str:
    """The end of the telephone number, which is the same with and without the country."""
    return "".join(sign for sign in volunteer.mobile if sign.isdecimal())[-8:]


def met_twice(rows: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    """Those for whom the database alone can say that there may be a second row."""
    others = _squeezed(Volunteer.objects.filter(merged_into=None)).filter(
        Q(squeezed_name=OuterRef("squeezed_name")) | Q(squeezed_roman=OuterRef("squeezed_roman")),
        born_on=OuterRef("born_on"),
    )
    known = others.exclude(pk=OuterRef("pk")).filter(applications__sent_at__isnull=False)
    return _squeezed(rows).filter(Exists(known))


def _squeezed(rows: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    def without_spaces(column: str) -> Replace:
        return Replace(Lower(column), Value(" "), Value(""))

    return rows.annotate(
        squeezed_name=without_spaces("name"), squeezed_roman=without_spaces("name_roman")
    )


@transaction.atomic
def join(duplicate: Volunteer, into: Volunteer, *, by: User, reason: str) -> bool:
    """Read `duplicate` as the person of `into` from now on; False when they are one already."""
    rows = _locked(duplicate, into)
    main, other = rows[into.pk], rows[duplicate.pk]
    main = main.merged_into or main
    if (other.merged_into_id or other.pk) == main.pk:
        return False
    Volunteer.objects.filter(Q(pk=other.pk) | Q(merged_into=other.pk)).update(merged_into=main)
    record_transition(other, "same person as", "", str(main.pk), by=by, reason=reason)
    return True


@transaction.atomic
def separate(volunteer: Volunteer, *, by: User, reason: str) -> bool:
    """Undo a join; False when the row points to no other, or would be one of two alike."""
    row = _locked(volunteer)[volunteer.pk]
    alike = Volunteer.objects.filter(email=row.email, user=None, merged_into=None)
    if row.merged_into_id is None or (row.user_id is None and alike.exists()):
        return False
    record_transition(row, "same person as", str(row.merged_into_id), "", by=by, reason=reason)
    row.merged_into = None
    row.save(update_fields=["merged_into"])
    return True


def _locked(*volunteers: Volunteer) -> dict[int, Volunteer]:
    pks = [row.pk for row in volunteers]
    rows = Volunteer.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    return {row.pk: row for row in rows}
