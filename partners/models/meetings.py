"""Meetings of the working-level network, and what was agreed to be done."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from oda_portal.files.fields import CheckedDocumentField
from oda_portal.files.stored import StoredFile
from oda_portal.publishing.models import (
    Publishable,
    PublishableQuerySet,
    TextQuerySet,
    is_published,
)
from oda_portal.publishing.rich import RichTextField

from .network import Membership
from .organisations import Organisation

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class NetworkMeetingQuerySet(PublishableQuerySet):
    def for_members(self) -> Self:
        """All that were called: members see a meeting before the public does."""
        return self.filter(called_at__isnull=False)

    def upcoming(self, now: datetime | None = None) -> Self:
        return self.filter(ends_at__gt=now or timezone.now()).order_by("starts_at", "pk")


class NetworkMeeting(Publishable):
    """Published is what everybody may read of it: title, day, place, agenda, public minutes."""

    slug = models.SlugField(pgettext_lazy("web", "address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("starts at"), help_text=_("Korea time."))
    ends_at = models.DateTimeField(_("ends at"), help_text=_("Korea time."))
    place = models.CharField(_("place"), max_length=200, blank=True)
    agenda = RichTextField(_("agenda"), blank=True)
    minutes = RichTextField(_("minutes for everybody"), blank=True)
    members_minutes = RichTextField(
        _("minutes for members"), blank=True, help_text=_("Never shown to anybody else.")
    )
    # The invitations went out; before that no member knows of it.
    called_at = models.DateTimeField(_("members invited at"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    attending = models.ManyToManyField(
        Organisation, verbose_name=_("organisations that attended"),
        related_name="network_meetings", blank=True,
    )  # fmt: skip

    objects = NetworkMeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("network meeting")
        verbose_name_plural = _("network meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="network_meeting_ends_after_it_begins",
                violation_error_message=_("The meeting ends before it begins. Check both times."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting_detail", args=[self.slug])

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def is_on_one_day(self) -> bool:
        """As most are; in Korea, where it is held."""
        return timezone.localdate(self.starts_at) == timezone.localdate(self.ends_at)

    def takes_answers(self) -> bool:
        """Members can say whether they come; until it begins they may change their mind."""
        return bool(self.called_at and not self.cancelled_at and timezone.now() < self.starts_at)

    def call(self, *, by: User) -> bool:
        """From now on members know of it; False when they did, or it was cancelled before."""
        return self._mark("called_at", by=by, unless_cancelled=True)

    def cancel(self, *, by: User, reason: str) -> bool:
        """It does not take place; False when it was cancelled already."""
        return self._mark("cancelled_at", by=by, reason=reason)

    def _mark(
        self, column: str, *, by: User, reason: str = "", unless_cancelled: bool = False
    ) -> bool:
        with transaction.atomic():
            current = type(self)._base_manager.select_for_update().get(pk=self.pk)
            self.called_at, self.cancelled_at = current.called_at, current.cancelled_at
            if getattr(current, column) or (unless_cancelled and current.cancelled_at):
                return False
            setattr(current, column, timezone.now())
            current.save(update_fields=[column, "changed_at"])
            setattr(self, column, getattr(current, column))
            record_transition(self, column, "", "yes", by=by, reason=reason)
            return True


class MeetingAnswer(models.Model):
    """Whether a member comes; personal data, without history."""

    class Answer(models.TextChoices):
        YES = "yes", _("I will come")
        MAYBE = "maybe", _("I do not know yet")
        NO = "no", _("I cannot come")

    meeting = models.ForeignKey(
        NetworkMeeting, models.CASCADE, related_name="answers", verbose_name=_("network meeting")
    )
    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="answers",
        verbose_name=_("member of the network"),
    )  # fmt: skip
    answer = models.CharField(_("answer"), max_length=5, choices=Answer)
    note = models.CharField(_("note"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("answered at"), auto_now=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answer to an invitation")
        verbose_name_plural = _("answers to an invitation")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "membership"], name="meeting_answered_once_a_member"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.get_answer_display()}"


class MeetingDocumentQuerySet(TextQuerySet):
    def published(self, at: datetime | None = None) -> Self:
        public = is_published(at, through="meeting__")
        return self.filter(public, for_members_only=False)

    def for_members(self) -> Self:
        """All of the meetings that were called, the newest meeting first."""
        called = self.filter(meeting__called_at__isnull=False)
        return called.select_related("meeting").order_by("-meeting__starts_at", "-pk")


class MeetingDocument(StoredFile, models.Model):
    meeting = models.ForeignKey(
        NetworkMeeting, models.CASCADE, related_name="documents",
        verbose_name=_("network meeting"),
    )  # fmt: skip
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    file = CheckedDocumentField(_("file"))
    for_members_only = models.BooleanField(_("for members only"), default=True)
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)

    objects = MeetingDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("document of a meeting")
        verbose_name_plural = _("documents of a meeting")

    def __str__(self) -> str:
        return self.title


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def open(self) -> Self:
        return self.filter(done_at=None)

    def overdue(self, today: date | None = None) -> Self:
        return self.open().filter(due_on__lt=today or timezone.localdate())

    def for_members(self) -> Self:
        """All of the meetings that were called: open ones by their day, then what is done."""
        called = self.filter(meeting__called_at__isnull=False)
        rows = called.select_related("meeting", "owner__organisation")
        return rows.order_by(F("done_at").desc(nulls_first=True), "due_on", "pk")


class ActionItem(models.Model):
    """What somebody said they would do, and until when. Members’ own: it has one language."""

    meeting = models.ForeignKey(
        NetworkMeeting, models.CASCADE, related_name="action_items",
        verbose_name=_("network meeting"),
    )  # fmt: skip
    what = models.CharField(_("what is to be done"), max_length=300)
    owner = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="action_items",
        verbose_name=pgettext_lazy("action item", "owner"),
    )  # fmt: skip
    due_on = models.DateField(pgettext_lazy("action item", "due"))
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)
    # The Monday for which its owner was reminded last.
    reminded_on = models.DateField(null=True, editable=False)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("action item")
        verbose_name_plural = _("action items")

    def __str__(self) -> str:
        return self.what

    @property
    def is_overdue(self) -> bool:
        return self.done_at is None and self.due_on < timezone.localdate()

    def finish(self, *, by: User) -> bool:
        """Done; False when it was already."""
        return self._done(from_open=True, by=by)

    def reopen(self, *, by: User) -> bool:
        """Not done after all; False when it is open."""
        return self._done(from_open=False, by=by)

    def _done(self, *, from_open: bool, by: User) -> bool:
        now = timezone.now() if from_open else None
        rows = ActionItem.objects.filter(pk=self.pk, done_at__isnull=from_open)
        with transaction.atomic():
            if not rows.update(done_at=now):
                return False
            names = ("open", "done") if from_open else ("done", "open")
            record_transition(self, "state", *names, by=by)
        self.done_at = now
        return True
