"""Pictures and documents of a programme."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oda_portal.files.fields import CheckedDocumentField, CheckedImageField
from oda_portal.files.stored import StoredFile
from oda_portal.library.licences import Licence
from oda_portal.publishing.models import TextQuerySet

from .program import Program


class Photo(models.Model):
    """A picture, or the caption of one that we do not have: then a drawing stands for it."""

    class Stage(models.TextChoices):
        BEFORE = "before", _("Before")
        AFTER = "after", _("After")

    program = models.ForeignKey(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="photos"
    )
    image = CheckedImageField(_("picture"), blank=True, db_index=True)
    caption = models.CharField(_("caption"), max_length=200)
    alt = models.CharField(
        _("text alternative"),
        max_length=200,
        blank=True,
        help_text=_(
            "What it shows, for people who cannot see it. Required when there is a picture."
        ),
    )
    licence = models.PositiveSmallIntegerField(
        _("licence"), choices=Licence, default=Licence.TYPE_1
    )
    credit = models.CharField(_("credit"), max_length=100, blank=True)
    stage = models.CharField(
        _("before or after"), max_length=6, choices=Stage, blank=True, default=""
    )
    pair = models.PositiveSmallIntegerField(
        _("pair"),
        null=True,
        blank=True,
        help_text=_("The same number on the picture before and the picture after."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            models.CheckConstraint(
                condition=Q(pair=None, stage="") | (Q(pair__isnull=False) & ~Q(stage="")),
                name="photo_pair_has_a_stage",
                violation_error_message=_(
                    "Give both: the number of the pair, and before or after."
                ),
            ),
            models.UniqueConstraint(
                fields=["program", "pair", "stage"],
                condition=Q(pair__isnull=False),
                name="photo_pair_is_two",
            ),
        ]

    def __str__(self) -> str:
        return self.caption

    def get_absolute_url(self) -> str:
        return reverse("programs:photo_detail", args=[self.program.code, self.pk])

    @property
    def cover_seed(self) -> str:
        """A photo that we do not have is drawn, always the same."""
        return f"photo-{self.pk}"

    @property
    def palette(self) -> str:
        return self.program.palette

    def may_be_seen(self) -> bool:
        """Whether its renditions may lie in the public folder."""
        return bool(self.image) and self.program.is_public()


class DocumentQuerySet(TextQuerySet):
    def published(self, at: datetime | None = None) -> DocumentQuerySet:
        return self.filter(program__in=Program.objects.published(at))


class Document(StoredFile, models.Model):
    program = models.ForeignKey(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="documents"
    )
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    file = CheckedDocumentField(_("file"), db_index=True)
    language = models.CharField(
        _("language"), max_length=10, blank=True, help_text=_("Language code: ko, en, zh-hans")
    )
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("files:download", args=[self.uuid])
