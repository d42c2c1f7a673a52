"""Pictures and documents that several records show, each kept once.

A record shows one by naming the same stored file: see `uses`, and ADR 0044.
"""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.files.fields import CheckedDocumentField, CheckedImageField
from oda_portal.files.stored import StoredFile
from oda_portal.languages import HTML_LANG
from oda_portal.publishing.models import TextQuerySet, language_column

from .licences import Licence


class Subject(models.Model):
    """A word to find pictures and documents by."""

    name = models.CharField(_("name"), max_length=60)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = pgettext_lazy("library", "subject")
        verbose_name_plural = pgettext_lazy("library", "subjects")

    def __str__(self) -> str:
        return self.name


def _is_empty(field: str, language: str = "") -> list[Q]:
    codes = [language] if language else list(HTML_LANG)
    columns = [language_column(field, code) for code in codes]
    return [Q(**{column: ""}) | Q(**{f"{column}__isnull": True}) for column in columns]


class HeldQuerySet(TextQuerySet):
    """Rows that hold a file, by what is in it."""

    def with_bytes(self, *digests: str) -> Self:
        """Those that were sent, or are kept, with exactly these bytes."""
        return self.filter(Q(digest__in=digests) | Q(sent_digest__in=digests))


class PictureQuerySet(HeldQuerySet):
    def ready(self) -> Self:
        """Those that records may show: what they show is said in every language."""
        rows = self
        for empty in _is_empty("alt"):
            rows = rows.exclude(empty)
        return rows

    def to_be_described(self, language: str = "") -> Self:
        """Those of which nobody has said in some language, or in this one, what they show."""
        empty = Q()
        for in_language in _is_empty("alt", language):
            empty |= in_language
        return self.filter(empty)


class Held(models.Model):
    """What the library knows of each file, whatever kind it is."""

    name = models.CharField(
        _("name"),
        max_length=150,
        help_text=_(
            "The name that staff search for; at first the file name. Readers do not see it."
        ),
    )
    licence = models.PositiveSmallIntegerField(
        _("licence"), choices=Licence, default=Licence.TYPE_1
    )
    credit = models.CharField(pgettext_lazy("library", "credit"), max_length=100, blank=True)
    subjects = models.ManyToManyField(
        Subject,
        verbose_name=pgettext_lazy("library", "subjects"),
        related_name="%(class)ss",
        blank=True,
    )
    added_at = models.DateTimeField(_("added at"), auto_now_add=True, db_index=True)
    # Of the file as it is stored; a picture was encoded anew.
    bytes = models.PositiveIntegerField(_("size"), default=0, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sent_digest = models.CharField(max_length=64, db_index=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["-added_at", "-pk"]


class Picture(Held):
    image = CheckedImageField(_("picture"), db_index=True, editable=False)
    alt = models.CharField(
        _("text alternative"),
        max_length=200,
        blank=True,
        help_text=_(
            "What it shows, for people who cannot see it. The picture can be used once this is"
            " there in all three languages."
        ),
    )
    caption = models.CharField(
        _("caption"),
        max_length=200,
        blank=True,
        help_text=_("Suggested wherever the picture is used."),
    )
    width = models.PositiveIntegerField(_("width"), default=0, editable=False)
    height = models.PositiveIntegerField(_("height"), default=0, editable=False)

    objects = PictureQuerySet.as_manager()

    class Meta(Held.Meta):
        verbose_name = _("library picture")
        verbose_name_plural = _("library pictures")

    def __str__(self) -> str:
        return self.caption or self.name

    @property
    def stored(self) -> Any:
        return self.image

    def missing_languages(self) -> list[str]:
        """The languages in which nobody has said yet what it shows."""
        return [code for code in HTML_LANG if not getattr(self, language_column("alt", code))]

    @property
    def is_ready(self) -> bool:
        return not self.missing_languages()


class DocumentQuerySet(HeldQuerySet):
    def ready(self) -> Self:
        """Those that records may show: they have a title in some language."""
        return self.exclude(self._untitled())

    def to_be_described(self) -> Self:
        return self.filter(self._untitled())

    def _untitled(self) -> Q:
        untitled = Q()
        for empty in _is_empty("title"):
            untitled &= empty
        return untitled


class Document(StoredFile, Held):
    """Its newest version; all of them are `versions`."""

    file = CheckedDocumentField(_("file"), db_index=True, editable=False)
    title = models.CharField(
        _("title"),
        max_length=200,
        blank=True,
        help_text=_("Suggested wherever the document is used."),
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        choices=[*settings.LANGUAGES],
        help_text=_("The language in which the document itself is written."),
    )

    objects = DocumentQuerySet.as_manager()

    class Meta(Held.Meta):
        verbose_name = _("library document")
        verbose_name_plural = _("library documents")

    def __str__(self) -> str:
        return self.title or self.name

    @property
    def stored(self) -> Any:
        return self.file

    @property
    def is_ready(self) -> bool:
        return any(getattr(self, language_column("title", code)) for code in HTML_LANG)


class DocumentVersion(models.Model):
    """One version of a document, as it was uploaded; nothing in it is ever changed."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="versions", verbose_name=_("document")
    )
    number = models.PositiveIntegerField(_("version"))
    # The same stored file as the document's, or an older one's that was taken up again.
    file = CheckedDocumentField(_("file"), db_index=True)
    note = models.CharField(_("what is new"), max_length=300, blank=True)
    bytes = models.PositiveIntegerField(_("size"), default=0)
    digest = models.CharField(max_length=64, db_index=True)
    sent_digest = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_has_one_number"),
        ]

    def __str__(self) -> str:
        return f"{self.document} ({self.number})"
