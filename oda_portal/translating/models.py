"""Which texts are no longer in step with the text that they were translated from."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TranslationState(models.Model):
    """One text whose source has changed since it was last in step with it.

    A text that is up to date has no row, and neither has one that is missing: that is computed.
    Written by `states` alone.
    """

    content_type = models.ForeignKey(
        ContentType, models.CASCADE, verbose_name=_("kind"), related_name="+"
    )
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    field = models.CharField(_("field"), max_length=60)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    # The record on whose page the text stands: itself, or what it is a part of.
    record_type = models.ForeignKey(
        ContentType, models.CASCADE, verbose_name=_("kind of record"), related_name="+"
    )
    record_id = models.PositiveBigIntegerField()
    # Of the source's text with which this one was last in step.
    source_hash = models.CharField(max_length=64)
    since = models.DateTimeField(_("since"), default=timezone.now)
    # Whoever changed the source. SET_NULL: the account may be closed, the text still waits.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True,
        verbose_name=_("by"), related_name="+",
    )  # fmt: skip

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "field", "language"],
                name="translation_state_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["record_type", "record_id", "language"], name="translation_record"
            ),
            models.Index(fields=["language", "content_type"], name="translation_language"),
        ]
        verbose_name = _("outdated translation")
        verbose_name_plural = _("outdated translations")

    def __str__(self) -> str:
        return f"{self.field} ({self.language})"
