"""Texts that ask for a person's consent, and what each person answered."""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.models import language_columns


class Kind(models.TextChoices):
    """What the law wants asked apart from everything else."""

    GENERAL = "general", _("Collection and use of personal data")
    SENSITIVE = "sensitive", _("Sensitive data (health and the like)")
    IDENTIFIER = "identifier", _("Unique identifiers (passport number)")
    THIRD_PARTY = "third_party", _("Sharing with a third party")
    OVERSEAS = "overseas", _("Transfer outside Korea")
    PROMOTION = "promotion", _("News and promotion by email")
    PHOTO = "photo", _("Use of photos and video")
    GUARDIAN = "guardian", _("Consent of a parent or guardian")
    EMERGENCY = "emergency", _("Emergency contact")
    STORY = "story", _("Publication of a story")
    SUBSCRIPTION = "subscription", _("News by email")
    NEWS_PROMOTION = "news_promotion", _("Calls as promotion by email")
    INQUIRY = "inquiry", _("Email address for an answer")
    PAPER = "paper", _("Papers and topics of a forum")
    SPEAKER = "speaker", _("Publication of a speaker’s details")
    NETWORK = "network", _("Membership of the working-level network")
    DIRECTORY = "directory", _("Directory of the network’s members")
    ATTENDANCE = "attendance", _("Registration for an event")
    ATTENDANCE_NEEDS = "attendance_needs", _("What somebody needs at an event")
    # No consent to the use of data, but a text that has versions and is agreed to all the same.
    ROLE = "role", _("Role agreement")


class Row(NamedTuple):
    label: str
    text: str


class ShownText(NamedTuple):
    """A consent text as one reader sees it: whole, and in one language."""

    language: str
    heading: str
    rows: list[Row]
    sha256: str


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    def in_force(self) -> Self:
        """Of each kind the newest version whose day has come."""
        begun = self.filter(valid_from__lte=timezone.now())
        newest = begun.filter(kind=models.OuterRef("kind")).order_by("-version")
        return begun.filter(pk=models.Subquery(newest.values("pk")[:1]))


class ConsentText(models.Model):
    """One version of the text of one consent. Once in force it is never changed: see `revise`."""

    TRANSLATED = ("heading", "purpose", "items", "period", "recipient", "effect")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    version = models.PositiveIntegerField(_("version"), default=1)
    required = models.BooleanField(
        pgettext_lazy("consent", "required"),
        default=False,
        help_text=_("Without this consent nothing can be submitted."),
    )
    heading = models.CharField(_("heading"), max_length=200)
    purpose = models.TextField(_("why we collect and use it"))
    items = models.TextField(_("what we collect"))
    period = models.TextField(_("how long we keep and use it"))
    recipient = models.TextField(
        _("who receives it"),
        blank=True,
        help_text=_(
            "Only for sharing and transfer. Outside Korea also: country, time and method, contact,"
            " how to refuse and what follows."
        ),
    )
    effect = models.TextField(_("right to refuse and what follows"))
    valid_from = models.DateTimeField(
        _("in force from"),
        null=True,
        blank=True,
        help_text=_(
            "Leave empty for a draft. From this time on the text can no longer be changed."
        ),
    )

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-version"]
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="consent_text_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"

    def is_settled(self) -> bool:
        """Whether somebody may have been shown it, so that it must stay as it is."""
        begun = self.valid_from is not None and self.valid_from <= timezone.now()
        return begun or (self.pk is not None and self.given.exists())

    def shown(self) -> ShownText:
        """For a reader of the active language, or of the next that has the whole text."""
        for heading in language_columns("heading"):
            suffix = heading.removeprefix("heading")
            words = {name: getattr(self, name + suffix) or "" for name in self.TRANSLATED}
            if all(words[name] for name in ("heading", "purpose", "items", "period", "effect")):
                return self._shown(suffix[1:].replace("_", "-"), words)
        raise ValueError(f"Consent text {self.pk} is whole in no language")

    def _shown(self, language: str, words: dict[str, str]) -> ShownText:
        labels = ROLE_LABELS if self.kind == Kind.ROLE else LABELS
        rows = [Row(label(), words[name]) for name, label in labels.items() if words[name]]
        return ShownText(
            language=language,
            heading=words["heading"],
            rows=rows,
            sha256=digest(self.kind, self.version, language, words),
        )


# Functions: a table drawn in Korean within an English page has its labels in English.
LABELS = {
    "purpose": lambda: gettext("Why we collect and use it"),
    "items": lambda: gettext("What we collect"),
    "recipient": lambda: gettext("Who receives it"),
    "period": lambda: gettext("How long we keep and use it"),
    "effect": lambda: gettext("Your right to refuse, and what follows"),
}
ROLE_LABELS = {
    "purpose": lambda: gettext("What it is about"),
    "items": lambda: gettext("What you agree to do"),
    "recipient": lambda: gettext("What the office does"),
    "period": lambda: gettext("For how long"),
    "effect": lambda: gettext("If you do not agree"),
}


def digest(kind: str, version: int, language: str, words: dict[str, str]) -> str:
    """SHA-256 of the text as JSON with sorted keys; line ends and outer spaces do not count."""
    plain = {name: "\n".join(text.splitlines()).strip() for name, text in words.items()}
    whole = {"kind": kind, "version": version, "language": language, **plain}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class ConsentQuerySet(models.QuerySet["Consent"]):
    def about(self, subject: models.Model) -> Self:
        return self.filter(
            content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk
        )

    def newest(self) -> Self:
        """Of each subject and kind what was said last."""
        later = Consent.objects.filter(
            content_type=models.OuterRef("content_type"),
            object_id=models.OuterRef("object_id"),
            kind=models.OuterRef("kind"),
            pk__gt=models.OuterRef("pk"),
        )
        return self.filter(~models.Exists(later))


class Consent(models.Model):
    """One answer of one person to one text. Rows are only added: a withdrawal is another row."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("what for"))
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    # SET_NULL: the account may be closed; the answer is kept for its own period, without a name.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("person"),
        related_name="consents",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    text = models.ForeignKey(
        ConsentText, models.PROTECT, related_name="given", verbose_name=_("consent text")
    )
    version = models.PositiveIntegerField(_("version"))
    sha256 = models.CharField(_("SHA-256 of the text shown"), max_length=64)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    given = models.BooleanField(_("agreed"))
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="consent_subject")]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"
