"""The office and its own pages."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.models import Publishable, PublishableQuerySet, TextQuerySet
from oda_portal.publishing.rich import RichTextField


class Department(models.Model):
    """Who answers for a page."""

    name = models.CharField(_("name"), max_length=100)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("email"), blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """The city's ODA office: one row, so that another city runs the portal without new code."""

    name = models.CharField(_("name of the portal"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40)
    tagline = models.CharField(_("line below the short name"), max_length=60, blank=True)
    city_name = models.CharField(_("name of the city"), max_length=60)
    hero_title = models.CharField(
        _("title of the home page"),
        max_length=120,
        help_text=_("A vertical bar (|) breaks it into two lines."),
    )
    hero_lead = models.TextField(_("introduction on the home page"), max_length=400)
    address = models.CharField(_("address"), max_length=200, blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("email"), blank=True)
    foot_note = models.CharField(
        _("footer text"),
        max_length=300,
        blank=True,
        help_text=_(
            "In the footer of every page, for copyright and the like. If empty, it says that"
            " texts and drawings may be used under KOGL Type 1."
        ),
    )
    latitude = models.FloatField(
        _("latitude"), validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    is_government = models.BooleanField(
        _("official government site"),
        default=False,
        help_text=_("Shows the mark of an official site. Only for a real government office."),
    )

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("office")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="office_is_one_row"),
        ]

    def __str__(self) -> str:
        return self.name


class Strand(models.Model):
    """One of the groups that the office's services stand in."""

    slug = models.SlugField(pgettext_lazy("web", "address"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    palette = models.CharField(_("colours of the cover"), max_length=20, default="ocean")

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("strand")
        verbose_name_plural = _("strands")

    def __str__(self) -> str:
        return self.title

    @property
    def cover_seed(self) -> str:
        return f"strand-{self.slug}"


class Service(Publishable):
    """One of the things the office does; each leads into its list of programmes."""

    slug = models.SlugField(pgettext_lazy("web", "address"), max_length=60, unique=True)
    strand = models.ForeignKey(
        Strand, models.PROTECT, verbose_name=_("strand"), related_name="services"
    )
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(_("summary"), max_length=400)
    aim = models.TextField(_("aims"), blank=True, help_text=_("One per line."))
    activities = models.TextField(_("activities"), blank=True, help_text=_("One per line."))
    fields_covered = models.TextField(_("fields"), blank=True, help_text=_("One per line."))
    body = RichTextField(_("text"), blank=True)
    list_query = models.CharField(
        _("its list of programmes"),
        max_length=100,
        blank=True,
        help_text=_("Filters of the list, as in its address: kind=training&arrangement=own"),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    sources = models.ManyToManyField(
        "publishing.Source", verbose_name=_("sources"), related_name="+", blank=True
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        ordering = ["strand__position", "position", "pk"]
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pages:service_detail", args=[self.slug])

    @property
    def cover_seed(self) -> str:
        return f"service-{self.slug}"

    @property
    def palette(self) -> str:
        return self.strand.palette


class Page(Publishable):
    """A fixed page: about the office, privacy policy, copyright and their like."""

    class Placement(models.TextChoices):
        ABOUT = "about", _("Under ‘About’")
        FOOTER = "footer", _("At the foot of every page")

    slug = models.SlugField(pgettext_lazy("web", "address"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    body = RichTextField(_("text"))
    placement = models.CharField(
        _("where it is linked"), max_length=10, choices=Placement, default=Placement.ABOUT
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    effective_on = models.DateField(
        _("in force from"),
        null=True,
        blank=True,
        help_text=_("For pages with versions, as the privacy policy has them."),
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("fixed page")
        verbose_name_plural = _("fixed pages")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pages:page_detail", args=[self.slug])


class PageVersion(models.Model):
    """What a page said from one day until the next version."""

    page = models.ForeignKey(
        Page, models.CASCADE, verbose_name=_("page"), related_name="earlier_versions"
    )
    effective_on = models.DateField(_("in force from"))
    body = RichTextField(_("text"))

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["-effective_on"]
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "effective_on"], name="page_version_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.effective_on}"


class SatisfactionAnswer(models.Model):
    """What a reader thought of a page. Nothing in it says who answered."""

    class Score(models.IntegerChoices):
        VERY_SATISFIED = 5, _("Very satisfied")
        SATISFIED = 4, _("Satisfied")
        NEITHER = 3, _("Neither")
        DISSATISFIED = 2, _("Dissatisfied")
        VERY_DISSATISFIED = 1, _("Very dissatisfied")

    page = models.CharField(_("page"), max_length=200)
    language = models.CharField(_("language"), max_length=10)
    score = models.PositiveSmallIntegerField(pgettext_lazy("satisfaction", "answer"), choices=Score)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("satisfaction rating")
        verbose_name_plural = _("satisfaction ratings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=5), name="satisfaction_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page}: {self.get_score_display()}"
