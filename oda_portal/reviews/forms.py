"""What a reviewer gives, criterion by criterion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.languages import HTML_LANG
from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.texts import text_in

from .actions import Marks
from .models import HIGHEST, LOWEST, Criterion, Review

SCALE = [(value, str(value)) for value in range(LOWEST, HIGHEST + 1)]
OFF_SCALE = gettext_lazy("A score is a whole number from 0 to 5.")


class ScoreForm(RefuseResidentNumbers, forms.Form):
    """A draft may lack scores; with `submit` in what was sent, every criterion needs one."""

    comment = forms.CharField(
        label=gettext_lazy("Overall comment"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("The office reads this. The person concerned may ask to see it."),
    )

    def __init__(self, *args: Any, review: Review, criteria: Sequence[Criterion]) -> None:
        given = {score.criterion_id: score for score in review.scores.all()}
        initial: dict[str, Any] = {"comment": review.comment}
        for criterion in criteria:
            if score := given.get(criterion.pk):
                initial[f"score_{criterion.pk}"] = score.value
                initial[f"comment_{criterion.pk}"] = score.comment
        super().__init__(*args, initial=initial)  # type: ignore[misc]
        self.criteria = criteria
        whole = self.fields.pop("comment")
        total = sum(criterion.weight for criterion in criteria)
        for criterion in criteria:
            self.fields[f"score_{criterion.pk}"] = _score_field(criterion, total)
            self.fields[f"comment_{criterion.pk}"] = _words_field(criterion)
        self.fields["comment"] = whole

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "submit" in self.data:
            for criterion in self.criteria:
                name = f"score_{criterion.pk}"
                if name not in self.errors and cleaned.get(name) is None:
                    self.add_error(name, ValidationError(_("Give a score."), code="missing"))
        return cleaned

    def marks(self) -> dict[int, Marks]:
        """By the keys of the criteria, as `actions` take them."""
        values = self.cleaned_data
        return {
            one.pk: Marks(values[f"score_{one.pk}"], values[f"comment_{one.pk}"])
            for one in self.criteria
        }

    def questions(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Of each criterion the score and the comment on it."""
        return [(self[f"score_{one.pk}"], self[f"comment_{one.pk}"]) for one in self.criteria]


def _score_field(criterion: Criterion, total: int) -> forms.TypedChoiceField:
    share = _("%(percent)s%% of the total.") % {"percent": round(100 * criterion.share(total))}
    meaning = text_in(criterion, "description")
    return forms.TypedChoiceField(
        label=text_in(criterion, "name").text,
        help_text=format_html(
            '{} <span lang="{}">{}</span>',
            share,
            HTML_LANG.get(meaning.language, meaning.language),
            meaning.text,
        ),
        choices=SCALE,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": OFF_SCALE},
    )


def _words_field(criterion: Criterion) -> forms.CharField:
    name = text_in(criterion, "name").text
    return forms.CharField(
        label=_("Comment on “%(criterion)s”") % {"criterion": name},
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ConflictForm(forms.Form):
    conflict = forms.BooleanField(
        label=gettext_lazy("I have a conflict of interest"),
        help_text=gettext_lazy(
            "I know the person, work or study with them, or would gain something from the result."
        ),
        error_messages={"required": gettext_lazy("Tick the box if there is one.")},
    )
