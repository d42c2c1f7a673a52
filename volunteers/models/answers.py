"""What an application consists of besides its own columns."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.files.fields import AttachmentField

from .applications import Application
from .openings import Opening
from .parts import Question, RequiredDocument


class Choice(models.Model):
    """An opening that the person wants; rank 1 is the first choice."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="choices")
    opening = models.ForeignKey(
        Opening, models.PROTECT, related_name="choices", verbose_name=_("opening")
    )
    rank = models.PositiveSmallIntegerField(_("order of preference"))

    class Meta:
        ordering = ["rank"]
        verbose_name = _("choice of opening")
        verbose_name_plural = _("choices of openings")
        constraints = [
            models.UniqueConstraint(fields=["application", "opening"], name="choice_opening_once"),
            models.UniqueConstraint(fields=["application", "rank"], name="choice_rank_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}"


class Answer(models.Model):
    """The answer to one of the call's own questions, as sent."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="given", verbose_name=_("question")
    )
    text = models.TextField(_("answer"))

    class Meta:
        ordering = ["question__position", "question_id"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "question"], name="answer_once_for_each_question"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class ApplicationFile(models.Model):
    """A file of the person's own: private, replaceable as long as the application is editable."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="files")
    document = models.ForeignKey(
        RequiredDocument,
        models.PROTECT,
        related_name="files",
        verbose_name=pgettext_lazy("application", "document"),
    )
    file = AttachmentField(_("file"))
    # As the person named it; shown as text and never part of a path.
    name = models.CharField(_("name of the file"), max_length=150)
    size = models.PositiveIntegerField(_("size in bytes"))
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)

    class Meta:
        ordering = ["document__position", "document_id"]
        verbose_name = _("file of an application")
        verbose_name_plural = _("files of applications")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "document"], name="application_file_once_for_each_document"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StaffQuestion(models.Model):
    """Something that staff ask the applicant, who answers on the page of the application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="questions")
    text = models.TextField(_("question"), max_length=1000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    answer_by = models.DateField(_("answer by"))
    answer = models.TextField(_("answer"), max_length=3000, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("question to the applicant")
        verbose_name_plural = _("questions to the applicant")

    def __str__(self) -> str:
        return self.text[:40]
