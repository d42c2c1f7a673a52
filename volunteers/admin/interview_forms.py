"""What staff fill in about interviews: slots of a day, another time or place, somebody's slot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.accounts.areas import within
from oda_portal.languages import HTML_LANG
from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.models import language_column
from volunteers.interviews import Times, times_between
from volunteers.models import Call, InterviewSlot
from volunteers.models.interviews import check_start

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User

MOST_SLOTS = 200
FURTHEST = timedelta(days=730)
PLACES = tuple(language_column("place", code) for code, _name in settings.LANGUAGES)


def _clock_widget() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class StampedForm(forms.Form):
    """The page sends back, as `shown`, the stamp of what it showed: with other values nothing is
    done, and the page shows what would be done then."""

    def stamp(self) -> str:
        values = "\n".join(f"{name}={value}" for name, value in sorted(self.cleaned_data.items()))
        return hashlib.sha256(values.encode()).hexdigest()[:16]

    def may_act(self) -> bool:
        return self.is_valid() and self.data.get("shown") == self.stamp()


class DayForm(StampedForm):
    """A stretch of one day in Korea, and the place in three languages."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    first = forms.TimeField(label=gettext_lazy("From"), widget=_clock_widget())
    last = forms.TimeField(label=gettext_lazy("To"), widget=_clock_widget())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for (code, name), column in zip(settings.LANGUAGES, PLACES, strict=True):
            self.fields[column] = forms.CharField(
                label=_("Place, %(language)s") % {"language": name},
                max_length=200,
                required=code == settings.LANGUAGE_CODE,
                widget=forms.TextInput(attrs={"lang": HTML_LANG[code], "size": 60}),
                help_text=_("The room with its address, or the meeting link."),
            )
        self.fields["is_online"] = forms.BooleanField(label=_("Online"), required=False)

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise ValidationError(_("This date has passed. Choose a later date."))
        if day > timezone.localdate() + FURTHEST:
            raise ValidationError(_("This date is too far away. Check the year."))
        return day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if {"day", "first", "last"} <= set(cleaned):
            if cleaned["last"] <= cleaned["first"]:
                sentence = _("The interview ends before it starts. Check both times.")
                self.add_error("last", sentence)
            elif self.call_of(cleaned) is not None:
                check_start(self.call_of(cleaned), self.starts_at(cleaned))
        return cleaned

    def call_of(self, cleaned: dict[str, Any]) -> Call | None:
        return cleaned.get("call")

    def starts_at(self, cleaned: dict[str, Any]) -> datetime:
        return _moment(cleaned["day"], cleaned["first"])

    @property
    def whole(self) -> Times:
        """From when to when; of a valid form."""
        day = self.cleaned_data["day"]
        return Times(
            _moment(day, self.cleaned_data["first"]), _moment(day, self.cleaned_data["last"])
        )

    @property
    def place(self) -> dict[str, str]:
        """By column; of a valid form."""
        return {column: self.cleaned_data[column] for column in PLACES}


class MakeSlotsForm(DayForm):
    call: forms.ModelChoiceField = forms.ModelChoiceField(
        Call.objects.none(), label=gettext_lazy("Call")
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes each"), min_value=5, max_value=480, initial=20
    )
    places = forms.IntegerField(
        label=gettext_lazy("Places in each"), min_value=1, max_value=500, initial=1
    )

    field_order = ("call", "day", "first", "last", "minutes", "places")

    def __init__(self, *args: Any, user: User | AnonymousUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calls = Call.objects.filter(within(user, Call))
        self.fields["call"].queryset = calls  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if not self.errors:
            count = len(self.times())
            if not count:
                self.add_error("minutes", _("Not one interview fits between these times."))
            elif count > MOST_SLOTS:
                sentence = _("At most %(most)s at once. These would be %(count)s.")
                self.add_error("minutes", sentence % {"most": MOST_SLOTS, "count": count})
        return cleaned

    def times(self) -> list[Times]:
        return times_between(*self.whole, minutes=self.cleaned_data["minutes"])


class MoveSlotForm(DayForm):
    """Begins as the slot is."""

    def __init__(self, data: Any = None, *, slot: InterviewSlot) -> None:
        starts, ends = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
        initial = {"day": starts.date(), "first": starts.time(), "last": ends.time()}
        initial |= {name: getattr(slot, name) for name in (*PLACES, "is_online")}
        super().__init__(data, initial=initial)
        self.slot = slot

    def call_of(self, cleaned: dict[str, Any]) -> Call | None:
        return self.slot.call


class PersonForm(RefuseResidentNumbers, StampedForm):
    """Into which slot somebody is put, or that theirs is taken back; and why."""

    NONE = "none"

    slot = forms.ChoiceField(label=gettext_lazy("Interview slot"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("For the office’s record; the applicant does not see it."),
    )

    def __init__(
        self, data: Any = None, *, slots: Iterable[InterviewSlot], held: InterviewSlot | None
    ) -> None:
        super().__init__(data)
        self.slots = {str(slot.pk): slot for slot in slots if slot != held and slot.pool.left}
        choices = [(key, f"{slot} · {slot.pool}") for key, slot in self.slots.items()]
        if held:
            choices.append((self.NONE, _("None: withdraw the time")))
        self.fields["slot"].choices = [("", "---------"), *choices]  # type: ignore[attr-defined]

    def chosen(self) -> InterviewSlot | None:
        """Of a valid form; None when the place is to be taken back."""
        return self.slots.get(self.cleaned_data["slot"])


def _moment(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
