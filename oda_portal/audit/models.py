"""The audit trail of states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class Transition(models.Model):
    """One change of one state. Rows are only ever added."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"))
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    field = models.CharField(_("field"), max_length=40)
    from_state = models.CharField(_("from"), max_length=40)
    to_state = models.CharField(_("to"), max_length=40)
    # SET_NULL: the account may be closed, the act stays.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("by"),
        related_name="+",
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="transition_subject"),
            models.Index(fields=["at"], name="transition_at"),
        ]
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")

    def __str__(self) -> str:
        return f"{self.field}: {self.from_state} → {self.to_state}"


def record_transition(
    subject: models.Model,
    field: str,
    from_state: str,
    to_state: str,
    *,
    by: User | None,
    reason: str = "",
) -> Transition:
    """Write the trail of a change that the caller has just made, in the same transaction."""
    return Transition.objects.create(
        subject=subject,
        field=field,
        from_state=from_state,
        to_state=to_state,
        by=by,
        reason=reason,
    )
