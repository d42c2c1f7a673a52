"""What was decided about something, kept until the time at which everybody is told."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oda_portal.seats.models import Pool


class Decision(models.Model):
    """One decision by one person. Until it is released nothing else in the portal knows of it.

    `outcome` is a word of the app's own; the decisions about what was taken up again stay.
    """

    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"))
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    outcome = models.CharField(_("outcome"), max_length=20)
    # The places that it is about, if it is about a place.
    pool = models.ForeignKey(
        Pool, models.PROTECT, null=True, related_name="decisions", verbose_name=_("pool")
    )
    # In which order those who wait for these places join the waiting list.
    rank = models.PositiveIntegerField(_("rank"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), auto_now=True)
    released_at = models.DateTimeField(_("released at"), null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=Q(released_at=None),
                name="decision_held_once_for_each_subject",
            ),
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="decision_subject")]

    def __str__(self) -> str:
        return self.outcome
