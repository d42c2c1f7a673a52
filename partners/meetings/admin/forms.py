"""What staff fill in about meetings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.forms import SluggedForm

from ...models import ActionItem, Membership


class MeetingForm(SluggedForm):
    taken_slugs: set[str] = set()


class ReasonForm(RefuseResidentNumbers, forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("For the office’s record only.")
    )


class ActionItemForm(RefuseResidentNumbers, forms.ModelForm):
    """Its owner is somebody of the network now, or whoever it was."""

    class Meta:
        model = ActionItem
        fields = ("meeting", "what", "owner", "due_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if owner := self.fields.get("owner"):
            active = Membership.objects.active().values("pk")
            rows = Membership.objects.filter(pk__in=active)
            if self.instance.owner_id:
                rows = rows | Membership.objects.filter(pk=self.instance.owner_id)
            owner.queryset = rows.select_related("user", "organisation")  # type: ignore[attr-defined]
