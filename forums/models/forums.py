"""An edition of the forum, or a meet-up. Its title, dates, venue and cover are its programme's."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from oda_portal.publishing.models import TextQuerySet, is_published, language_column
from oda_portal.seats.models import Pool
from programs.models import Program
from programs.models.program import Kind as ProgramKind

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# Second parts of /forums/<…>/ that are pages of their own.
RESERVED_SLUGS = {"check-in", "mine", "papers", "sessions", "registrations"}


class Series(models.Model):
    """Editions that count together, as the organiser counted them."""

    slug = models.SlugField(pgettext_lazy("web", "address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("series of forums")
        verbose_name_plural = _("series of forums")

    def __str__(self) -> str:
        return self.name


class ForumQuerySet(TextQuerySet):
    def published(self, at: datetime | None = None) -> Self:
        """Whose programme everybody may see; a forum has no status of its own."""
        return self.filter(is_published(at, through="program__"))

    def newest_first(self) -> Self:
        return self.order_by(F("program__starts_on").desc(nulls_last=True), "-pk")

    def open_to_register(self, now: datetime | None = None) -> Self:
        """Whoever wants to come can say so now."""
        now = now or timezone.now()
        return self.filter(
            registration_opens_at__lte=now,
            registration_closes_at__gt=now,
            frozen_at=None,
            program__cancelled_at=None,
        )


class Forum(models.Model):
    class Kind(models.TextChoices):
        FORUM = "forum", pgettext_lazy("event", "Forum")
        MEET_UP = "meet_up", pgettext_lazy("event", "Meet-up")

    program = models.OneToOneField(
        Program,
        models.PROTECT,
        related_name="forum",
        verbose_name=_("programme"),
        limit_choices_to={"kind": ProgramKind.FORUM},
        help_text=_("Its title, dates, venue and photos, and whether the public sees the forum."),
    )
    slug = models.SlugField(
        pgettext_lazy("web", "address"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$")],
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.FORUM)
    series = models.ForeignKey(
        Series, models.PROTECT, related_name="forums", verbose_name=_("series")
    )
    # As it was on the day, "제5차" or "5th": the numbering began anew, and some have none.
    edition_label = models.CharField(
        _("edition as it was called"), max_length=60, blank=True, help_text=_("5th. Often empty.")
    )
    theme = models.CharField(_("theme"), max_length=200, blank=True)
    registration_opens_at = models.DateTimeField(
        _("registration opens at"), null=True, blank=True, help_text=_("Korea time.")
    )
    registration_closes_at = models.DateTimeField(
        _("registration closes at"), null=True, blank=True, help_text=_("Korea time.")
    )
    # NULL: nobody registers here.
    pool = models.OneToOneField(
        Pool, models.PROTECT, null=True, related_name="forum", verbose_name=_("places"),
        editable=False,
    )  # fmt: skip
    papers_open_at = models.DateTimeField(
        _("call for papers opens at"), null=True, blank=True, help_text=_("Korea time.")
    )
    # Of a meet-up it may be empty: topics are welcome at any time.
    papers_close_at = models.DateTimeField(
        _("call for papers closes at"), null=True, blank=True, help_text=_("Korea time.")
    )
    papers_released_at = models.DateTimeField(
        _("decisions on papers at"),
        null=True,
        blank=True,
        help_text=_("Korea time. Nobody learns of a decision before then."),
    )
    frozen_at = models.DateTimeField(_("frozen at"), null=True, editable=False)
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = ForumQuerySet.as_manager()

    class Meta:
        ordering = ["-program__starts_on", "-pk"]
        verbose_name = pgettext_lazy("event", "forum")
        verbose_name_plural = pgettext_lazy("event", "forums")
        constraints = [
            models.CheckConstraint(
                condition=Q(registration_opens_at=None, registration_closes_at=None)
                | Q(
                    registration_opens_at__isnull=False,
                    registration_closes_at__isnull=False,
                    registration_closes_at__gt=F("registration_opens_at"),
                ),
                name="forum_registration_closes_after_it_opens",
                violation_error_message=_("Registration closes before it opens. Check both times."),
            ),
            models.CheckConstraint(
                condition=Q(papers_close_at=None)
                | Q(papers_open_at__isnull=False, papers_close_at__gt=F("papers_open_at")),
                name="forum_papers_close_after_they_open",
                violation_error_message=_(
                    "The call for papers closes before it opens. Check both times."
                ),
            ),
            models.CheckConstraint(
                condition=Q(papers_released_at=None)
                | Q(
                    papers_close_at__isnull=False, papers_released_at__gte=F("papers_close_at")
                ),
                name="forum_papers_decided_after_they_close",
                violation_error_message=_(
                    "The decisions come before the call for papers closes. Check both times."
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.program)

    def get_absolute_url(self) -> str:
        return reverse("forums:forum_detail", args=[self.slug])

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("Another page uses this address. Choose another.")})

    def is_public(self, at: datetime | None = None) -> bool:
        return self.program.is_public(at)

    def takes_registrations(self, now: datetime | None = None) -> bool:
        """The rule of `open_to_register`, for a row in hand."""
        now = now or timezone.now()
        return bool(
            self.registration_opens_at
            and self.registration_closes_at
            and self.registration_opens_at <= now < self.registration_closes_at
            and not self.is_frozen
            and not self.program.cancelled_at
        )

    def takes_papers(self, now: datetime | None = None) -> bool:
        """Whether papers, or topics of a meet-up, can be handed in; the server's clock decides."""
        now = now or timezone.now()
        if self.is_frozen or self.program.cancelled_at or self.papers_open_at is None:
            return False
        return self.papers_open_at <= now and (
            self.papers_close_at is None or now < self.papers_close_at
        )

    def is_over(self, today: date | None = None) -> bool:
        """Whether its last day has passed in Korea, or it was cancelled; False without a date."""
        last = self.program.ends_on or self.program.starts_on
        passed = last is not None and last < (today or timezone.localdate())
        return passed or self.program.cancelled_at is not None

    @property
    def papers_are_to_come(self) -> bool:
        """Whether the call for papers has yet to open."""
        return self.papers_open_at is not None and timezone.now() < self.papers_open_at

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def is_meet_up(self) -> bool:
        return self.kind == self.Kind.MEET_UP

    def freeze(self, *, by: User) -> bool:
        """From now on it is read-only: it is part of the record. False when it was already."""
        with transaction.atomic():
            current = type(self)._base_manager.select_for_update().get(pk=self.pk)
            if current.frozen_at:
                self.frozen_at = current.frozen_at
                return False
            current.frozen_at = timezone.now()
            current.save(update_fields=["frozen_at", "changed_at"])
            self.frozen_at = current.frozen_at
            record_transition(self, "frozen", "", "frozen", by=by)
            return True

    def correct(self, *, texts: dict[str, str], by: User) -> None:
        """Say in public what was put right after it was frozen, in every language."""
        columns = {language_column("text", code): text for code, text in texts.items()}
        self.corrections.create(by=by, **columns)
