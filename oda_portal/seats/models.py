"""Places and who holds them."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Pool(models.Model):
    """So many places. `taken` is written by `seats.actions` alone."""

    capacity = models.PositiveIntegerField(_("places"))
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("pool of places")
        verbose_name_plural = _("pools of places")
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")),
                name="pool_never_overbooked",
                violation_error_message=_("More places than this are taken already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taken}/{self.capacity}"

    @property
    def left(self) -> int:
        return self.capacity - self.taken


class Seat(models.Model):
    """One subject's hold on one pool: of each subject there is one row, whatever becomes of it."""

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("seat", "Held")
        RELEASED = "released", pgettext_lazy("seat", "Released")

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="seats", verbose_name=_("pool"))
    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"))
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    size = models.PositiveSmallIntegerField(_("people"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State)
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "content_type", "object_id"], name="seat_once_for_each_subject"
            ),
            models.CheckConstraint(condition=Q(size__gte=1), name="seat_for_at_least_one"),
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="seat_subject")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} ({self.size})"
