"""Renditions of public pictures."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


def rendition_name(instance: Rendition, filename: str) -> str:
    """Random: what was withdrawn must not be found under a name that somebody kept."""
    return f"renditions/{uuid4().hex}.{instance.format}"


class Rendition(models.Model):
    """A picture in one size and format, in the public folder while its subject is public."""

    class Format(models.TextChoices):
        AVIF = "avif", "AVIF"
        WEBP = "webp", "WebP"
        JPEG = "jpg", "JPEG"

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    # Of which stored original it was made: a replaced picture needs new ones.
    original = models.CharField(max_length=120)
    format = models.CharField(max_length=4, choices=Format)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file = models.FileField(upload_to=rendition_name, max_length=120)

    class Meta:
        ordering = ["format", "width"]
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "original", "format", "width"],
                name="rendition_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.width}×{self.height}"
