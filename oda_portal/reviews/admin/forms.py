"""What staff fill in to set reviews up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.accounts.areas import within
from oda_portal.publishing.forms import RecordForm

from .. import permissions
from ..assigning import possible_reviewers
from ..models import Rubric
from ..registry import registered
from .links import key_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User


def possible_rounds(user: User | AnonymousUser) -> dict[str, models.Model]:
    """Of the kinds of rounds that they have to do with, and of programme that they work on."""
    kinds = [kind for kind in registered() if permissions.can_view_guides(user, kind)]
    rows = [kind.rounds().filter(within(user, kind.round_model)) for kind in kinds]
    return {key_of(one): one for of_kind in rows for one in of_kind}


class RubricForm(RecordForm):
    """A new one also says for which round of those that `user` sees; later that stays."""

    user: User | AnonymousUser
    of_round = forms.ChoiceField(
        label=gettext_lazy("round"),
        help_text=gettext_lazy("What is scored by it: a call for volunteers, or for papers."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("of_round", None)
        elif "of_round" in self.fields:
            self.rounds = possible_rounds(self.user)
            choices = [("", _("Choose"))] + [(key, str(one)) for key, one in self.rounds.items()]
            self.fields["of_round"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and "of_round" in cleaned:
            round_ = self.rounds[cleaned["of_round"]]
            self.instance.content_type = ContentType.objects.get_for_model(round_)
            self.instance.object_id = round_.pk
            if Rubric.objects.in_round(round_).filter(stage=cleaned.get("stage")).exists():
                sentence = _("This round already has a scoring guide for this stage.")
                self.add_error("stage", ValidationError(sentence, code="taken"))
        return cleaned


class CriterionFormSet(BaseInlineFormSet):
    """Once somebody has scored, what was asked and how much it counts stays; words may change."""

    FIXED = ("weight", "DELETE")

    def clean(self) -> None:
        super().clean()
        if self.instance.pk is None or not self._touches_what_counts():
            return
        # Nobody scores between this look and the saving of the form.
        rubric = Rubric.objects.select_for_update().get(pk=self.instance.pk)
        if rubric.has_scores():
            raise ValidationError(
                _(
                    "Somebody has already scored by these criteria. The criteria and their"
                    " weights stay as they are."
                )
            )

    def _touches_what_counts(self) -> bool:
        added = any(form.has_changed() for form in self.extra_forms)
        changed = any(set(self.FIXED) & set(form.changed_data) for form in self.initial_forms)
        return added or changed


class AssignForm(forms.Form):
    """Whom to ask. The page sends back, as `shown`, the stamp of the plan that it showed."""

    reviewers: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Reviewers"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one reviewer.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["reviewers"].queryset = possible_reviewers()  # type: ignore[attr-defined]
        self.fields["reviewers"].label_from_instance = _name_and_address  # type: ignore[attr-defined]


def _name_and_address(user: Any) -> str:
    return f"{user.name} · {user.email}" if user.name else user.email
