"""The form of an edition: its programme's columns stand among its own, and are saved with them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from forums.models import Forum
from forums.models.forums import RESERVED_SLUGS
from oda_portal.publishing.forms import RecordForm, SluggedForm, edited_columns
from oda_portal.publishing.slugs import free_slug
from programs.models import Program
from programs.models.program import RESERVED_CODES, Arrangement, Kind

EVENT = "event"
TRANSLATED = ("title", "summary", "body", "venue")
PLAIN = (
    "starts_on", "ends_on", "precision", "date_is_estimate", "cancelled_at", "themes", "sources",
    "publish_at", "expire_at", "department",
)  # fmt: skip


def columns_of(name: str) -> list[str]:
    """A field of the programme, or its columns where it is translated."""
    return [column for column, _language in edited_columns(name)] if name in TRANSLATED else [name]


EVENT_COLUMNS = [column for name in (*TRANSLATED, *PLAIN) for column in columns_of(name)]


def event(*names: str) -> tuple[str, ...]:
    """What these fields of the programme are called in the form of the edition."""
    return tuple(f"{EVENT}-{column}" for name in names for column in columns_of(name))


class EventForm(RecordForm):
    """The part of a programme that an edition's staff write; it knows its own conflicts."""


class EditionForm(SluggedForm):
    """Two records in one form. The admin makes `event_class`, with its widgets."""

    slug_source = f"{EVENT}-title"
    taken_slugs = RESERVED_SLUGS
    event_class: type[EventForm]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.program_id is None:
            self.instance.program = new_program()
        self.event = self.event_class(
            self.data if self.is_bound else None, instance=self.instance.program, prefix=EVENT
        )
        for name, value in self.event.initial.items():
            self.initial.setdefault(f"{EVENT}-{name}", value)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name, errors in self.event.errors.as_data().items():
            field = f"{EVENT}-{name}" if name in EVENT_COLUMNS else None
            if field is None or field not in self.errors:
                self.add_error(field, errors)
        return cleaned

    def save_event(self) -> Program:
        """The programme, saved; a new one gets the address of its edition as its code."""
        program = self.event.instance
        if not program.code:
            wanted = [self.cleaned_data["slug"]]
            program.code = free_slug(Program, "code", wanted, taken=RESERVED_CODES)
        return self.event.save()


class NewEditionForm(EditionForm):
    """With what an edition begins with besides its texts."""

    places = forms.IntegerField(
        label=gettext_lazy("places"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=gettext_lazy("For how many people there is room. Empty: nobody registers here."),
    )
    like = forms.ModelChoiceField(
        Forum.objects.select_related("program").newest_first(),
        label=gettext_lazy("copy rooms and organisations from"),
        required=False,
        help_text=gettext_lazy("They are copied from this edition, and can be changed here."),
    )


def new_program() -> Program:
    return Program(kind=Kind.FORUM, arrangement=Arrangement.OWN, modality="", ours=True)
