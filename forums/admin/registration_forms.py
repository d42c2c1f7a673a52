"""What staff fill in about registrations; every page shows what follows before it is done."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.models import Forum, ForumSession
from oda_portal.languages import HTML_LANG
from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.forms import ReasonForm

MOST = 100_000
EVENT = "event"


class NeededReasonForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class LineForm(NeededReasonForm):
    place = forms.IntegerField(
        label=gettext_lazy("New place on the waiting list"), min_value=1, max_value=9999
    )
    field_order = ("place", "reason")


class PlacesForm(forms.Form):
    """How many places the event and each of its sessions have, and how long offers stand.

    The page sends back, as `shown`, the stamp of what it showed.
    """

    def __init__(self, data: Any = None, *, forum: Forum, sessions: list[ForumSession]) -> None:
        super().__init__(data)
        self.owners: dict[str, Forum | ForumSession] = {EVENT: forum}
        self.fields[EVENT] = self._places(_("Places at the event"), forum, required=True)
        self.fields["hours"] = forms.IntegerField(
            label=_("Hours to answer an offer"),
            min_value=1,
            max_value=24 * 30,
            initial=forum.pool.offer_hours if forum.pool else 72,
        )
        for session in sessions:
            name = f"session_{session.pk}"
            self.owners[name] = session
            self.fields[name] = self._places(str(session), session, required=bool(session.pool))

    def _places(
        self, label: str, owner: Forum | ForumSession, *, required: bool
    ) -> forms.IntegerField:
        pool = owner.pool
        return forms.IntegerField(
            label=label,
            min_value=1,
            max_value=MOST,
            required=required,
            initial=pool.capacity if pool else None,
            help_text=_("%(taken)s taken now.") % {"taken": pool.taken}
            if pool
            else _("Empty: there is no separate registration for it."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, owner in self.owners.items():
            wanted = cleaned.get(name)
            if owner.pool and wanted is not None and wanted < owner.pool.taken:
                sentence = _("%(taken)s places are taken. Enter at least as many.")
                self.add_error(name, ValidationError(sentence, params={"taken": owner.pool.taken}))
        return cleaned

    def wanted(self) -> list[tuple[Forum | ForumSession, int]]:
        """The event first: a session has places where its event has some."""
        named = ((owner, self.cleaned_data.get(name)) for name, owner in self.owners.items())
        return [(owner, places) for owner, places in named if places is not None]

    @property
    def stamp(self) -> str:
        words = "|".join(f"{name}={self.data.get(name, '')}" for name in self.fields)
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def may_act(self) -> bool:
        return self.is_valid() and self.data.get("shown") == self.stamp


class TellForm(RefuseResidentNumbers, forms.Form):
    """A text in every language that people may have chosen for their mails.

    The page sends back, as `shown`, the stamp of the texts that it showed as letters.
    """

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for code, name in settings.LANGUAGES:
            attrs = {"rows": 4, "lang": HTML_LANG[code]}
            self.fields[self._name(code)] = forms.CharField(
                label=name, max_length=1500, widget=forms.Textarea(attrs=attrs)
            )

    @staticmethod
    def _name(code: str) -> str:
        return f"text_{code.replace('-', '_')}"

    def texts(self) -> dict[str, str]:
        """By language code."""
        return {code: self.cleaned_data[self._name(code)] for code, _n in settings.LANGUAGES}

    @property
    def stamp(self) -> str:
        words = "\n".join(self.texts().values())
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def may_act(self) -> bool:
        return self.is_valid() and self.data.get("shown") == self.stamp
