"""When and where a call's interviews are held; whoever is invited chooses one of the slots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.models import TextQuerySet
from oda_portal.publishing.texts import text_in
from oda_portal.publishing.times import korea_day, korea_moment
from oda_portal.seats.models import Pool, Seat

from .applications import Application
from .calls import Call
from .states import State


class InterviewSlotQuerySet(TextQuerySet):
    def with_places(self) -> Self:
        return self.select_related("pool", "call")

    def to_come(self, now: datetime | None = None) -> Self:
        return self.filter(starts_at__gt=now or timezone.now())


class InterviewSlot(models.Model):
    """Everybody who holds a `Seat` of its pool comes at this time; it has no waiting list."""

    call = models.ForeignKey(
        Call, models.CASCADE, related_name="interview_slots", verbose_name=_("call")
    )
    starts_at = models.DateTimeField(_("starts at"), help_text=_("Korea time."))
    ends_at = models.DateTimeField(_("ends at"), help_text=_("Korea time."))
    place = models.CharField(
        _("place"), max_length=200, help_text=_("The room with its address, or the meeting link.")
    )
    is_online = models.BooleanField(_("online"), default=False)
    pool = models.OneToOneField(Pool, models.PROTECT, editable=False, related_name="interview_slot")
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = InterviewSlotQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("interview slot")
        verbose_name_plural = _("interview slots")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="interview_ends_after_it_starts",
                violation_error_message=_("The interview ends before it starts. Check both times."),
            ),
        ]

    def __str__(self) -> str:
        return f"{korea_day(self.starts_at)} {self.hours} · {text_in(self, 'place').text}"

    @property
    def hours(self) -> str:
        """From when to when, in Korea: 10:00–10:20."""
        starts, ends = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{starts:%H:%M}–{ends:%H:%M}"

    @property
    def is_to_come(self) -> bool:
        return self.starts_at > timezone.now()

    def clean(self) -> None:
        check_start(self.call if self.call_id else None, self.starts_at)


def check_start(call: Call | None, starts_at: datetime | None) -> None:
    """Refuse a slot that begins while people still choose; raises ValidationError."""
    if call is None or starts_at is None:
        return
    if call.interview_choose_by is None:
        sentence = _t("First give the call a time until which interviews are chosen.")
        raise ValidationError(sentence, code="choose_by")
    if starts_at < call.interview_choose_by:
        sentence = _t("Interviews begin after the time until which they are chosen: %(moment)s.")
        params = {"moment": korea_moment(call.interview_choose_by)}
        raise ValidationError(sentence, code="too_early", params=params)


def may_have_interview(application: Application) -> bool:
    return application.state == State.INTERVIEW


def seats_in_slots(applications: Iterable[Application]) -> QuerySet[Seat]:
    """What these hold of interview slots, with the slots."""
    kind = ContentType.objects.get_for_model(Application)
    numbers = [application.pk for application in applications]
    held = Seat.objects.filter(content_type=kind, object_id__in=numbers, state=Seat.State.HELD)
    return held.filter(pool__interview_slot__isnull=False).select_related(
        "pool__interview_slot__call"
    )


def seat_in_slot(application: Application) -> Seat | None:
    """The seat that this application holds in a slot, `seat.pool.interview_slot`."""
    return seats_in_slots([application]).first()


def slot_of(application: Application) -> InterviewSlot | None:
    seat = seat_in_slot(application)
    return seat.pool.interview_slot if seat else None


def with_interview(rows: QuerySet[Application], *, chosen: bool) -> QuerySet[Application]:
    """Those who are invited and have chosen a slot, or have not."""
    kind = ContentType.objects.get_for_model(Application)
    held = Seat.objects.filter(
        content_type=kind,
        object_id=OuterRef("pk"),
        state=Seat.State.HELD,
        pool__interview_slot__isnull=False,
    )
    return rows.filter(Exists(held) if chosen else ~Exists(held), state=State.INTERVIEW)


def people_in(slots: Iterable[InterviewSlot]) -> dict[int, list[Application]]:
    """Who holds a place in each of these, by the slot's number, in the order of their names."""
    kind = ContentType.objects.get_for_model(Application)
    pools = {slot.pool_id: slot.pk for slot in slots}
    held = Seat.objects.filter(content_type=kind, pool__in=pools, state=Seat.State.HELD)
    places = dict(held.values_list("object_id", "pool"))
    people: dict[int, list[Application]] = defaultdict(list)
    rows = Application.objects.filter(pk__in=places).select_related("call", "volunteer__user")
    for application in rows.order_by("volunteer__name", "pk"):
        people[pools[places[application.pk]]].append(application)
    return people
