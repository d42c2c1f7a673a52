"""What a place went through: works that were done, and days worth remembering."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.models import Precision, TextQuerySet
from partners.models import Organisation

from .program import Program


class Work(models.Model):
    """One thing that a Sister Village project built or mended."""

    program = models.ForeignKey(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="works"
    )
    name = models.CharField(_("what was worked on"), max_length=120)
    done = models.CharField(_("what was done"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    before_year = models.BooleanField(
        _("before that year"),
        default=False,
        help_text=_("Tick when it is only known to be before that year."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("work done")
        verbose_name_plural = _("works done")

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """A dated step in a programme's story."""

    program = models.ForeignKey(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="milestones"
    )
    on = models.DateField(_("date"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    precision = models.CharField(
        _("accurate to the"), max_length=5, choices=Precision, default=Precision.DAY
    )
    label = models.CharField(
        _("what it was"),
        max_length=40,
        blank=True,
        help_text=_("In a word or two: agreement, meeting, council."),
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"), max_length=600)
    organisations = models.ManyToManyField(
        Organisation, verbose_name=_("organisations"), related_name="+", blank=True
    )
    sources = models.ManyToManyField(
        "publishing.Source", verbose_name=_("sources"), related_name="+", blank=True
    )

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        verbose_name = _("step")
        verbose_name_plural = _("steps of the story")

    def __str__(self) -> str:
        return self.title or self.text[:60]
