"""Who comes to an edition, and with how many. Its places are seats (`oda_portal.seats`)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from oda_portal.privacy.fields import EncryptedTextField
from oda_portal.readable import random_signs
from oda_portal.seats.models import Seat
from oda_portal.seats.rows import find
from oda_portal.seats.waiting import place_of

from .forums import Forum

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User

NUMBER_SIGNS = 8
LARGEST_PARTY = 5


def new_number() -> str:
    """What is said at the door, and what the QR holds: 31 signs to the power of eight."""
    return random_signs(NUMBER_SIGNS)


class State(models.TextChoices):
    """Computed from the seat among the edition’s places; never stored."""

    CONFIRMED = "confirmed", pgettext_lazy("registration", "Confirmed")
    OFFERED = "offered", pgettext_lazy("registration", "Place offered")
    WAITING = "waiting", pgettext_lazy("registration", "On the waiting list")
    CANCELLED = "cancelled", pgettext_lazy("registration", "Cancelled")


SEAT_OF: dict[str, str] = {
    State.CONFIRMED: Seat.State.HELD,
    State.OFFERED: Seat.State.OFFERED,
    State.WAITING: Seat.State.WAITING,
}
STATE_OF = {seat: state for state, seat in SEAT_OF.items()}


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A person's own; to staff they are shown on pages of the staff alone."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def standing(self) -> Self:
        """Confirmed, offered a place, or waiting."""
        return self.filter(cancelled_at=None)

    def in_state(self, state: str) -> Self:
        """Those whose `state` this is; raises KeyError for what is none."""
        if state == State.CANCELLED:
            return self.exclude(cancelled_at=None)
        return self.standing().filter(Exists(_own_seat().filter(state=SEAT_OF[state])))

    def confirmed(self) -> Self:
        """Whoever has a place: they come in, get a badge and are reminded."""
        return self.in_state(State.CONFIRMED)

    def with_state(self) -> Self:
        """So that `state`, `offered_until` and `place_in_line` of many rows ask nothing more."""
        rows = self.annotate(
            seat_state=Subquery(_own_seat().values("state")[:1]),
            seat_until=Subquery(_own_seat().values("offered_until")[:1]),
            seat_position=Subquery(_own_seat().values("position")[:1]),
        )
        ahead = Seat.objects.filter(
            pool=OuterRef("forum__pool"),
            state=Seat.State.WAITING,
            position__lte=OuterRef("seat_position"),
        )
        count = ahead.order_by().values("pool").annotate(count=Count("pk")).values("count")
        return rows.annotate(seat_place=Subquery(count))

    def people(self) -> int:
        """How many come with these."""
        return self.aggregate(people=models.Sum("size"))["people"] or 0


def _own_seat() -> QuerySet[Seat]:
    """For a subquery of registrations: the seat of each among its edition's places."""
    kind = ContentType.objects.get_for_model(Registration)
    return Seat.objects.filter(
        content_type=kind, object_id=OuterRef("pk"), pool=OuterRef("forum__pool")
    ).order_by()


class Registration(models.Model):
    """Of each address one an edition; who cancels and comes again has the same row.

    Whatever stands (`cancelled_at` is empty) holds, is offered or waits for a seat in the
    edition's pool: `forums.registering.acts` sees to that.
    """

    State = State

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    number = models.CharField(
        _("check-in number"), max_length=8, unique=True, default=new_number, editable=False
    )
    forum = models.ForeignKey(
        Forum,
        models.PROTECT,
        related_name="registrations",
        verbose_name=pgettext_lazy("event", "forum"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True,
        related_name="registrations", verbose_name=_("account"),
    )  # fmt: skip
    # In small letters: an address stands for one person, however it is typed.
    email = models.EmailField(_("email"))
    name = models.CharField(_("full name"), max_length=80)
    affiliation = models.CharField(
        pgettext_lazy("person", "organisation"), max_length=120, blank=True
    )
    language = models.CharField(_("language of emails"), max_length=10, choices=settings.LANGUAGES)
    size = models.PositiveSmallIntegerField(
        _("people"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST_PARTY)],
    )
    registered_at = models.DateTimeField(_("registered at"), default=timezone.now)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    arrived_at = models.DateTimeField(_("checked in at"), null=True, editable=False)
    # Of the party, so many are in.
    arrived = models.PositiveSmallIntegerField(_("people in"), default=0, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = pgettext_lazy("event", "registration")
        verbose_name_plural = pgettext_lazy("event", "registrations")
        constraints = [
            models.UniqueConstraint(fields=["forum", "email"], name="registration_once_an_address"),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=LARGEST_PARTY), name="registration_party"
            ),
            models.CheckConstraint(
                condition=Q(arrived_at=None, arrived=0)
                | Q(arrived_at__isnull=False, arrived__gte=1, arrived__lte=F("size")),
                name="registration_arrives_with_its_party",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    # --- what it is now; each asks the database anew unless the rows came by `with_state` ------

    @property
    def state(self) -> str:
        if self.cancelled_at is not None:
            return State.CANCELLED
        seat = self._seat("state", "seat_state")
        return STATE_OF.get(seat, State.CANCELLED)

    @property
    def offered_until(self) -> datetime | None:
        """The end of the time to answer an offer."""
        return self._seat("offered_until", "seat_until")

    @property
    def place_in_line(self) -> int | None:
        """1 for the next one; None for who does not wait."""
        if "seat_place" in self.__dict__:
            return self.__dict__["seat_place"]
        return place_of(self.forum.pool, self) if self.forum.pool else None

    def _seat(self, column: str, annotated: str) -> Any:
        if annotated in self.__dict__:
            return self.__dict__[annotated]
        seat = find(self.forum.pool, self) if self.forum.pool else None
        return seat and getattr(seat, column)

    @property
    def is_confirmed(self) -> bool:
        return self.state == State.CONFIRMED

    # --- moves; the seat is moved by whoever calls them, in the same transaction ---------------

    @transaction.atomic
    def cancel(self, *, by: User | None, reason: str = "") -> bool:
        """False when it was cancelled already, or somebody is in."""
        now = timezone.now()
        rows = Registration.objects.standing().filter(pk=self.pk, arrived_at=None)
        return self._move(rows, now, State.CANCELLED, by=by, reason=reason)

    def revive(self, *, by: User | None) -> bool:
        """Who had cancelled comes after all. False when it stands."""
        rows = Registration.objects.exclude(cancelled_at=None).filter(pk=self.pk)
        return self._move(rows, None, "registered", by=by)

    def _move(
        self,
        rows: QuerySet[Registration],
        cancelled_at: datetime | None,
        to: str,
        *,
        by: User | None,
        reason: str = "",
    ) -> bool:
        before = "registered" if cancelled_at else State.CANCELLED
        with transaction.atomic():
            if not rows.update(cancelled_at=cancelled_at):
                return False
            self.cancelled_at = cancelled_at
            record_transition(self, "state", before, to, by=by, reason=reason)
        return True


class Need(models.Model):
    """What somebody needs from us at the event, in their own words; it goes soon after it."""

    registration = models.OneToOneField(
        Registration, models.CASCADE, related_name="need", verbose_name=_("registration")
    )
    text = EncryptedTextField(_("what you need from us"))
    written_at = models.DateTimeField(_("written at"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("need of an attendee")
        verbose_name_plural = _("needs of attendees")

    def __str__(self) -> str:
        return f"#{self.pk}"
