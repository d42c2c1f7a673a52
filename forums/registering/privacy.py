"""The personal data of those who register: how long each is kept, and how it goes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy import consents
from oda_portal.privacy.destruction import BY_PERSON, destroy_all, destroy_row
from oda_portal.privacy.models import Kind as ConsentKind
from oda_portal.privacy.registry import Addressee, PersonalData, register
from oda_portal.seats import actions as seats
from oda_portal.seats.models import Seat
from oda_portal.seats.rows import lock

from ..models import Need, Registration
from ..models.registrations import RegistrationQuerySet
from . import acts
from .sessions import held_by

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

REGISTRATION, CANCELLED = "forums.registration", "forums.cancelled"
YEAR = 365


def register_all() -> None:
    register(
        PersonalData(
            key=acts.NEED,
            label=_("What attendees of an event need"),
            model=Need,
            born="written_at",
            purpose=_("Preparing what somebody needs at the event"),
            days=7,
            due=lambda before: Need.objects.filter(_over_before(before, "registration__")),
            destroy=destroy_row,
            of=lambda user: Need.objects.filter(registration__in=registrations_of(user)),
            person="registration__email",
            position=20,
        )
    )
    register(
        PersonalData(
            key=CANCELLED,
            label=_("Cancelled registrations for events"),
            model=Registration,
            born="registered_at",
            purpose=_("Answering questions about a registration that was cancelled"),
            days=30,
            due=lambda before: _cancelled().filter(_over_before(before)),
            person="email",
            lock=_lock,
            destroy=_destroy,
            position=30,
        )
    )
    register(
        PersonalData(
            key=REGISTRATION,
            label=_("Registrations for events"),
            model=Registration,
            born="registered_at",
            purpose=_("Looking up who was at an event, and issuing certificates"),
            days=YEAR,
            notice_days=14,
            due=lambda before: Registration.objects.standing().filter(_over_before(before)),
            lock=_lock,
            destroy=_destroy,
            of=registrations_of,
            person="email",
            addressee=_attendee,
            given_as="forums.registrations",
            export=_registrations,
            close=_close,
            position=30,
        )
    )
    consents.when_taken_back(REGISTRATION, ConsentKind.ATTENDANCE, _not_coming)
    consents.when_taken_back(REGISTRATION, ConsentKind.ATTENDANCE_NEEDS, _forget_needs)


def registrations_of(user: User) -> RegistrationQuerySet:
    """Made with the account, or with an address that it has proved to be its own."""
    own = Q(user=user)
    proved = EmailAddress.objects.filter(user=user, verified=True)
    for address in proved.values_list("email", flat=True):
        own |= Q(email=address.lower())
    return Registration.objects.filter(own)


def _attendee(row: Registration) -> Addressee:
    return Addressee(row.email, row.language, row.name, row.user)


def _cancelled() -> QuerySet[Registration]:
    return Registration.objects.exclude(cancelled_at=None)


def _over_before(before: datetime, path: str = "") -> Q:
    """Of events that ended, or were called off, before then; without a date: registered before."""
    program = f"{path}forum__program__"
    last_day = timezone.localdate(before)
    ended = Q(**{f"{program}ends_on__lt": last_day}) | Q(
        **{f"{program}ends_on": None, f"{program}starts_on__lt": last_day}
    )
    undated = Q(
        **{
            f"{program}ends_on": None,
            f"{program}starts_on": None,
            f"{path}registered_at__lt": before,
        }
    )
    return ended | Q(**{f"{program}cancelled_at__lt": before}) | undated


def _registrations(user: User) -> list[dict[str, Any]]:
    rows = registrations_of(user).select_related("forum__program", "forum__pool", "need")
    return [
        {
            "event": str(row.forum),
            "number": row.number,
            "state": row.state,
            "email": row.email,
            "name": row.name,
            "affiliation": row.affiliation,
            "language": row.language,
            "people": row.size,
            "sessions": [str(held.session) for held in held_by(row)],
            "needs": row.need.text if hasattr(row, "need") else "",
            "registered_at": row.registered_at,
            "cancelled_at": row.cancelled_at,
            "checked_in_at": row.arrived_at,
            "people_checked_in": row.arrived,
        }
        for row in rows.order_by("pk")
    ]


def _close(user: User) -> None:
    """They go whole, and their places to others: of a closed account nothing names it."""
    destroy_all(REGISTRATION, registrations_of(user), rule=BY_PERSON)


def _lock(registration: Registration) -> None:
    lock(*_seats_of(registration).values_list("pool", flat=True))


def _destroy(registration: Registration, *, rule: str = "") -> None:
    """The row with its seats; what it held goes to whoever is next."""
    for seat in _seats_of(registration).select_related("pool").order_by("pool"):
        seats.release(seat.pool, registration)
    _seats_of(registration).delete()
    registration.delete()


def _seats_of(registration: Registration) -> QuerySet[Seat]:
    """Those given back as well."""
    return Seat.objects.filter(
        content_type__app_label="forums",
        content_type__model="registration",
        object_id=registration.pk,
    )


def _not_coming(registration: Registration) -> None:
    """Without the consent nothing of them may be used for the event."""
    acts.cancel(registration, by=None, reason="consent withdrawn")


def _forget_needs(registration: Registration) -> None:
    acts.forget_needs(registration, rule="consent taken back")
