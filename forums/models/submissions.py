"""What people offer to speak about: papers of a forum, topics of a meet-up."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from oda_portal.files.fields import CheckedDocumentField
from oda_portal.readable import random_signs

from .forums import Forum
from .materials import Material
from .sessions import Appearance, ForumSession, Speaker

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User

RECEIPT_SIGNS = 10


def new_receipt() -> str:
    return random_signs(RECEIPT_SIGNS)


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("paper", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("paper", "Submitted")
    ACCEPTED = "accepted", pgettext_lazy("paper", "Accepted")
    CONFIRMED = "confirmed", pgettext_lazy("paper", "Confirmed")
    DECLINED = "declined", pgettext_lazy("paper", "Not accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("paper", "Withdrawn")


# Each act, from which states, and to which.
MOVES: dict[str, tuple[tuple[State, ...], State]] = {
    "submit": ((State.DRAFT,), State.SUBMITTED),
    "accept": ((State.SUBMITTED,), State.ACCEPTED),
    "decline": ((State.SUBMITTED,), State.DECLINED),
    "confirm": ((State.ACCEPTED,), State.CONFIRMED),
    "withdraw": ((State.SUBMITTED, State.ACCEPTED, State.CONFIRMED), State.WITHDRAWN),
}
# Of these the office decides.
DECISIONS = ("accept", "decline")


class Profile(NamedTuple):
    """How a speaker is named in public, in one language."""

    name: str = ""
    post: str = ""
    bio: str = ""


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A person's own; to staff they are shown on pages of the staff alone."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def written_by(self, user: User | AnonymousUser) -> Self:
        """By a person, with this account or under an address that they have proved theirs."""
        if not user.is_authenticated:
            return self.none()
        proved = EmailAddress.objects.filter(user=user, verified=True)
        return self.filter(Q(user=user) | Q(email__in=proved.values("email")))

    def drafts(self) -> Self:
        return self.filter(state=State.DRAFT)

    def handed_in(self) -> Self:
        """Those that staff know of; a draft is its writer's alone."""
        return self.exclude(state=State.DRAFT)

    def to_be_decided(self) -> Self:
        return self.filter(state=State.SUBMITTED)

    def to_be_placed(self) -> Self:
        """Speakers who confirmed and are not in the programme, or have put their details right."""
        newer = Q(profile_at__gt=models.F("placed_at"))
        rows = self.filter(state=State.CONFIRMED, forum__frozen_at=None)
        return rows.filter(Q(placed_at=None) | newer)


class Submission(models.Model):
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    receipt = models.CharField(
        _("receipt number"), max_length=10, unique=True, default=new_receipt, editable=False
    )
    forum = models.ForeignKey(
        Forum,
        models.PROTECT,
        related_name="submissions",
        verbose_name=pgettext_lazy("event", "forum"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True,
        related_name="submissions", verbose_name=_("account"),
    )  # fmt: skip
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    state_at = models.DateTimeField(_("in this state since"), default=timezone.now, editable=False)
    # In small letters: an address stands for one person, however it is typed.
    email = models.EmailField(_("email"))
    name = models.CharField(_("full name"), max_length=80, blank=True)
    affiliation = models.CharField(
        pgettext_lazy("person", "organisation"), max_length=120, blank=True
    )
    language = models.CharField(_("language of emails"), max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=200, blank=True)
    abstract = models.TextField(_("abstract"), max_length=3000, blank=True)
    begun_at = models.DateTimeField(_("begun at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    # What the speaker wants said in public, {language: {name, post, bio}}; staff put it into the
    # programme, and nothing of it is public before.
    profile = models.JSONField(_("how the speaker is named"), default=dict, editable=False)
    profile_at = models.DateTimeField(null=True, editable=False)
    slides = CheckedDocumentField(_("slides"), blank=True, editable=False)
    slides_name = models.CharField(max_length=150, blank=True, editable=False)
    # Where it was put in the programme, who they are there, and their slides.
    session = models.ForeignKey(
        ForumSession, models.SET_NULL, null=True, blank=True, related_name="submissions",
        verbose_name=pgettext_lazy("forum", "session"), editable=False,
    )  # fmt: skip
    speaker = models.ForeignKey(
        Speaker, models.SET_NULL, null=True, blank=True, related_name="submissions",
        verbose_name=_("speaker"), editable=False,
    )  # fmt: skip
    appearance = models.OneToOneField(
        Appearance, models.SET_NULL, null=True, blank=True, related_name="submission",
        verbose_name=_("speaker of a session"), editable=False,
    )  # fmt: skip
    material = models.OneToOneField(
        Material, models.SET_NULL, null=True, blank=True, related_name="submission",
        verbose_name=pgettext_lazy("forum", "material"), editable=False,
    )  # fmt: skip
    placed_at = models.DateTimeField(_("put into the programme at"), null=True, editable=False)
    reviews = GenericRelation("reviews.Review")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = pgettext_lazy("forum", "paper or topic")
        verbose_name_plural = pgettext_lazy("forum", "papers and topics")
        constraints = [
            # Whoever begins twice has the same draft; after handing it in they may begin another.
            models.UniqueConstraint(
                fields=["forum", "email"],
                condition=Q(state="draft"),
                name="paper_drafted_once_an_address",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(sent_at__isnull=False),
                name="paper_submitted_at_some_time",
            ),
        ]
        indexes = [models.Index(fields=["forum", "state"], name="paper_forum_state")]

    def __str__(self) -> str:
        return self.receipt

    def get_absolute_url(self) -> str:
        return reverse("forums:paper_detail", args=[self.uuid])

    # --- what may be done now --------------------------------------------------------------------

    def is_editable(self, now: datetime | None = None) -> bool:
        """Until the deadline by the server's clock, whether it has been handed in or not."""
        is_open = self.forum.takes_papers(now) and self.forum.is_public(now)
        return self.state in (State.DRAFT, State.SUBMITTED) and is_open

    def is_withdrawable(self) -> bool:
        return self.state in MOVES["withdraw"][0] and not self.forum.is_frozen

    def is_speakers(self) -> bool:
        """Accepted, so that there is a speaker who has a page of their own."""
        return self.state in (State.ACCEPTED, State.CONFIRMED)

    @property
    def is_topic(self) -> bool:
        """Of a meet-up: nobody reviews it, and staff answer whenever they have read it."""
        return self.forum.is_meet_up

    @property
    def stamp(self) -> str:
        """What a form was made from; another one later means that another window changed it."""
        written = [self.name, self.affiliation, self.language, self.title, self.abstract]
        known = json.dumps([*written, self.profile, self.slides.name], sort_keys=True)
        return hashlib.sha256(known.encode()).hexdigest()[:16]

    def profile_in(self, language: str) -> Profile:
        return Profile(**self.profile.get(language, {}))

    def known_as(self) -> Profile:
        """How the speaker is named for readers of the active language, as far as it is written."""
        first = translation.get_language() or settings.LANGUAGE_CODE
        for language in (first, self.language, *self.profile):
            if (found := self.profile_in(language)).name:
                return found
        return Profile(self.name, self.affiliation)

    @property
    def needs_placing(self) -> bool:
        """The rule of `to_be_placed`, for a row in hand."""
        is_newer = bool(self.placed_at and self.profile_at and self.profile_at > self.placed_at)
        waits = self.placed_at is None or is_newer
        return self.state == State.CONFIRMED and waits and not self.forum.is_frozen

    # --- moves -----------------------------------------------------------------------------------

    def submit(self, *, by: User | None) -> bool:
        return self._move("submit", by=by, sent_at=timezone.now())

    def accept(self, *, by: User | None, reason: str = "") -> bool:
        return self._move("accept", by=by, reason=reason)

    def decline(self, *, by: User | None, reason: str = "") -> bool:
        return self._move("decline", by=by, reason=reason)

    def confirm(self, *, by: User | None) -> bool:
        """They will speak."""
        return self._move("confirm", by=by)

    def withdraw(self, *, by: User | None, reason: str = "") -> bool:
        return self._move("withdraw", by=by, reason=reason)

    def _move(self, act: str, *, by: User | None, reason: str = "", **values: Any) -> bool:
        """Change the state if the row, as it stands now, allows it; False when it does not."""
        sources, target = MOVES[act]
        with transaction.atomic():
            # Of two who act at once the second finds the state that the first has left.
            current = Submission.objects.select_for_update().get(pk=self.pk)
            before = State(current.state)
            if before in sources:
                values |= {"state": target, "state_at": timezone.now()}
                Submission.objects.filter(pk=self.pk).update(**values)
                record_transition(self, "state", before, target, by=by, reason=reason)
        self.refresh_from_db(fields=["state", "state_at", "sent_at"])
        return before in sources
