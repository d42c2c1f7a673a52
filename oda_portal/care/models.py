"""What a record lacks, as the worker found it; and which records its texts lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from oda_portal.pages.models import Department

from . import wording

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class Kind(models.TextChoices):
    BROKEN = "broken", pgettext_lazy("care", "Broken link")
    HIDDEN = "hidden", pgettext_lazy("care", "Link to what is not public")
    OLD = "old", pgettext_lazy("care", "Not revised for a long time")
    NO_ALT = "no_alt", pgettext_lazy("care", "Picture without a text alternative")
    LARGE = "large", pgettext_lazy("care", "Picture too large")
    SMALL = "small", pgettext_lazy("care", "Picture too small")
    LOST = "lost", pgettext_lazy("care", "Picture cannot be read")
    EMPTY = "empty", pgettext_lazy("care", "Open data needs this field")


class FindingQuerySet(models.QuerySet["Finding"]):
    def open(self) -> Self:
        """Those that nobody has called fine."""
        return self.filter(set_aside_at=None)

    def set_aside(self) -> Self:
        return self.exclude(set_aside_at=None)

    def of(self, obj: models.Model) -> Self:
        kind = ContentType.objects.get_for_model(obj)
        return self.filter(content_type=kind, object_id=obj.pk)


class Finding(models.Model):
    """One thing of one field. Its sentence is made in the language of whoever reads it.

    It goes by itself once it is put right. Somebody may say that it is fine as it is; that holds
    until the text in which it was found is another one (`fingerprint`).
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, verbose_name=_("kind of record"))
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    kind = models.CharField(pgettext_lazy("care", "what was found"), max_length=10, choices=Kind)
    # A column such as `body_ko`, or what the form calls the rows of a kind: `photos`.
    column = models.CharField(max_length=80)
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=settings.LANGUAGES
    )
    # What exactly of the field: an address, the key of a picture, the name of a requirement.
    about = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    department = models.ForeignKey(
        Department, models.SET_NULL, null=True, related_name="+", verbose_name=_("department")
    )
    found_at = models.DateTimeField(_("found at"), default=timezone.now)
    set_aside_at = models.DateTimeField(_("marked as fine at"), null=True)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("marked as fine by"),
    )  # fmt: skip
    reason = models.CharField(_("why it is fine"), max_length=300, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "content_type", "object_id", "pk"]
        verbose_name = pgettext_lazy("care", "finding")
        verbose_name_plural = pgettext_lazy("care", "findings")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "kind", "column", "about"],
                name="finding_once_each",
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at=None) | ~Q(reason=""),
                name="finding_set_aside_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["set_aside_at", "kind"], name="finding_open_kind")]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, in the active language."""
        return wording.sentence_of(self)

    @property
    def is_open(self) -> bool:
        return self.set_aside_at is None

    def call_fine(self, *, by: User, reason: str) -> bool:
        """False when somebody did already, or it is gone; raises ValueError without a reason."""
        if not reason.strip():
            raise ValueError("It is fine for a reason")
        return self._move(
            "open", "fine", by=by, reason=reason,
            set_aside_at=timezone.now(), set_aside_by=by,
        )  # fmt: skip

    def take_up(self, *, by: User | None) -> bool:
        """Told of again: somebody thought again, or (`by` is None) its text changed."""
        return self._move("fine", "open", by=by, reason="", set_aside_at=None, set_aside_by=None)

    def _move(
        self, before: str, after: str, *, by: User | None, reason: str, **values: Any
    ) -> bool:
        rows = Finding.objects.filter(pk=self.pk, set_aside_at__isnull=before == "open")
        with transaction.atomic():
            if not rows.update(reason=reason, **values):
                return False
            record_transition(self, "state", before, after, by=by, reason=reason)
        for name, value in {"reason": reason, **values}.items():
            setattr(self, name, value)
        return True


class Link(models.Model):
    """That a record's texts lead to another: `target` is its model and key, `news.article:7`.

    So that whatever becomes of the target, the records that lead there are looked at again.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    target = models.CharField(max_length=120)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("internal link")
        verbose_name_plural = _("internal links")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "target"], name="care_link_once"
            )
        ]
        indexes = [models.Index(fields=["target"], name="care_link_target")]

    def __str__(self) -> str:
        return f"{self.content_type_id}:{self.object_id} → {self.target}"


class Measure(models.Model):
    """Size of a stored picture. Names are random and never used again: it is measured once."""

    name = models.CharField(max_length=120, unique=True)
    # NULL: it cannot be read.
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    bytes = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("size of a picture")
        verbose_name_plural = _("sizes of pictures")

    def __str__(self) -> str:
        return f"{self.name} {self.width}×{self.height}"
