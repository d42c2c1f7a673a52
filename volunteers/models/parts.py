"""What a call consists of besides its openings."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .calls import Call


class Part(models.Model):
    """A row of a call, in an order that staff give."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class Stage(Part):
    """A step of the round with its days, as applicants see it."""

    class Kind(models.TextChoices):
        APPLYING = "applying", pgettext_lazy("stage", "Applications")
        SCREENING = "screening", _("First review")
        INTERVIEW = "interview", _("Interview")
        RESULT = "result", pgettext_lazy("stage", "Results")
        TRAINING = "training", _("Pre-departure training")
        DEPLOYMENT = "deployment", _("Deployment")

    call = models.ForeignKey(Call, models.CASCADE, related_name="stages", verbose_name=_("call"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=120)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None)
                | models.Q(starts_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="stage_ends_after_it_begins",
                violation_error_message=_(
                    "The end date is before the start date. Check both dates."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Condition(Part):
    """A statement about the applicant that must be true, asked as a question of yes or no."""

    call = models.ForeignKey(
        Call, models.CASCADE, related_name="conditions", verbose_name=_("call")
    )
    statement = models.CharField(
        _("statement"), max_length=200, help_text=_("For example: I live, study or work in Busan.")
    )
    refusal = models.CharField(
        _("if not"),
        max_length=300,
        help_text=_("Why one cannot apply then, and what else is open."),
    )

    class Meta(Part.Meta):
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")

    def __str__(self) -> str:
        return self.statement


class RequiredDocument(Part):
    """A file that applicants hand in. No passports, nothing about health: those come later."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="documents", verbose_name=_("call"))
    name = models.CharField(_("name"), max_length=120)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_required = models.BooleanField(_("required"), default=True)

    class Meta(Part.Meta):
        verbose_name = _("document to hand in")
        verbose_name_plural = _("documents to hand in")

    def __str__(self) -> str:
        return self.name


class Question(Part):
    """What this call asks besides what every call asks."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="questions", verbose_name=_("call"))
    text = models.CharField(_("question"), max_length=300)
    hint = models.CharField(_("hint"), max_length=200, blank=True)
    max_length = models.PositiveSmallIntegerField(_("longest answer"), default=1000)
    is_required = models.BooleanField(_("required"), default=True)

    class Meta(Part.Meta):
        verbose_name = _("question to applicants")
        verbose_name_plural = _("questions to applicants")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(max_length__gte=1, max_length__lte=5000),
                name="question_answer_length",
                violation_error_message=_("Between 1 and 5,000 characters."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class CallAnswer(Part):
    """A question that people often ask about the call, and the office's answer."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="answers", verbose_name=_("call"))
    question = models.CharField(_("question"), max_length=200)
    answer = models.TextField(_("answer"), max_length=1500)

    class Meta(Part.Meta):
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")

    def __str__(self) -> str:
        return self.question
