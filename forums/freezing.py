"""A finished edition is part of the record: it changes no more, except by a public correction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext as _

from programs import corrections
from programs.models import Indicator, MonitoringVisit, Program, Run

from .models import Forum, ForumSession, Material, Room, Speaker

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# From an edition to the rows that are closed with it.
WAYS: dict[type[models.Model], str] = {
    Forum: "pk",
    Program: "program",
    Run: "program__runs",
    Indicator: "program__indicators",
    MonitoringVisit: "program__visits",
    Room: "rooms",
    ForumSession: "sessions",
    Speaker: "sessions__appearances__speaker",
    Material: "materials",
}


class FrozenError(Exception):
    """The edition is frozen; the text says so to whoever tried."""


def require_open(forum: Forum) -> None:
    """Raise FrozenError unless the edition may still change.

    For every act that changes an edition or what belongs to it, inside its transaction and before
    its other locks: the edition's row stays locked, so that nothing slips in while it is frozen.
    """
    rows = Forum.objects.select_for_update(no_key=True).order_by()
    forum.frozen_at = rows.values_list("frozen_at", flat=True).get(pk=forum.pk)
    if forum.is_frozen:
        raise FrozenError(refusal())


def refusal() -> str:
    return _("This edition is closed. It can only be changed with a correction.")


def freeze(forum: Forum, *, by: User) -> bool:
    """Close a finished edition for good; False when it was closed already.

    Raises FrozenError for one that is not over, or of which nobody knows when it was.
    """
    with transaction.atomic():
        current = Forum.objects.select_for_update(of=("self",)).select_related("program")
        locked = current.get(pk=forum.pk)
        if not locked.is_frozen and not locked.is_over():
            raise FrozenError(_("This event is not over yet. It can be closed afterwards."))
        return forum.freeze(by=by)


def register_frozen() -> None:
    corrections.register(frozen_editions)


def frozen_editions(row: models.Model, lock: bool) -> list[corrections.Keeper]:
    """The closed editions in which a row is shown: of a speaker there may be several."""
    way = WAYS.get(type(row))
    if way is None:
        return []
    shown_in = Forum.objects.order_by().filter(**{way: row.pk}).values("pk")
    editions = Forum.objects.filter(pk__in=shown_in).order_by("pk")
    if lock:
        editions = editions.select_for_update(no_key=True)
    return [forum for forum in editions if forum.is_frozen]
