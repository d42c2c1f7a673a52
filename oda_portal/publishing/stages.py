"""How far a record is on its way to the public, in staff's words: status and clock together."""

from __future__ import annotations

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.audit.models import Transition

from .models import Publishable, PublishableQuerySet, Status


class Stage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("publish", "Draft")
    SCHEDULED = "scheduled", pgettext_lazy("publish", "Scheduled")
    PUBLIC = "public", pgettext_lazy("publish", "Published")
    EXPIRED = "expired", gettext_lazy("Publication ended")
    WITHDRAWN = "withdrawn", pgettext_lazy("publish", "Taken down")


def stage_of(row: Publishable, at: datetime | None = None) -> Stage:
    at = at or timezone.now()
    if row.status != Status.PUBLISHED:
        return Stage(row.status)
    if row.is_public(at):
        return Stage.PUBLIC
    if row.expire_at and row.expire_at <= at:
        return Stage.EXPIRED
    return Stage.SCHEDULED


def in_stage(
    rows: PublishableQuerySet, stage: str, at: datetime | None = None
) -> PublishableQuerySet:
    """The rows that `stage_of` calls so at this moment."""
    at = at or timezone.now()
    if stage in (Stage.DRAFT, Stage.WITHDRAWN):
        return rows.filter(status=stage)
    if stage == Stage.PUBLIC:
        return rows.published(at)
    cleared = rows.filter(status=Status.PUBLISHED)
    if stage == Stage.EXPIRED:
        return cleared.filter(expire_at__lte=at)
    return cleared.exclude(expire_at__lte=at).filter(publish_at__gt=at)


def stage_sentence(row: Publishable) -> str:
    """What the stage means for this record, with its dates. Asks for its last transition."""
    stage = stage_of(row)
    if stage == Stage.DRAFT:
        return _("Not on the site yet: only staff can see it.")
    if stage == Stage.SCHEDULED:
        return _("It will be on the site from %(time)s (Korea time).") % {
            "time": moment_in_korea(row.publish_at)
        }
    if stage == Stage.EXPIRED:
        return _("It was on the site until %(time)s (Korea time).") % {
            "time": moment_in_korea(row.expire_at)
        }
    moved = _last_move(row)
    if stage == Stage.WITHDRAWN:
        return _withdrawn_sentence(moved)
    return _public_sentence(row, moved)


def _public_sentence(row: Publishable, moved: Transition | None) -> str:
    instants = [row.publish_at, moved.at if moved else None]
    since = max((instant for instant in instants if instant), default=None)
    if row.expire_at:
        return _("On the site until %(time)s (Korea time).") % {
            "time": moment_in_korea(row.expire_at)
        }
    if since:
        return _("On the site since %(time)s (Korea time).") % {"time": moment_in_korea(since)}
    return _("On the site: everybody can see it.")


def _withdrawn_sentence(moved: Transition | None) -> str:
    if moved is None:
        return _("Not on the site: it was taken down.")
    return _("Not on the site: %(name)s took it down at %(time)s (Korea time).") % {
        "name": moved.by or _("Someone"),
        "time": moment_in_korea(moved.at),
    }


def _last_move(row: Publishable) -> Transition | None:
    moves = Transition.objects.filter(
        content_type=ContentType.objects.get_for_model(row), object_id=row.pk, field="status"
    )
    return moves.select_related("by").first()


def moment_in_korea(value: datetime | None) -> str:
    """Day and hour as the office's clock has them; nothing for no moment."""
    return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT") if value else ""
