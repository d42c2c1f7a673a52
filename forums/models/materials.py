"""What an edition left behind: papers, slides, recordings, and what was put right later."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.files.fields import CheckedDocumentField
from oda_portal.files.stored import StoredFile
from oda_portal.publishing.models import TextQuerySet, is_published

from .forums import Forum
from .sessions import ForumSession


class MaterialQuerySet(TextQuerySet):
    def published(self, at: datetime | None = None) -> Self:
        return self.filter(is_published(at, through="forum__program__"))


class Material(StoredFile, models.Model):
    """A file of ours, or an address where somebody else keeps it."""

    class Kind(models.TextChoices):
        PAPER = "paper", pgettext_lazy("forum", "Paper")
        SLIDES = "slides", _("Slides")
        RECORDING = "recording", _("Recording")
        PROCEEDINGS = "proceedings", _("Proceedings")
        OTHER = "other", pgettext_lazy("material", "Other")

    forum = models.ForeignKey(
        Forum,
        models.CASCADE,
        related_name="materials",
        verbose_name=pgettext_lazy("event", "forum"),
    )
    session = models.ForeignKey(
        ForumSession, models.SET_NULL, null=True, blank=True, related_name="materials",
        verbose_name=pgettext_lazy("forum", "session"),
    )  # fmt: skip
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    file = CheckedDocumentField(_("file"), blank=True)
    url = models.URLField(pgettext_lazy("web", "address"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=3, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = pgettext_lazy("forum", "material")
        verbose_name_plural = pgettext_lazy("forum", "materials")
        constraints = [
            models.CheckConstraint(
                condition=(~Q(file="") & Q(url="")) | (Q(file="") & ~Q(url="")),
                name="material_is_a_file_or_a_link",
                violation_error_message=_("Give either a file or an address."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where it is read: our file, or the address of whoever keeps it."""
        return self.url or reverse("files:download", args=[self.uuid])

    @property
    def host(self) -> str:
        """The bare host name of the address, for people to read; empty for a file of ours."""
        return self.url.split("/")[2].removeprefix("www.") if self.url else ""


class Correction(models.Model):
    """What was put right in an edition after it was frozen; everybody can read it."""

    forum = models.ForeignKey(
        Forum,
        models.CASCADE,
        related_name="corrections",
        verbose_name=pgettext_lazy("event", "forum"),
    )
    text = models.CharField(_("correction"), max_length=300)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("by"), editable=False,
    )  # fmt: skip

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return self.text
