"""How long each kind of personal data is kept, and what was destroyed."""

from __future__ import annotations

from typing import Self
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy import registry


class RetentionRule(models.Model):
    """One line of the retention table. Its key names an entry of `privacy.registry`."""

    key = models.CharField(_("kind of data"), max_length=100, unique=True)
    purpose = models.CharField(_("purpose"), max_length=200)
    days = models.PositiveIntegerField(
        _("days kept"),
        validators=[MinValueValidator(1)],
        help_text=_("Counted from when the data are no longer needed."),
    )
    notice_days = models.PositiveIntegerField(
        _("days of notice"),
        default=0,
        help_text=_(
            "How many days before destruction people are told by email."
            " 0 means that nobody is told."
        ),
    )

    class Meta:
        ordering = ["key"]
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention and destruction")
        constraints = [
            models.CheckConstraint(condition=models.Q(days__gte=1), name="retention_days"),
        ]

    def __str__(self) -> str:
        return registry.label_of(self.key)

    def clean(self) -> None:
        if self.days and self.notice_days >= self.days:
            raise ValidationError(
                {
                    "notice_days": _(
                        "The days of notice must be fewer than the days kept. Check both numbers."
                    )
                }
            )


class RetentionNoticeQuerySet(models.QuerySet["RetentionNotice"]):
    def untold(self) -> Self:
        """Of people without an address, whom nobody has told in another way yet."""
        return self.filter(told_at=None)


class RetentionNotice(models.Model):
    """That a row's destruction was announced, and for which day; gone with the row.

    `told_at` is empty where there was no address to write to: staff tell the person otherwise.
    """

    key = models.CharField(_("kind of data"), max_length=100)
    object_id = models.PositiveBigIntegerField(_("number"))
    destroy_on = models.DateField(_("day of destruction"))
    told_at = models.DateTimeField(_("told at"), null=True)

    objects = RetentionNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["destroy_on", "pk"]
        verbose_name = _("notice of destruction")
        verbose_name_plural = _("notices of destruction")
        constraints = [
            models.UniqueConstraint(fields=["key", "object_id"], name="retention_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.object_id}: {self.destroy_on}"


class DestructionLedger(models.Model):
    """That a row was destroyed, by which rule and when; no names. Replayed after a restore."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    key = models.CharField(_("kind of data"), max_length=100)
    object_id = models.PositiveBigIntegerField(_("number"))
    rule = models.CharField(_("rule"), max_length=200)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["key", "object_id"], name="ledger_object")]
        verbose_name = _("destroyed record")
        verbose_name_plural = _("ledger of destroyed records")

    def __str__(self) -> str:
        return f"{self.key} {self.object_id}"
