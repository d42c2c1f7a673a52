"""The programme of an edition: rooms, sessions, who speaks, and in which languages."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from oda_portal.publishing.models import TextQuerySet, is_published
from oda_portal.seats.models import Pool
from partners.models import Organisation

from . import clashes
from .forums import Forum

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class Language(models.TextChoices):
    """ISO 639-1, of what is spoken in the city and its partner countries."""

    KOREAN = "ko", _("Korean")
    ENGLISH = "en", _("English")
    CHINESE = "zh", _("Chinese")
    MONGOLIAN = "mn", _("Mongolian")
    VIETNAMESE = "vi", _("Vietnamese")
    KHMER = "km", _("Khmer")
    LAO = "lo", _("Lao")
    INDONESIAN = "id", _("Indonesian")
    RUSSIAN = "ru", _("Russian")
    FRENCH = "fr", _("French")
    SPANISH = "es", _("Spanish")


class Room(models.Model):
    forum = models.ForeignKey(
        Forum, models.CASCADE, related_name="rooms", verbose_name=pgettext_lazy("event", "forum")
    )
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    # People’s calendars show its name with each of its sessions.
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("room")
        verbose_name_plural = _("rooms")

    def __str__(self) -> str:
        return self.name


class ForumSessionQuerySet(TextQuerySet):
    def published(self, at: datetime | None = None) -> Self:
        return self.filter(is_published(at, through="forum__program__"))

    def in_order(self) -> Self:
        """By the hour, then as the rooms stand; what has no room comes last."""
        return self.order_by("starts_at", F("room__position").asc(nulls_last=True), "room", "pk")

    def at_the_same_time_as(self, session: ForumSession) -> Self:
        """Others of the edition that overlap with it."""
        return self.filter(forum=session.forum_id).overlapping(session)

    def on_day(self, day: date) -> Self:
        """What begins on this day in Korea."""
        return self.filter(starts_at__date=day)

    def overlapping(self, session: ForumSession) -> Self:
        """Others, of any edition, that overlap with it; where one ends the next may begin."""
        others = self.exclude(pk=session.pk)
        return others.filter(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)

    def taking_place(self) -> Self:
        return self.filter(cancelled_at=None, forum__program__cancelled_at=None)

    def talked_about(self) -> Self:
        """What has a page worth going to: all but breaks."""
        return self.exclude(kind=ForumSession.Kind.BREAK)

    def with_speakers(self) -> Self:
        people = Appearance.objects.select_related("speaker")
        return self.prefetch_related(models.Prefetch("appearances", people))

    def spoken_in(self, code: str) -> Self:
        return self.filter(languages__code=code, languages__is_interpretation=False)

    def interpreted_into(self, code: str) -> Self:
        return self.filter(languages__code=code, languages__is_interpretation=True)


class ForumSession(models.Model):
    class Kind(models.TextChoices):
        KEYNOTE = "keynote", _("Keynote")
        TALKS = "talks", _("Presentations")
        PANEL = "panel", _("Panel discussion")
        BREAKOUT = "breakout", _("Breakout session")
        ROUND_TABLE = "round_table", _("Round table")
        POSTERS = "posters", _("Posters")
        CEREMONY = "ceremony", _("Ceremony")
        BREAK = "break", pgettext_lazy("forum", "Break")

    forum = models.ForeignKey(
        Forum,
        models.CASCADE,
        related_name="sessions",
        verbose_name=pgettext_lazy("event", "forum"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.TALKS)
    title = models.CharField(_("title"), max_length=200)
    abstract = models.TextField(_("abstract"), max_length=2000, blank=True)
    # A room that is in use stays until its sessions have moved: they would change without a trace.
    room = models.ForeignKey(
        Room, models.RESTRICT, null=True, blank=True, related_name="sessions",
        verbose_name=_("room"),
    )  # fmt: skip
    starts_at = models.DateTimeField(_("starts at"), help_text=_("Korea time."))
    ends_at = models.DateTimeField(_("ends at"), help_text=_("Korea time."))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    # NULL: whoever comes to the forum may come to the session.
    pool = models.OneToOneField(
        Pool, models.PROTECT, null=True, related_name="forum_session", verbose_name=_("places"),
        editable=False,
    )  # fmt: skip
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = ForumSessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = pgettext_lazy("forum", "session")
        verbose_name_plural = pgettext_lazy("forum", "sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="forum_session_ends_after_it_begins",
                violation_error_message=_("The session ends before it begins. Check both times."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("forums:session_detail", args=[self.forum.slug, self.pk])

    def clean(self) -> None:
        """Its room is free and its edition’s; its time lies within the edition’s days.

        That its speakers are free is asked of each `Appearance`: a form may take one away.
        """
        if self.room is not None and self.room.forum_id != self.forum_id:
            raise ValidationError({"room": _("This room belongs to another event.")})
        clashes.refuse_other_days(self)
        clashes.refuse_taken_room(self)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_break(self) -> bool:
        """It has no page of its own to lead to."""
        return self.kind == self.Kind.BREAK

    @property
    def spoken(self) -> list[SessionLanguage]:
        """Reads what is fetched of `languages`."""
        return [row for row in self.languages.all() if not row.is_interpretation]

    @property
    def interpreted(self) -> list[SessionLanguage]:
        """Languages into which it is interpreted; reads what is fetched of `languages`."""
        return [row for row in self.languages.all() if row.is_interpretation]

    @property
    def last_changed_at(self) -> datetime:
        """When something changed of what a calendar shows of it: also its room or its edition."""
        moments = [self.changed_at, self.forum.program.changed_at]
        if self.room is not None:
            moments.append(self.room.changed_at)
        return max(moments)

    def cancel(self, *, by: User, reason: str = "") -> bool:
        """It stays in the programme as cancelled. False when it was already."""
        with transaction.atomic():
            current = type(self)._base_manager.select_for_update().get(pk=self.pk)
            if current.cancelled_at is None:
                return self._take(current, timezone.now(), "held", "cancelled", by, reason)
        self.cancelled_at = current.cancelled_at
        return False

    def reinstate(self, *, by: User, reason: str = "") -> bool:
        """It takes place after all. False when it was not cancelled.

        Raises ValidationError when its room, or one of its speakers, is no longer free.
        """
        with transaction.atomic():
            current = type(self)._base_manager.select_for_update().get(pk=self.pk)
            if current.cancelled_at is not None:
                current.cancelled_at = None
                current.clean()
                for appearance in current.appearances.select_related("speaker"):
                    appearance.clean()
                return self._take(current, None, "cancelled", "held", by, reason)
        self.cancelled_at = None
        return False

    def _take(
        self, current: ForumSession, at: datetime | None, before: str, after: str,
        by: User, reason: str,
    ) -> bool:  # fmt: skip
        """Write the state on the row as it stands, with its trail."""
        current.cancelled_at = at
        current.save(update_fields=["cancelled_at", "changed_at"])
        self.cancelled_at, self.changed_at = at, current.changed_at
        record_transition(self, "state", before, after, by=by, reason=reason)
        return True


class SessionLanguage(models.Model):
    """A language that is spoken in a session, or into which it is interpreted."""

    session = models.ForeignKey(
        ForumSession, models.CASCADE, related_name="languages",
        verbose_name=pgettext_lazy("forum", "session"),
    )  # fmt: skip
    code = models.CharField(_("language"), max_length=3, choices=Language)
    is_interpretation = models.BooleanField(_("interpretation"), default=False)

    class Meta:
        ordering = ["is_interpretation", "pk"]
        verbose_name = _("language of a session")
        verbose_name_plural = _("languages of a session")
        constraints = [
            models.UniqueConstraint(fields=["session", "code"], name="session_names_language_once"),
        ]

    def __str__(self) -> str:
        return self.get_code_display()


class Speaker(models.Model):
    """Somebody who speaks in public: what is said of them here is public."""

    name = models.CharField(_("name"), max_length=100)
    post = models.CharField(_("post"), max_length=150, blank=True)
    bio = models.TextField(_("about the speaker"), max_length=2000, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="speakers",
        verbose_name=_("organisation"),
    )  # fmt: skip

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")

    def __str__(self) -> str:
        return self.name


class Appearance(models.Model):
    """A speaker in a session."""

    class Role(models.TextChoices):
        SPEAKER = "speaker", _("Speaker")
        MODERATOR = "moderator", _("Moderator")
        PANELLIST = "panellist", _("Panellist")
        DISCUSSANT = "discussant", _("Discussant")

    session = models.ForeignKey(
        ForumSession, models.CASCADE, related_name="appearances",
        verbose_name=pgettext_lazy("forum", "session"),
    )  # fmt: skip
    speaker = models.ForeignKey(
        Speaker, models.PROTECT, related_name="appearances", verbose_name=_("speaker")
    )
    role = models.CharField(
        pgettext_lazy("speaker", "role"), max_length=10, choices=Role, default=Role.SPEAKER
    )
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("speaker of a session")
        verbose_name_plural = _("speakers of a session")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "speaker", "role"], name="speaker_appears_once_in_a_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.get_role_display()}"

    def clean(self) -> None:
        clashes.refuse_two_places(self)
