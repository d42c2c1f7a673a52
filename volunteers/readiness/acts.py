"""What volunteers and staff do with the checklist; each in one transaction, safe to do twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone

from oda_portal.privacy import consents
from oda_portal.privacy.destruction import destroy_all, wipe_traces
from oda_portal.privacy.models import Kind as ConsentKind

from ..models import (
    Application,
    ChecklistItem,
    EmergencyContact,
    HealthNote,
    InsuranceCertificate,
    Readiness,
    TravelDocument,
)
from . import mails, reminders, rules
from .checklists import ensure

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

    from ..forms.departure import DepartureForm

Kind = ChecklistItem.Kind

# The entries of the registry of personal data; see `privacy`.
PASSPORT, HEALTH = "volunteers.passport", "volunteers.health"
EMERGENCY, INSURANCE = "volunteers.emergency", "volunteers.insurance"
KEPT: dict[str, tuple[str, type[models.Model]]] = {
    Kind.PASSPORT: (PASSPORT, TravelDocument),
    Kind.VACCINATION: (HEALTH, HealthNote),
    Kind.EMERGENCY_CONTACT: (EMERGENCY, EmergencyContact),
    Kind.INSURANCE: (INSURANCE, InsuranceCertificate),
}
# Which item hangs on which consent; without it nothing of the item is kept.
CONSENTS: dict[str, str] = {
    Kind.PASSPORT: ConsentKind.IDENTIFIER,
    Kind.VACCINATION: ConsentKind.SENSITIVE,
    Kind.EMERGENCY_CONTACT: ConsentKind.EMERGENCY,
}


# --- beginning and end ---------------------------------------------------------------------------


@transaction.atomic
def begin(application: Application) -> bool:
    """For whoever has just confirmed: their checklist, and a mail that it is there.

    False when they have no opening, or were told before.
    """
    opening = application.opening
    if opening is None or application.state not in rules.GOING:
        return False
    today = timezone.localdate()
    Readiness.objects.bulk_create(
        [
            # What the mail says now is no news for a reminder of the same days.
            Readiness(
                application=application, item=item, reminded=reminders.step_of(item.due_on, today)
            )
            for item in ensure(opening)
        ],
        ignore_conflicts=True,
    )
    if rules.is_minor(application, opening):
        _take_over(application)
    return mails.checklist(application)


def _take_over(application: Application) -> None:
    """The guardian of a minor has agreed when they applied: the office only has to check it."""
    user = application.volunteer.user
    has_agreed = consents.has_given(application, ConsentKind.GUARDIAN)
    if not has_agreed or not application.guardian_name or user is None:
        return
    rows = application.readiness.filter(item__kind=Kind.GUARDIAN_CONSENT)
    for row in rows.filter(state=Readiness.State.OPEN):
        row.hand_in(by=user)


@transaction.atomic
def forget(application: Application, *, rule: str = "stepped back") -> None:
    """Destroy at once what was kept for the journey: whoever steps back needs none of it."""
    for kind in KEPT:
        _destroy(application, kind, rule=rule)
    rows = Readiness.objects.filter(application=application)
    wipe_traces({Readiness: list(rows.values_list("pk", flat=True))})
    rows.delete()


def _destroy(application: Application, kind: str, *, rule: str) -> None:
    key, model = KEPT[kind]
    destroy_all(key, model._default_manager.filter(application=application), rule=rule)


def take_back(kind: str) -> Callable[[Application], None]:
    """What follows when the consent behind an item is taken back: its data go at once."""

    @transaction.atomic
    def follow(application: Application) -> None:
        # Who hands it in at the same moment is waited for: nothing is kept without the consent.
        Application.objects.select_for_update().get(pk=application.pk)
        _destroy(application, kind, rule="consent taken back")
        for row in Readiness.objects.filter(application=application, item__kind=kind):
            row.leave_to_phone(by=None)

    return follow


# --- by the volunteer ----------------------------------------------------------------------------


class TooLateError(Exception):
    """The person is not going any more, or has come back."""


@transaction.atomic
def hand_in(
    application: Application, item: ChecklistItem, form: DepartureForm, *, by: User
) -> None:
    """Keep what a valid form says, or destroy what there is when the consent is refused.

    Raises TooLateError, and changes nothing then.
    """
    # Who steps back at the same moment is waited for, and leaves nothing behind.
    current = Application.objects.select_for_update().get(pk=application.pk)
    if current.opening_id != item.opening_id or not rules.may_fill_in(
        current, timezone.localdate()
    ):
        raise TooLateError
    consents.give_all(current, form, by=by)
    row = _row(current, item)
    if form.is_refused:
        _destroy(current, item.kind, rule="consent refused")
        row.leave_to_phone(by=by)
        return
    _keep(current, item.kind, form.kept_values())
    if item.kind in rules.DONE_AT_ONCE:
        row.accept(by=by)
    else:
        row.hand_in(by=by)


def _keep(application: Application, kind: str, values: dict[str, Any]) -> None:
    """In place of what there was; a file that is replaced goes once that is certain."""
    if kind == Kind.GUARDIAN_CONSENT:
        Application.objects.filter(pk=application.pk).update(**values)
    elif kind in KEPT:
        model = KEPT[kind][1]
        old = model._default_manager.filter(application=application).first()
        if isinstance(old, InsuranceCertificate):
            storage, name = old.file.storage, old.file.name or ""
            transaction.on_commit(lambda: storage.delete(name), robust=True)
        model._default_manager.update_or_create(application=application, defaults=values)


def _row(application: Application, item: ChecklistItem) -> Readiness:
    return _row_or_new(application, item)[0]


def _row_or_new(application: Application, item: ChecklistItem) -> tuple[Readiness, bool]:
    return Readiness.objects.select_related("item").get_or_create(
        application=application, item=item
    )


# --- by staff ------------------------------------------------------------------------------------

# For a page that showed an item of which there was no row.
UNSEEN = datetime.min.replace(tzinfo=UTC)


def may_accept(item: ChecklistItem, row: Readiness | None) -> bool:
    """Nothing is accepted that nobody handed in, but what the office itself sees to."""
    if row is None or row.state == Readiness.State.OPEN:
        return item.kind in rules.BY_STAFF
    return row.state in _ACCEPTABLE


_ACCEPTABLE: tuple[str, ...] = (
    Readiness.State.HANDED_IN, Readiness.State.BY_PHONE, Readiness.State.RETURNED,
)  # fmt: skip


@transaction.atomic
def settle(
    application: Application, item: ChecklistItem, act: str, *, by: User,
    seen: datetime | None = None, reason: str = "",
) -> bool:  # fmt: skip
    """Accept, send back, waive or reopen one item; False when it may not be, or changed meanwhile.

    `seen` is since when the item stood as the page showed it; UNSEEN where it showed nothing, and
    None when it does not matter.
    """
    current = Application.objects.select_for_update().get(pk=application.pk)
    if current.opening_id != item.opening_id or current.state not in rules.GOING:
        return False
    row, is_new = _row_or_new(current, item)
    seen = None if is_new else seen
    if act == "accept":
        return may_accept(item, row) and row.accept(by=by, seen=seen)
    if act == "waive":
        return row.waive(by=by, seen=seen)
    if act == "reopen":
        return row.reopen(by=by, seen=seen)
    if act != "send_back":
        raise ValueError(act)
    done = row.send_back(by=by, reason=reason, seen=seen)
    if done:
        mails.returned(row)
    return done


@transaction.atomic
def accept_all(applications: Iterable[Application], kind: str, *, by: User) -> list[Application]:
    """Mark one of IN_BULK as done for many; those for whom it was not done already."""
    if kind not in rules.IN_BULK:
        raise ValueError(kind)
    accepted = []
    # In one order: of two who mark many at once neither waits for the other for ever.
    for application in sorted(applications, key=lambda row: row.pk):
        item = ChecklistItem.objects.filter(opening=application.opening_id, kind=kind).first()
        if item is not None and settle(application, item, "accept", by=by):
            accepted.append(application)
    return accepted


def full_record(application: Application) -> dict[str, Any]:
    """Passport, health and emergency contact as they are kept; None for what there is not."""
    return {
        "passport": TravelDocument.objects.filter(application=application).first(),
        "health": HealthNote.objects.filter(application=application).first(),
        "emergency": EmergencyContact.objects.filter(application=application).first(),
    }
