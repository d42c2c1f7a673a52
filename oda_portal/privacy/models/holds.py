"""Why something may not be destroyed for now, by whom, and until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class HoldQuerySet(models.QuerySet["Hold"]):
    def standing(self) -> Self:
        """Those that keep something today; the last day counts."""
        return self.filter(lifted_at=None, until__gte=timezone.localdate())

    def ending(self, days: int) -> Self:
        """Those of the standing ones whose last day is no further away."""
        return self.standing().filter(until__lte=timezone.localdate() + timedelta(days=days))

    def over_before(self, day: date) -> Self:
        return self.filter(Q(until__lt=day) | Q(lifted_at__date__lt=day))


class Hold(models.Model):
    """On a whole kind of data (`key`, as in the retention table), or on one record.

    A hold on an account holds everything of that person. It ends by itself after its last day.
    """

    class Ground(models.TextChoices):
        LAWSUIT = "lawsuit", pgettext_lazy("hold", "A lawsuit")
        AUDIT = "audit", pgettext_lazy("hold", "An audit or inspection")
        REQUEST = "request", pgettext_lazy("hold", "A request that is being dealt with")
        LAW = "law", pgettext_lazy("hold", "A law that requires keeping them")

    key = models.CharField(_("kind of data"), max_length=100, blank=True)
    content_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, verbose_name=_("kind"), related_name="+"
    )
    object_id = models.PositiveBigIntegerField(_("number"), null=True)
    subject = GenericForeignKey()
    ground = models.CharField(pgettext_lazy("hold", "ground"), max_length=10, choices=Ground)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    until = models.DateField(pgettext_lazy("hold", "until"))
    # SET_NULL: the account may be closed, the hold stays.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=_("by"),
        related_name="+",
    )
    set_at = models.DateTimeField(pgettext_lazy("hold", "set at"), default=timezone.now)
    lifted_at = models.DateTimeField(pgettext_lazy("hold", "lifted at"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=pgettext_lazy("hold", "lifted by"),
        related_name="+",
    )

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("hold on destruction")
        verbose_name_plural = _("holds on destruction")
        constraints = [
            models.CheckConstraint(
                condition=Q(key="", content_type__isnull=False, object_id__isnull=False)
                | (~Q(key="") & Q(content_type=None, object_id=None)),
                name="hold_has_one_object",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key or self.content_type} {self.object_id or ''}".strip()

    @property
    def is_standing(self) -> bool:
        return self.lifted_at is None and self.until >= timezone.localdate()

    @property
    def days_left(self) -> int:
        """Negative when it is over."""
        return (self.until - timezone.localdate()).days

    def lift(self, *, by: User) -> bool:
        """End it before its day; False when it is over already."""
        now = timezone.now()
        standing = Hold.objects.standing().filter(pk=self.pk)
        if not standing.update(lifted_at=now, lifted_by=by):
            return False
        self.lifted_at, self.lifted_by = now, by
        return True
