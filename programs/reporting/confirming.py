"""Staff look at sectors, shares or roles of a programme and answer for them, or take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oda_portal.audit.models import record_transition
from programs.corrections import keepers_of
from programs.models import Confirmation, Program, SectorShare

from .fingerprints import fingerprint
from .measuring import measure
from .readiness import for_musts
from .requirements import Frame
from .rules import MUSTS

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

Aspect = Confirmation.Aspect

# What must hold of what is confirmed, by names of the requirements.
NEEDED: dict[str, tuple[str, ...]] = {
    Aspect.SECTORS: ("sectors",),
    Aspect.SHARES: ("recipients",),
    Aspect.ROLES: ("funding", "implementing", "references"),
}
# Where the rows of an aspect hang on the programme.
PARTS: dict[str, str] = {
    Aspect.SECTORS: "sector_shares",
    Aspect.SHARES: "country_shares",
    Aspect.ROLES: "roles",
}


class RefusedError(Exception):
    """It cannot be confirmed as it stands; the text says why and what to do."""


class ChangedError(RefusedError):
    """Something else stands there now than what the person looked at."""


def confirm(
    program: Program,
    aspect: str,
    *,
    seen: str,
    by: User | None,
    put_right: Callable[[], None] | None = None,
) -> bool:
    """Answer for what stands there; False when it was confirmed already.

    `seen` is the fingerprint of what the person looked at, `put_right` saves what they changed of
    it. Sectors that are confirmed are no longer called an estimate. Raises RefusedError, and then
    nothing is saved.
    """
    with transaction.atomic():
        current, is_closed = _locked(program)
        stored = Confirmation.objects.filter(program=current, aspect=aspect).first()
        now = fingerprint(current, aspect)
        if now != seen:
            if stored and stored.fingerprint == now:
                return False
            raise _changed()
        current = _put_right(current, aspect, put_right, is_closed=is_closed)
        now = fingerprint(current, aspect)
        if stored and stored.fingerprint == now:
            return False
        values = {"fingerprint": now, "by": by, "at": timezone.now()}
        Confirmation.objects.update_or_create(program=current, aspect=aspect, defaults=values)
        _touch(current)
        before = "lapsed" if stored else ""
        record_transition(program, f"reporting_{aspect}", before, "confirmed", by=by)
    return True


def require_unchanged(program: Program, aspect: str, seen: str) -> None:
    """Raise ChangedError where something else stands there than what was seen."""
    if fingerprint(program, aspect) != seen:
        raise _changed()


def _changed() -> ChangedError:
    return ChangedError(_("Somebody changed this meanwhile. Look at it once more."))


def take_back(
    program: Program, aspect: str, *, by: User | None, reason: str = "", is_estimate: bool = False
) -> bool:
    """Answer for it no longer; False when nobody did.

    With `is_estimate` its sectors are called our estimate again.
    """
    with transaction.atomic():
        current, is_closed = _locked(program)
        deleted, _rows = Confirmation.objects.filter(program=current, aspect=aspect).delete()
        if not deleted:
            return False
        if is_estimate and aspect == Aspect.SECTORS and not is_closed:
            _call_sectors(current, SectorShare.Basis.ESTIMATED)
        _touch(current)
        record_transition(program, f"reporting_{aspect}", "confirmed", "", by=by, reason=reason)
    return True


def _locked(program: Program) -> tuple[Program, bool]:
    """The programme as it stands, and whether it is part of something closed.

    What may close it is locked before it, as in every act.
    """
    is_closed = bool(keepers_of(program, lock=True))
    list(Program.objects.select_for_update().filter(pk=program.pk).values_list("pk"))
    return _fresh(program), is_closed


def _fresh(program: Program) -> Program:
    return for_musts(Program.objects.all()).get(pk=program.pk)


def _put_right(
    program: Program, aspect: str, put_right: Callable[[], None] | None, *, is_closed: bool
) -> Program:
    """The programme as it stands afterwards; raises RefusedError where that may not be."""
    before = _rows_of(program, aspect)
    if put_right:
        put_right()
    if aspect == Aspect.SECTORS:
        _call_sectors(program, SectorShare.Basis.REPORTED)
    after = _fresh(program)
    if is_closed and _rows_of(after, aspect) != before:
        raise RefusedError(
            _("This is closed and part of the record. Correct it first; then confirm it.")
        )
    frame = Frame.now()
    for rule in MUSTS:
        if rule.name in NEEDED[aspect] and (reason := rule.ask(after, frame)):
            raise RefusedError(reason)
    return after


def _rows_of(program: Program, aspect: str) -> list[dict[str, Any]]:
    rows: models.Manager = getattr(program, PARTS[aspect])
    return list(rows.order_by("pk").values())


def _call_sectors(program: Program, basis: str) -> None:
    # Saved, not updated: public pages show it, and its history tells of it.
    for share in SectorShare.objects.filter(program=program).exclude(basis=basis):
        share.basis = basis
        share.save()


def _touch(program: Program) -> None:
    """What is reported of it changed: its page and its file say when."""
    program.save(update_fields=["changed_at"])
    measure([program.pk])
