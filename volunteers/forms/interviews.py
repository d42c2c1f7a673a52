"""Which of the interview slots somebody wants."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import InterviewSlot


class SlotForm(forms.Form):
    slot = forms.ChoiceField(
        label=_("Interview time"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )

    def __init__(
        self, data: Any = None, *, slots: Iterable[InterviewSlot], held: InterviewSlot | None
    ) -> None:
        super().__init__(data, initial={"slot": str(held.pk) if held else ""})
        self.slots = {str(slot.pk): slot for slot in slots}
        self.fields["slot"].choices = list(self.slots.items())  # type: ignore[attr-defined]

    def chosen(self) -> InterviewSlot:
        """Of a valid form."""
        return self.slots[self.cleaned_data["slot"]]
