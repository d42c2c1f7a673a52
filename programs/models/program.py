"""`Program` is one funded ODA activity: the one table that lists, search and figures read."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.indexes import LargeIndex
from oda_portal.publishing.models import (
    Precision,
    Publishable,
    PublishableQuerySet,
    Source,
    Status,
)
from oda_portal.publishing.rich import RichTextField
from partners.models import City, Country

from ..few import enough
from ..homes import home_of
from .codes import Theme

# Second parts of /programs/<…>/ that are pages of their own.
RESERVED_CODES = {"by-partners", "map", "figures"}


class Kind(models.TextChoices):
    TRAINING = "training", _("Training")
    VOLUNTEER = "volunteer", _("Volunteering abroad")
    SISTER_VILLAGE = "sister_village", _("Sister Village")
    FORUM = "forum", _("Forum")
    NETWORK = "network", _("Working-level network")
    CONSULTING = "consulting", _("Development consulting")


class Part(models.TextChoices):
    """As what people take part, by kinds of programme."""

    TRAINEE = "trainee", _("In training")
    VOLUNTEER = "volunteer", _("As volunteers")
    OTHER = "other", pgettext_lazy("part", "In other programmes")


PARTS: dict[str, tuple[Kind, ...]] = {
    Part.TRAINEE: (Kind.TRAINING, Kind.CONSULTING),
    Part.VOLUNTEER: (Kind.VOLUNTEER,),
    Part.OTHER: (Kind.SISTER_VILLAGE, Kind.FORUM, Kind.NETWORK),
}


class Arrangement(models.TextChoices):
    OWN = "own", _("City-funded programme")
    KOICA_TRAINING = "koica_training", _("KOICA global training (CIAT)")
    KOICA_PROPOSAL = "koica_proposal", _("KOICA course proposed by a government body")
    COMMISSIONED = "commissioned", _("Commissioned programme")
    TENDERED = "tendered", _("Programme won by open call")
    PARTNER = "partner", _("A partner’s own programme")


class Modality(models.TextChoices):
    BILATERAL = "bilateral", _("Bilateral cooperation")
    TRIANGULAR = "triangular", _("Triangular cooperation")
    MULTILATERAL = "multilateral", _("Multilateral cooperation")


class State(models.TextChoices):
    """Computed from dates on every read; never stored."""

    PLANNED = "planned", pgettext_lazy("program", "Planned")
    RUNNING = "running", pgettext_lazy("program", "Under way")
    FOLLOW_UP = "follow_up", pgettext_lazy("program", "Follow-up")
    CLOSED = "closed", pgettext_lazy("program", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("program", "Cancelled")


def _state_filters(today: date) -> dict[str, Q]:
    """One condition a state, in the order in which they are asked; later ones exclude earlier."""
    ended = Q(ends_on__lt=today) | Q(closed_on__lte=today)
    return {
        State.CANCELLED: Q(cancelled_at__isnull=False),
        State.PLANNED: Q(starts_on__gt=today),
        State.FOLLOW_UP: ended & Q(follow_up_until__gte=today),
        State.CLOSED: ended,
        State.RUNNING: Q(starts_on__isnull=False) | Q(ends_on__isnull=False),
    }


def _shares_with_countries() -> Prefetch:
    shares = apps.get_model("programs", "CountryShare").objects.select_related("country")
    return Prefetch("country_shares", shares)


class ProgramQuerySet(PublishableQuerySet):
    def ours(self) -> Self:
        """The office's own; what partners do by themselves is listed apart and never counted.

        Nor is what only shows how the portal works: it takes place nowhere.
        """
        return self.filter(ours=True, is_demonstration=False)

    def of_partners(self) -> Self:
        return self.filter(ours=False)

    def counted(self) -> Self:
        """What figures add up: neither what was cancelled nor what was merely announced."""
        return self.filter(announced_only=False, cancelled_at=None)

    def with_people_known(self, *, year: str = "", country: str = "") -> Self:
        """Annotate `people_known`: whether any of its groups has a number to be shown.

        With a year or a country (ISO code): any that began then, or came from there.
        """
        groups = apps.get_model("programs", "ParticipantGroup").objects.with_year_and_country()
        known = groups.filter(enough(), run__program=OuterRef("pk")).of(year=year, country=country)
        return self.annotate(people_known=Exists(known))

    def in_state(self, state: str, today: date | None = None) -> Self:
        """Programmes that `Program.state` calls so on this day (Korea's today by default)."""
        rows = self
        for name, condition in _state_filters(today or timezone.localdate()).items():
            if name == state:
                return rows.filter(condition)
            rows = rows.exclude(condition)
        raise ValueError(state)

    def in_year(self, year: int) -> Self:
        """Programmes that ran on at least one day of the year; a missing end is the start."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        ended = Q(ends_on__gte=first) | Q(ends_on=None, starts_on__gte=first)
        return self.filter(ended, starts_on__lte=last)

    def newest_first(self) -> Self:
        return self.order_by(F("starts_on").desc(nulls_last=True), "-pk")

    def for_cards(self) -> Self:
        """With what a card shows: themes, countries, `people_total` and `people_about`.

        `people_total` adds up the groups whose number is known and shown; NULL where none is.
        """
        groups = apps.get_model("programs", "ParticipantGroup").objects.filter(
            enough(), run__program=OuterRef("pk")
        )
        total = groups.order_by().values("run__program").annotate(people=Sum("total"))
        # As EXISTS, PostgreSQL might look for all such groups of all programmes at once.
        about = Subquery(groups.filter(about=True).order_by().values("about")[:1])
        return self.annotate(
            people_total=Subquery(total.values("people")),
            people_about=Coalesce(about, Value(False)),
        ).prefetch_related("themes", _shares_with_countries())


class Program(Publishable):
    code = models.SlugField(
        _("code"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$")],
        help_text=_(
            "Part of the public address, in lower-case letters, digits and hyphens."
            " It never changes."
        ),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    arrangement = models.CharField(_("arrangement"), max_length=16, choices=Arrangement)
    modality = models.CharField(
        _("modality"),
        max_length=12,
        choices=Modality,
        blank=True,
        help_text=_("Leave empty if it has none, as with a forum."),
    )
    ours = models.BooleanField(
        _("ours"),
        default=True,
        help_text=_("Untick for a partner’s activity: it is listed separately and never counted."),
    )
    is_demonstration = models.BooleanField(
        _("for demonstration"),
        default=False,
        help_text=_("It is left out of all lists and figures."),
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), max_length=600)
    body = RichTextField(_("text"), blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    precision = models.CharField(
        _("dates accurate to the"),
        max_length=5,
        choices=Precision,
        default=Precision.DAY,
        help_text=_("For a year enter 1 January and 31 December."),
    )
    date_is_estimate = models.BooleanField(_("the dates are an estimate"), default=False)
    announced_only = models.BooleanField(
        _("only announced"),
        default=False,
        help_text=_("A plan was announced; that it took place is not confirmed."),
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    follow_up_until = models.DateField(_("follow-up until"), null=True, blank=True)
    handed_over_on = models.DateField(
        _("handed over on"),
        null=True,
        blank=True,
        editable=False,
    )
    edition = models.PositiveSmallIntegerField(
        _("edition"), null=True, blank=True, help_text=_("The number as the organiser gave it.")
    )
    cities = models.ManyToManyField(
        City, verbose_name=_("cities"), related_name="programs", blank=True
    )
    countries: models.ManyToManyField = models.ManyToManyField(
        Country,
        through="programs.CountryShare",
        verbose_name=_("countries"),
        related_name="programs",
        blank=True,
    )
    countries_total = models.PositiveSmallIntegerField(
        _("number of countries"),
        null=True,
        blank=True,
        help_text=_("Only if more took part than are named."),
    )
    village = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("Sister Village"),
        related_name="deployments",
        limit_choices_to={"kind": Kind.SISTER_VILLAGE},
        help_text=_("The Sister Village where these volunteers worked."),
    )
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    place = models.CharField(_("place of the works"), max_length=120, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    themes = models.ManyToManyField(
        Theme, verbose_name=_("themes"), related_name="programs", blank=True
    )
    sources = models.ManyToManyField(
        Source, verbose_name=_("sources"), related_name="+", blank=True
    )
    editor_note = models.TextField(
        _("note for editors"), blank=True, help_text=_("Never shown on the site.")
    )

    objects = ProgramQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        indexes = [
            models.Index(fields=["-starts_on", "-id"], name="program_newest_first"),
            # The public lists, in the order of `newest_first`. What they are filtered by stands
            # behind it, so that pages are counted and found without a look at the rows.
            LargeIndex(
                "ours",
                F("starts_on").desc(nulls_last=True),
                F("id").desc(),
                "kind",
                "is_demonstration",
                "publish_at",
                "expire_at",
                condition=Q(status=Status.PUBLISHED),
                name="program_public_newest_first",
            ),
            models.Index(fields=["-ends_on"], name="program_ends_on"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="program_ends_after_it_begins",
                violation_error_message=_(
                    "The end date is before the start date. Check both dates."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        own = reverse("programs:program_detail", args=[self.code])
        return home_of(self) or own

    def clean(self) -> None:
        if self.code in RESERVED_CODES:
            raise ValidationError({"code": _("Another page uses this address. Choose another.")})
        rows = Program.objects.filter(pk=self.pk) if self.pk else Program.objects.none()
        stored = rows.values_list("code", flat=True).first()
        if stored not in (None, self.code):
            raise ValidationError(
                {"code": _("The code is part of public addresses and cannot be changed.")}
            )

    def state(self, today: date | None = None) -> State | None:
        """The state on this day (Korea's today by default), by the rules of `in_state`.

        None where nothing is known of its dates.
        """
        today = today or timezone.localdate()
        if self.cancelled_at:
            return State.CANCELLED
        if self.starts_on and self.starts_on > today:
            return State.PLANNED
        ended = (self.ends_on and self.ends_on < today) or (
            self.closed_on and self.closed_on <= today
        )
        if not ended:
            return State.RUNNING if self.starts_on or self.ends_on else None
        if self.follow_up_until and self.follow_up_until >= today:
            return State.FOLLOW_UP
        return State.CLOSED

    @property
    def is_triangular(self) -> bool:
        return self.modality == Modality.TRIANGULAR

    @property
    def named_countries(self) -> list[Country]:
        """In the order in which they were entered; reads what `for_cards` fetches."""
        return [share.country for share in self.country_shares.all()]

    @property
    def cover_seed(self) -> str:
        return self.code

    @property
    def palette(self) -> str:
        """Colours of its first theme, so that what is alike looks alike."""
        first = next(iter(self.themes.all()), None)
        return first.palette if first else Theme.Palette.OCEAN
