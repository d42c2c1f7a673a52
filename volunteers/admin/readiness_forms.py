"""What staff choose and write on the readiness board."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.languages import HTML_LANG
from oda_portal.privacy.numbers import RefuseResidentNumbers
from volunteers.models import ChecklistItem, Opening
from volunteers.readiness.board import Person, Team
from volunteers.readiness.checklists import DAYS_BEFORE, due_by_default
from volunteers.readiness.rules import FOR_STAFF, Light


class BoardFilter(forms.Form):
    """Which team, and whom of it. What is not known is taken for no filter."""

    SHOWN = (
        ("", pgettext_lazy("readiness", "Everybody")),
        ("alarm", gettext_lazy("With something overdue or returned")),
        ("office", gettext_lazy("With something for us to check")),
        ("undone", gettext_lazy("Not done yet")),
    )

    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    show = forms.ChoiceField(label=gettext_lazy("People"), required=False, choices=SHOWN)

    def __init__(self, data: Any, *, teams: list[Team]) -> None:
        super().__init__(data, auto_id="filter_%s")
        named = [(str(team.opening.pk), str(team.opening)) for team in teams]
        self.fields["team"].choices = [("", _("All teams")), *named]  # type: ignore[attr-defined]
        self.full_clean()

    def shows(self, team: Team) -> bool:
        return self.cleaned_data.get("team") in (None, "", str(team.opening.pk))

    def people_of(self, team: Team) -> list[Person]:
        show = self.cleaned_data.get("show")
        return [person for person in team.people if _is_shown(person, show)]


def _is_shown(person: Person, show: str | None) -> bool:
    if show == "alarm":
        return person.light == Light.RED
    if show == "office":
        return any(cell.phase in FOR_STAFF for cell in person.cells)
    if show == "undone":
        return person.light != Light.GREEN
    return True


class ItemForm(RefuseResidentNumbers, forms.ModelForm):
    """One line of a checklist."""

    class Meta:
        model = ChecklistItem
        fields = (
            "is_wanted",
            "due_on",
            *[f"note_{code.replace('-', '_')}" for code, _name in settings.LANGUAGES],
        )
        widgets = {
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            field = self.fields[f"note_{code.replace('-', '_')}"]
            field.label = _("Note, %(language)s") % {"language": name}
            field.help_text = ""
            field.widget.attrs["lang"] = HTML_LANG[code]

    def clean_due_on(self) -> Any:
        due = self.cleaned_data["due_on"]
        if due > self.instance.opening.departs_on:
            sentence = _("This is after the day of departure. Choose an earlier one.")
            raise ValidationError(sentence, code="late")
        return due


def checklist_forms(opening: Opening, data: Any = None) -> list[ItemForm]:
    """One for each kind, in the order of their days; with the usual days where there is none."""
    have = {item.kind: item for item in opening.checklist.all()}
    today = timezone.localdate()
    items = [
        have.get(kind)
        or ChecklistItem(opening=opening, kind=kind, due_on=due_by_default(opening, kind, today))
        for kind in DAYS_BEFORE
    ]
    return [ItemForm(data, instance=item, prefix=item.kind) for item in items]


class SendBackForm(RefuseResidentNumbers, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What to correct"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "In the volunteer’s language. They read it on their checklist; the email does not"
            " contain it."
        ),
    )


class ExportRosterForm(RefuseResidentNumbers, forms.Form):
    AS = (
        ("print", gettext_lazy("A page to print")),
        ("csv", gettext_lazy("A table (CSV)")),
    )

    reason = forms.CharField(
        label=gettext_lazy("Reason for export"),
        max_length=300,
        help_text=gettext_lazy("It is recorded in the personal data access log."),
        error_messages={"required": gettext_lazy("Give a reason to export.")},
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Form"), choices=AS, initial="print", widget=forms.RadioSelect
    )
