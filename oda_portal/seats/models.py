"""Places and who holds them."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Pool(models.Model):
    """So many places. Everything but the hours is written by `seats.actions` alone."""

    capacity = models.PositiveIntegerField(_("places"))
    # Held and offered: a place that somebody may still say yes to is not free.
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)
    # Counts upwards only, so that nobody who joins comes before anybody who waits.
    last_position = models.PositiveIntegerField(default=0, editable=False)
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offer"), default=72, help_text=_("For places that become free.")
    )

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
        OFFERED = "offered", pgettext_lazy("seat", "Offered")
        WAITING = "waiting", pgettext_lazy("seat", "Waiting")
        RELEASED = "released", pgettext_lazy("seat", "Released")

    class Reason(models.TextChoices):
        """Why somebody holds a place no longer, or waits no longer."""

        GIVEN_BACK = "given_back", pgettext_lazy("seat", "Given back")
        EXPIRED = "expired", pgettext_lazy("seat", "The time to answer ran out")

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="seats", verbose_name=_("pool"))
    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"))
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    size = models.PositiveSmallIntegerField(_("people"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State)
    # In the order of these numbers, which say nothing else: how many are ahead is counted.
    position = models.PositiveIntegerField(_("position"), null=True, editable=False)
    # Empty while offered: there is no end to this offer.
    offered_until = models.DateTimeField(_("offered until"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)
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
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(position__isnull=False),
                name="seat_waits_at_a_position",
            ),
            models.UniqueConstraint(
                fields=["pool", "position"], condition=Q(state="waiting"), name="seat_waits_alone"
            ),
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="seat_subject"),
            models.Index(
                fields=["offered_until"], condition=Q(state="offered"), name="seat_offer_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} ({self.size})"
