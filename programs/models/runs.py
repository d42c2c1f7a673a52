"""When a programme took place, what happened, and who came."""

from __future__ import annotations

from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, F, Min, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.models import Precision, TextQuerySet
from partners.models import Country, Organisation

from .program import Program

# The year and the country of people of whom nobody knows it.
UNKNOWN = "unknown"


class Run(models.Model):
    """One time that a programme took place."""

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("In person and online")
        UNKNOWN = "unknown", pgettext_lazy("mode", "Not known")

    program = models.ForeignKey(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="runs"
    )
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    precision = models.CharField(
        _("dates accurate to the"), max_length=5, choices=Precision, default=Precision.DAY
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.UNKNOWN)
    note = models.CharField(_("note"), max_length=300, blank=True)
    sources = models.ManyToManyField(
        "publishing.Source", verbose_name=_("sources"), related_name="+", blank=True
    )

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="run_number_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="run_ends_after_it_begins",
                violation_error_message=_(
                    "The end date is before the start date. Check both dates."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} {self.number}"


class Session(models.Model):
    """A part of a run's timetable."""

    class Kind(models.TextChoices):
        LECTURE = "lecture", _("Lecture")
        FIELD_VISIT = "field_visit", _("Field visit")
        WORKSHOP = "workshop", _("Workshop")
        CULTURE = "culture", _("Culture visit")
        PROJECT_DESIGN = "project_design", _("Designing joint projects")

    run = models.ForeignKey(Run, models.CASCADE, verbose_name=_("run"), related_name="sessions")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.LECTURE)
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=150, blank=True)
    led_by = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("led by"),
        related_name="+",
    )
    country = models.ForeignKey(
        Country,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("for the participants from"),
        related_name="+",
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["position", "starts_at", "pk"]
        verbose_name = pgettext_lazy("training", "session")
        verbose_name_plural = pgettext_lazy("training", "sessions")

    def __str__(self) -> str:
        return self.title


class ParticipantGroupQuerySet(TextQuerySet):
    def with_year_and_country(self) -> Self:
        """Annotate `year` and `from_code`; each is None where nobody knows it.

        The year is that in which the run began; of a run without dates, its programme. The country
        is the group’s own, or the only one of its programme: where several sent people, they may
        not have been told apart.
        """
        began = Coalesce("run__starts_on", "run__program__starts_on")
        shares = apps.get_model("programs", "CountryShare").objects
        of_program = shares.filter(program=OuterRef("run__program")).order_by().values("program")
        only = of_program.annotate(n=Count("pk"), code=Min("country__code")).filter(n=1)
        named = Q(run__program__countries_total=None) | Q(run__program__countries_total=1)
        alone = Case(When(named, then=Subquery(only.values("code"))))
        return self.annotate(year=ExtractYear(began), from_code=Coalesce("country__code", alone))

    def of(self, *, year: str = "", country: str = "") -> Self:
        """Those of a year and from a country (ISO code), each a value or UNKNOWN, or “” for all.

        Asks for what `with_year_and_country` annotates.
        """
        rows = self
        for name, value in {"year": year, "from_code": country}.items():
            if value:
                rows = rows.filter(**{name: None if value == UNKNOWN else value})
        return rows


class ParticipantGroup(models.Model):
    """People who took part; whatever is not known stays empty."""

    run = models.ForeignKey(Run, models.CASCADE, verbose_name=_("run"), related_name="groups")
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("country or area"),
        related_name="+",
    )
    women = models.PositiveIntegerField(_("women"), null=True, blank=True)
    men = models.PositiveIntegerField(_("men"), null=True, blank=True)
    total = models.PositiveIntegerField(_("total"), null=True, blank=True)
    about = models.BooleanField(_("approximate"), default=False)
    label = models.CharField(
        _("who they were"), max_length=100, blank=True, help_text=_("Students, medical team …")
    )

    objects = ParticipantGroupQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("group of participants")
        verbose_name_plural = _("groups of participants")
        constraints = [
            models.CheckConstraint(
                condition=Q(women=None)
                | Q(men=None)
                | Q(total=None)
                | Q(total__gte=F("women") + F("men")),
                name="participants_add_up",
                violation_error_message=_(
                    "Women and men together are more than the total. Check the numbers."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.total if self.total is not None else '?'}"
