"""Forms for accounts in the back office."""

from __future__ import annotations

import json
from typing import Any, cast

from django import forms
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from oda_portal.privacy.numbers import RefuseResidentNumbers

from .areas import offered
from .models import User
from .roles import BY_NAME, may_grant_roles

# What an account may do. A tab that was opened before they changed must not bring them back.
FLAGS = ("is_active", "is_staff", "is_superuser")
LISTS = ("groups", "areas")


class NewUserForm(RefuseResidentNumbers, UserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "preferred_language")


class RolesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Group) -> str:
        return str(BY_NAME[obj.name].label)


class UserForm(RefuseResidentNumbers, UserChangeForm):
    """`version`: the rights as they were when the form was opened, to compare them at saving.

    `by` saves it.
    """

    by: User | None = None

    groups = RolesField(
        Group.objects.filter(name__in=BY_NAME).order_by("pk"),
        label=gettext_lazy("roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    areas = forms.MultipleChoiceField(
        label=gettext_lazy("Only these kinds of programme"),
        choices=offered,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Leave all boxes empty for every kind. Otherwise the person sees and edits only"
            " programmes of these kinds, with their runs, reports, forums and volunteers."
        ),
    )

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = User
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            return
        rights = _rights(self.instance)
        self.fields["version"].initial = json.dumps(rights)
        if "areas" in self.fields:
            self.initial["areas"] = rights["areas"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            rows = self._locked()
            self._refuse_lost_rights(rows)
            self._refuse_old_rights(rows[self.instance.pk])
        return cleaned

    def _locked(self) -> dict[int, User]:
        """Both people as they are stored. Of two who save at the same instant the second waits
        here, and then sees the first; of two who change each other, too.
        """
        keys = {self.instance.pk, self.by.pk} if self.by else {self.instance.pk}
        rows = User.objects.select_for_update(no_key=True).filter(pk__in=keys)
        return {row.pk: row for row in rows.order_by("pk")}

    def _refuse_lost_rights(self, rows: dict[int, User]) -> None:
        """So that somebody always stays who can give roles: whoever took the last but one."""
        if self.by and _power(rows.get(self.by.pk)) != _power(self.by):
            self.add_error(
                None, gettext("What you may do yourself has just been changed by somebody else.")
            )

    def _refuse_old_rights(self, row: User) -> None:
        """What was not touched here is shown as it is stored now; what was, beside it."""
        stored = _rights(row)
        seen = _read(self.data.get(self.add_prefix("version"), ""))
        changed = [name for name, value in stored.items() if seen.get(name) != value]
        if not changed:
            return
        self.data = cast("QueryDict", self.data).copy()
        self.data[self.add_prefix("version")] = json.dumps(stored)
        for name in changed:
            # Of some who save, these are no part of the form.
            if name in self.fields and name in self.cleaned_data:
                if name in seen and self._sent(name) == seen[name]:
                    self._put(name, stored[name])
                now = gettext("Stored now: %(value)s") % {"value": self._in_words(name, stored)}
                self.add_error(name, now)
        self.add_error(
            None,
            gettext(
                "Somebody else has changed what this person may do. What you did not change"
                " yourself is shown as it is now. Check it and save again."
            ),
        )

    def _sent(self, name: str) -> Any:
        value = self.cleaned_data[name]
        return sorted(one.pk for one in value) if name == "groups" else _plain(value)

    def _put(self, name: str, value: Any) -> None:
        data, name = cast("QueryDict", self.data), self.add_prefix(name)
        if isinstance(value, list):
            data.setlist(name, [str(one) for one in value])
        elif value:
            data[name] = "on"
        else:
            data.pop(name, None)

    def _in_words(self, name: str, stored: dict[str, Any]) -> str:
        if name in FLAGS:
            return gettext("Yes") if stored[name] else gettext("No")
        choices: Any = self.fields[name].choices  # type: ignore[attr-defined]
        labels = {str(key): str(label) for key, label in choices}
        return ", ".join(labels.get(str(one), str(one)) for one in stored[name]) or "–"


def _power(user: User | None) -> tuple[bool, ...]:
    """Whether they may change what others may do, as the object says."""
    if user is None:
        return ()
    return user.is_active, user.is_staff, user.is_superuser, may_grant_roles(user)


def _rights(user: User) -> dict[str, Any]:
    areas = list(user.work_areas.values_list("kind", flat=True))
    groups = list(user.groups.values_list("pk", flat=True))
    flags = {name: getattr(user, name) for name in FLAGS}
    return {**flags, "groups": sorted(groups), "areas": sorted(areas)}


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def _read(text: str) -> dict[str, Any]:
    """What the form was opened with; nothing where that is not to be read."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
