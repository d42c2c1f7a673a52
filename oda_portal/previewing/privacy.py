"""What staff wrote and did not save goes by itself, soon."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.destruction import destroy_row
from oda_portal.privacy.registry import PersonalData, register

from .models import KeptText, Preview

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


def register_all() -> None:
    register(
        PersonalData(
            key="previews",
            label=_("Previews of unsaved forms"),
            model=Preview,
            born="created_at",
            purpose=_("Looking at a page before it is published"),
            days=1,
            due=lambda before: Preview.objects.over(before),
            destroy=destroy_row,
            of=lambda user: Preview.objects.filter(by=user),
            person="by",
            export=_previews,
        )
    )
    register(
        PersonalData(
            key="unsaved_texts",
            label=_("Unsaved texts in the back office"),
            model=KeptText,
            born="saved_at",
            purpose=_("Going on with a form after an interruption"),
            days=30,
            due=_not_taken_up,
            destroy=destroy_row,
            of=lambda user: KeptText.objects.filter(by=user),
            person="by",
            export=_unsaved_texts,
        )
    )


def _not_taken_up(before: datetime) -> models.QuerySet[KeptText]:
    return KeptText.objects.filter(saved_at__lt=before)


def _previews(user: User) -> list[dict[str, Any]]:
    rows = Preview.objects.filter(by=user).defer("sealed").order_by("pk")
    return [{"title": row.title, "made_at": _moment(row.created_at)} for row in rows]


def _unsaved_texts(user: User) -> list[dict[str, Any]]:
    rows = KeptText.objects.filter(by=user).order_by("pk")
    return [
        {"form": row.model, "record": row.object_id, "saved_at": _moment(row.saved_at),
         "text": dict(row.fields.items())}
        for row in rows
    ]  # fmt: skip


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes")
