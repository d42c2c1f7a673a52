"""Pictures and attachments of an article."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oda_portal.files.fields import CheckedDocumentField, CheckedImageField
from oda_portal.library.licences import Licence
from oda_portal.publishing.models import TextQuerySet

from .articles import Article


class ArticlePhoto(models.Model):
    """A picture, or the caption of one that we do not have: then a drawing stands for it."""

    article = models.ForeignKey(
        Article, models.CASCADE, verbose_name=_("article"), related_name="photos"
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
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return self.caption

    @property
    def cover_seed(self) -> str:
        """A photo that we do not have is drawn, always the same."""
        return f"article-photo-{self.pk}"

    @property
    def palette(self) -> str:
        return self.article.palette

    def may_be_seen(self) -> bool:
        """Whether its renditions may lie in the public folder."""
        return bool(self.image) and self.article.is_public()


class AttachmentQuerySet(TextQuerySet):
    def published(self, at: datetime | None = None) -> AttachmentQuerySet:
        return self.filter(article__in=Article.objects.published(at))


# Formats of one program that many readers do not have.
UNREADABLE = ("hwp", "hwpx")


class Attachment(models.Model):
    """A document for readers. One that not everybody can open has the same as a PDF beside it."""

    article = models.ForeignKey(
        Article, models.CASCADE, verbose_name=_("article"), related_name="attachments"
    )
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    file = CheckedDocumentField(_("file"), db_index=True)
    readable = CheckedDocumentField(
        _("the same as a PDF"),
        blank=True,
        db_index=True,
        help_text=_("Required for HWP and HWPX, which not everybody can open."),
    )
    readable_uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.CheckConstraint(
                condition=~(Q(file__iendswith=".hwp") | Q(file__iendswith=".hwpx"))
                | ~Q(readable=""),
                name="attachment_hwp_has_a_pdf",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("files:download", args=[self.uuid])

    def clean(self) -> None:
        if self.readable and _ending(self.readable) != "pdf":
            raise ValidationError({"readable": _("This must be a PDF file.")})
        if self.file and not self.readable and _ending(self.file) in UNREADABLE:
            raise ValidationError(
                {
                    "readable": _(
                        "Not everybody can open an HWP file. Save the same document as a PDF"
                        " and attach it here as well."
                    )
                }
            )

    @property
    def files(self) -> list[tuple[str, str, int | None]]:
        """Address, format and size in bytes, what everybody can read first.

        The size is None where the stored file is gone, which must not take the page with it.
        """
        given = [(self.readable_uuid, self.readable), (self.uuid, self.file)]
        return [
            (reverse("files:download", args=[key]), _ending(file).upper(), _size(file))
            for key, file in given
            if file
        ]


def _ending(file: FieldFile) -> str:
    return str(file).rpartition(".")[2].lower()


def _size(file: FieldFile) -> int | None:
    try:
        return file.size
    except OSError:
        return None
