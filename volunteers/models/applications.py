"""One person's application to one call, from the first draft to the end of service."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from oda_portal.audit.models import record_transition
from oda_portal.privacy.fields import EncryptedTextField
from oda_portal.readable import random_signs
from oda_portal.seats import waiting
from oda_portal.seats.models import Seat
from oda_portal.seats.rows import find

from .calls import Call
from .openings import Opening
from .people import Volunteer
from .states import BEFORE_DEPARTURE, MOVES, State

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User

RECEIPT_LENGTH = 10


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A person's own; to staff they are shown in the back office alone."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(volunteer__user=user)

    def drafts(self) -> Self:
        return self.filter(state=State.DRAFT)

    def ending_between(self, first: datetime, last: datetime) -> Self:
        return self.filter(call__closes_at__gt=first, call__closes_at__lte=last)


class Application(models.Model):
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    call = models.ForeignKey(
        Call, models.PROTECT, related_name="applications", verbose_name=_("call")
    )
    volunteer = models.ForeignKey(
        Volunteer, models.CASCADE, related_name="applications", verbose_name=_("volunteer")
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.DRAFT, editable=False
    )
    # NULL until it is sent: many drafts have none, and no two applications the same.
    receipt = models.CharField(  # noqa: DJ001
        _("receipt number"), max_length=16, unique=True, null=True, editable=False
    )
    language = models.CharField(_("language of emails"), max_length=10, choices=settings.LANGUAGES)
    # What has been written so far, as JSON: {step: {field: text}}. It may be wrong or unfinished;
    # what is right and sent stands in columns and rows of their own.
    draft = EncryptedTextField(default="{}", editable=False)
    draft_saved_at = models.DateTimeField(_("draft saved at"), null=True, editable=False)
    languages = models.TextField(_("languages"), blank=True)
    skills = models.TextField(_("skills"), blank=True)
    experience = models.TextField(_("experience"), blank=True)
    motivation = models.TextField(_("why they want to volunteer"), blank=True)
    guardian_name = models.CharField(_("parent or guardian"), max_length=80, blank=True)
    guardian_mobile = EncryptedTextField(_("telephone of the parent or guardian"), blank=True)
    # Empty until a decision about a place is released.
    opening = models.ForeignKey(
        Opening,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="placed",
        verbose_name=_("opening"),
    )
    answer_by = models.DateTimeField(_("to answer by"), null=True, editable=False)
    begun_at = models.DateTimeField(_("begun at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    changed_at = models.DateTimeField(_("changed after submission at"), null=True, editable=False)
    state_at = models.DateTimeField(_("in this state since"), default=timezone.now, editable=False)
    # What reviewers wrote goes with the application.
    reviews = GenericRelation("reviews.Review")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.UniqueConstraint(
                fields=["call", "volunteer"], name="application_once_for_each_person_and_call"
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT)
                | Q(state=State.WITHDRAWN)
                | Q(receipt__isnull=False, sent_at__isnull=False),
                name="application_sent_has_a_receipt",
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state"], name="application_call_state"),
            models.Index(fields=["-sent_at", "-id"], name="application_newest_first"),
        ]

    def __str__(self) -> str:
        return self.receipt or str(_("Draft"))

    def get_absolute_url(self) -> str:
        return reverse("volunteers:application_detail", args=[self.uuid])

    # --- what has been written ---------------------------------------------------------------

    @property
    def written(self) -> dict[str, dict[str, Any]]:
        """Everything written so far, by step."""
        return json.loads(self.draft)

    def base_of(self, step: str) -> str:
        """What a page of this step is made from; another base later means another window."""
        stored = json.dumps(self.written.get(step, {}), sort_keys=True)
        return hashlib.sha256(stored.encode()).hexdigest()[:16]

    def write(self, step: str, values: dict[str, Any], *, base: str) -> bool:
        """Keep what a step holds now; False when another window has changed it since `base`.

        The same values again are no change, and another step never is in the way.
        """
        with transaction.atomic():
            current = Application.objects.select_for_update().get(pk=self.pk)
            self.draft = current.draft
            if self.written.get(step) == values:
                return True
            if self.base_of(step) != base:
                return False
            self.draft = json.dumps({**self.written, step: values}, ensure_ascii=False)
            self.draft_saved_at = timezone.now()
            self.save(update_fields=["draft", "draft_saved_at"])
            return True

    # --- what may be done now ----------------------------------------------------------------

    def is_editable(self, now: datetime | None = None) -> bool:
        """Until the deadline: a draft, and what was sent and nobody has begun to review."""
        return self.state in (State.DRAFT, State.SUBMITTED) and self.call.is_open(now)

    def is_withdrawable(self) -> bool:
        return self.state in BEFORE_DEPARTURE

    def can_answer(self, now: datetime | None = None) -> bool:
        """Whether somebody who was offered a place can still say yes or no."""
        in_time = self.answer_by is None or (now or timezone.now()) < self.answer_by
        return self.state == State.SELECTED and in_time

    def can_wait_again(self) -> bool:
        """Whose time to answer ran out may join the end of the list, as long as nobody left."""
        return (
            self.state == State.DECLINED
            and self.let_offer_pass
            and self.opening is not None
            and self.opening.departs_on > timezone.localdate()
        )

    def can_begin_again(self, now: datetime | None = None) -> bool:
        return self.state == State.WITHDRAWN and self.call.is_open(now)

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def has_unsent_changes(self) -> bool:
        """Written after it was last sent; the office sees the version that was sent."""
        last = self.changed_at or self.sent_at
        return bool(
            self.state == State.SUBMITTED
            and last
            and self.draft_saved_at
            and self.draft_saved_at > last
        )

    @cached_property
    def place_in_line(self) -> int | None:
        """The place on the reserve list as of now, 1 for the next; None for who does not wait."""
        return waiting.place_of(self.opening.pool, self) if self.opening else None

    @cached_property
    def let_offer_pass(self) -> bool:
        """Whether the place was given back because nobody answered in time."""
        seat = find(self.opening.pool, self) if self.opening else None
        return seat is not None and seat.reason == Seat.Reason.EXPIRED

    # --- moves -------------------------------------------------------------------------------

    def send(self, *, by: User | None) -> bool:
        return self._move("send", by=by, receipt=self.receipt or new_receipt(), sent_at=_now())

    def take_place(self, *, by: User | None, opening: Opening) -> bool:
        """First come, first served: the place is theirs."""
        return self._move("take_place", by=by, opening=opening)

    def wait(self, *, by: User | None, opening: Opening) -> bool:
        """First come, first served, and all places are gone."""
        return self._move("wait", by=by, opening=opening)

    def screen(self, *, by: User) -> bool:
        return self._move("screen", by=by)

    def invite(self, *, by: User) -> bool:
        return self._move("invite", by=by)

    def select(
        self, *, by: User | None, opening: Opening, answer_by: datetime | None, reason: str = ""
    ) -> bool:
        return self._move("select", by=by, reason=reason, opening=opening, answer_by=answer_by)

    def keep_in_reserve(self, *, by: User | None, opening: Opening, reason: str = "") -> bool:
        return self._move("keep_in_reserve", by=by, reason=reason, opening=opening)

    def not_select(self, *, by: User | None, reason: str = "") -> bool:
        return self._move("not_select", by=by, reason=reason, opening=None)

    def offer(self, *, answer_by: datetime | None) -> bool:
        """A place became free, and they are next in line."""
        return self._move("offer", by=None, answer_by=answer_by)

    def confirm(self, *, by: User | None) -> bool:
        return self._move("confirm", by=by)

    def decline(self, *, by: User | None, reason: str = "") -> bool:
        """They will not take part, or did not say so in time: then `by` is None."""
        return self._move("decline", by=by, reason=reason)

    def wait_again(self, *, by: User | None) -> bool:
        return self._move("wait_again", by=by)

    def withdraw(self, *, by: User | None, reason: str = "") -> bool:
        return self._move("withdraw", by=by, reason=reason)

    def begin_again(self, *, by: User) -> bool:
        return self._move("begin_again", by=by, opening=None)

    def deploy(self, *, by: User) -> bool:
        return self._move("deploy", by=by)

    def complete(self, *, by: User) -> bool:
        return self._move("complete", by=by)

    def _move(self, act: str, *, by: User | None, reason: str = "", **values: Any) -> bool:
        """Change the state if the row, as it stands now, allows it; False when it does not."""
        sources, target = MOVES[act]
        with transaction.atomic():
            # Of two who act at once the second finds the state that the first has left.
            current = Application.objects.select_for_update().get(pk=self.pk)
            before = State(current.state)
            if before in sources:
                values |= {"state": target, "state_at": _now()}
                Application.objects.filter(pk=self.pk).update(**values)
                record_transition(self, "state", before, target, by=by, reason=reason)
        fields = ["state", "state_at", "receipt", "sent_at", "opening", "answer_by"]
        self.refresh_from_db(fields=fields)
        # What was worked out from the state before.
        self.__dict__.pop("place_in_line", None)
        self.__dict__.pop("let_offer_pass", None)
        return before in sources


def new_receipt() -> str:
    """Random, so that nobody can guess another's: 31 signs to the power of ten."""
    signs = random_signs(RECEIPT_LENGTH)
    return f"{signs[:5]}-{signs[5:]}"


def _now() -> datetime:
    return timezone.now()
