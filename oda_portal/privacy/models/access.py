"""Who looked at whose data. Rows are only added; triggers of the database see to it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Act(models.TextChoices):
    LIST = "list", pgettext_lazy("look", "List")
    DETAIL = "detail", pgettext_lazy("look", "Record")
    FILE = "file", pgettext_lazy("look", "File")
    EXPORT = "export", pgettext_lazy("look", "Export")
    EDIT = "edit", pgettext_lazy("look", "Change")
    PRINT = "print", pgettext_lazy("look", "Print")


class AccessRecordQuerySet(models.QuerySet["AccessRecord"]):
    def about(self, label: str, object_id: int) -> Self:
        """Looks at this person's record."""
        shown = AccessSubject.objects.filter(label=label, object_id=object_id)
        return self.filter(pk__in=shown.values("record_id"))

    def within(self, seal: Seal) -> Self:
        return self.filter(pk__gt=seal.after_id, pk__lte=seal.last_id)


class AccessRecord(models.Model):
    """One act of one person. `account` and `roles` are what they were at that moment."""

    # No constraint: the account may be closed, and this row cannot be changed to say so.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        db_constraint=False,
        null=True,
        verbose_name=_("person"),
        related_name="+",
    )
    account = models.CharField(_("who"), max_length=254)
    roles = models.CharField(_("roles"), max_length=300, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    address = models.CharField(_("IP address"), max_length=50, blank=True)
    act = models.CharField(_("act"), max_length=10, choices=Act)
    what = models.CharField(_("what"), max_length=100)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = AccessRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            # What an account or an address touched in a window, among all looks of two years.
            models.Index(fields=["account", "at"], name="access_account_at"),
            models.Index(fields=["address", "at"], name="access_address_at"),
        ]
        verbose_name = _("view of personal data")
        verbose_name_plural = _("personal data access log")

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.what}"


class AccessSubject(models.Model):
    """Whose data an act showed: the kind of record and its number, never a name."""

    record = models.ForeignKey(AccessRecord, models.DO_NOTHING, related_name="subjects")
    label = models.CharField(_("kind"), max_length=100)
    object_id = models.PositiveBigIntegerField(_("number"))

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["label", "object_id"], name="access_subject")]
        verbose_name = _("person whose data were viewed")
        verbose_name_plural = _("people whose data were viewed")

    def __str__(self) -> str:
        return f"{self.label} {self.object_id}"


class Seal(models.Model):
    """The hash of the looks since the seal before it, and that one's own hash.

    It covers the rows with `after_id` < id ≤ `last_id`.
    """

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    after_id = models.PositiveBigIntegerField()
    last_id = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField(_("views"))
    newest_at = models.DateTimeField(_("latest view"))
    previous = models.CharField(_("hash of the seal before"), max_length=64)
    sha256 = models.CharField(_("hash"), max_length=64)
    at = models.DateTimeField(_("sealed at"), default=timezone.now)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("seal of the access log")
        verbose_name_plural = _("seals of the access log")

    def __str__(self) -> str:
        return f"{self.number}: {self.sha256[:12]}"
