"""Many certificates in one go: who is in it, how far it is, and what could not be issued."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition

from .. import registry
from .certificates import Certificate

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class BatchQuerySet(models.QuerySet):
    def unfinished(self) -> Self:
        return self.filter(finished_at=None, cancelled_at=None)

    def with_counts(self) -> Self:
        """`total`, `done` and `failed`, in the same question."""
        states = BatchRow.State
        return self.annotate(
            total=Count("rows"),
            done=Count("rows", ~Q(rows__state=states.WAITING)),
            failed=Count("rows", Q(rows__state=states.FAILED)),
        )


class Batch(models.Model):
    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("batch", "Being issued")
        CANCELLED = "cancelled", pgettext_lazy("batch", "Cancelled")
        FINISHED = "finished", pgettext_lazy("batch", "Finished")

    kind = models.CharField(_("kind"), max_length=60, editable=False)
    content_type = models.ForeignKey(ContentType, models.PROTECT, editable=False, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("requested by"),
    )
    asked_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    # The last sign of life of whoever works at it.
    worked_at = models.DateTimeField(_("last run at"), default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("batch of certificates")
        verbose_name_plural = _("batches of certificates")
        constraints = [
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(finished_at=None),
                name="batch_cancelled_or_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"{registry.label_of(self.kind)} #{self.pk}"

    @property
    def state(self) -> Batch.State:
        if self.cancelled_at:
            return self.State.CANCELLED
        return self.State.FINISHED if self.finished_at else self.State.RUNNING

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    def cancel(self, *, by: User) -> bool:
        """Stop before the next; what is issued stays. False when it was over."""
        return self._end(self.State.CANCELLED, by=by, cancelled_at=timezone.now())

    def finish(self) -> bool:
        return self._end(self.State.FINISHED, by=None, finished_at=timezone.now())

    def _end(self, target: Batch.State, *, by: User | None, **values: datetime) -> bool:
        with transaction.atomic():
            moved = Batch.objects.unfinished().filter(pk=self.pk).update(**values)
            if moved:
                record_transition(self, "state", self.State.RUNNING, target, by=by)
        self.refresh_from_db(fields=["cancelled_at", "finished_at"])
        return bool(moved)


class BatchRow(models.Model):
    """One subject of a batch, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("batch", "Waiting")
        ISSUED = "issued", pgettext_lazy("batch", "Issued")
        FAILED = "failed", pgettext_lazy("batch", "Not issued")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", verbose_name=_("batch"))
    object_id = models.PositiveBigIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    certificate = models.ForeignKey(
        Certificate, models.SET_NULL, null=True, related_name="+", verbose_name=_("certificate")
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("certificate of a batch")
        verbose_name_plural = _("certificates of a batch")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "object_id"], name="batch_row_once_for_each_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.object_id}"

    def issued(self, certificate: Certificate) -> bool:
        return self._settle(state=self.State.ISSUED, certificate=certificate)

    def failed(self, reason: str) -> bool:
        return self._settle(state=self.State.FAILED, reason=reason[:300])

    def _settle(self, **values: object) -> bool:
        """Once: whoever else works at the batch finds it done."""
        rows = BatchRow.objects.filter(pk=self.pk, state=self.State.WAITING)
        settled = rows.update(**values)
        Batch.objects.filter(pk=self.batch_id).update(worked_at=timezone.now())
        return bool(settled)
