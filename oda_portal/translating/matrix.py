"""What somebody has asked of the translations: filters, and the kinds that they may see."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.languages import CODES
from oda_portal.pages.models import Department
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.publishing.models import TextQuerySet
from oda_portal.publishing.stages import Stage, in_stage

from .counting import CURRENT, MISSING, OUTDATED, Kind
from .registry import Translated, know_kinds, registered

STATES = {
    OUTDATED: pgettext_lazy("translation", "Out of date"),
    MISSING: pgettext_lazy("translation", "Missing"),
    CURRENT: pgettext_lazy("translation", "Up to date"),
}
LONGEST_SEARCH = 100


def label_of(about: Translated) -> str:
    return str(capfirst(about.model._meta.verbose_name_plural))


def form_of(about: Translated) -> Any:
    """The admin in whose form the texts of a kind are written."""
    return admin.site._registry[about.page]


def is_personal(about: Translated) -> bool:
    """Whether each look at such a record is recorded: its texts are shown on its page alone."""
    return isinstance(form_of(about), RecordedLooks)


def visible_kinds(request: HttpRequest) -> list[Translated]:
    """What somebody may read in the back office."""
    return [
        about
        for about in registered().values()
        if form_of(about).has_view_permission(request) and _may_read(request, about)
    ]


def _may_read(request: HttpRequest, about: Translated) -> bool:
    if not about.key:
        return True
    app, name = about.model._meta.app_label, about.model._meta.model_name
    return any(request.user.has_perm(f"{app}.{act}_{name}") for act in ("view", "change"))


class FilterForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("kind"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("language"), required=False)
    state = forms.ChoiceField(label=pgettext_lazy("translation", "state"), required=False)
    stage = forms.ChoiceField(label=pgettext_lazy("publish", "status"), required=False)
    department = forms.ChoiceField(label=gettext_lazy("department"), required=False)
    q = forms.CharField(
        label=gettext_lazy("Search the texts"), required=False, max_length=LONGEST_SEARCH
    )

    def __init__(self, data: Any, *, kinds: list[Translated]) -> None:
        super().__init__(data)
        everything = [("", _("All"))]
        departments = Department.objects.order_by_text("name")
        choices: dict[str, list[Any]] = {
            "kind": [(about.label, label_of(about)) for about in kinds],
            "language": list(settings.LANGUAGES),
            "state": list(STATES.items()),
            "stage": list(Stage.choices),
            "department": [(str(row.pk), str(row)) for row in departments],
        }
        for name, own in choices.items():
            self.fields[name].choices = [*everything, *own]  # type: ignore[attr-defined]


class Asked:
    """What the address says; values that mean nothing count as none."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        know_kinds()
        self.visible = visible_kinds(request)
        self.form = FilterForm(request.GET, kinds=self.visible)
        self.form.is_valid()
        said = {name: self.form.cleaned_data.get(name, "") for name in self.form.fields}
        self.said: dict[str, str] = {name: value for name, value in said.items() if value}
        self.language, self.state = self.said.get("language", ""), self.said.get("state", "")

    @property
    def languages(self) -> list[str]:
        return [self.language] if self.language else list(CODES)

    def address(self, **more: str) -> str:
        """The page with these filters besides those that are chosen; "" takes one away."""
        chosen = {name: value for name, value in {**self.said, **more}.items() if value}
        page = reverse("admin:translating_translationstate_changelist")
        return f"{page}?{urlencode(chosen)}" if chosen else page

    def kinds(self) -> list[Kind]:
        only = self.said.get("kind")
        found = [self._kind(about) for about in self.visible if only in (None, about.label)]
        return [kind for kind in found if kind is not None]

    def one_kind(self) -> Kind | None:
        """The kind, where one is chosen."""
        kinds = self.kinds() if "kind" in self.said else []
        return kinds[0] if kinds else None

    def _kind(self, about: Translated) -> Kind | None:
        """None where the filters leave none of its rows: what is not published has no stage."""
        rows = self._own(about)
        if "stage" in self.said or "department" in self.said:
            if not about.is_published:
                return None
            rows = self._published(about, rows)
        if text := self.said.get("q"):
            rows = (self._all(about) if rows is None else rows).filter(_says(about, text))
        return Kind(about, rows)

    def _all(self, about: Translated) -> Any:
        return about.model._base_manager.all()

    def shows(self, about: Translated, row: Any) -> bool:
        """Whether it is a row of somebody’s lists, whatever the filters say."""
        own = self._own(about)
        return own is None or own.filter(pk=row.pk).exists()

    def _own(self, about: Translated) -> Any:
        """The rows that somebody’s lists have; None for all of them."""
        listed = form_of(about).get_queryset(self.request)
        if not listed.query.where:
            return None
        key = f"{about.key}__in" if about.key else "pk__in"
        return self._all(about).filter(**{key: listed.order_by().values("pk")})

    def _published(self, about: Translated, rows: Any) -> Any:
        records: Any = TextQuerySet(about.record).all()
        if stage := self.said.get("stage"):
            records = in_stage(about.record._default_manager.all(), stage)  # type: ignore[arg-type]
        if department := self.said.get("department"):
            records = records.filter(department=department)
        key = f"{about.path}__in" if about.path else "pk__in"
        found = self._all(about) if rows is None else rows
        return found.filter(**{key: records.order_by().values("pk")})


def _says(about: Translated, text: str) -> Q:
    match = Q()
    for code in CODES:
        for column in about.columns(code):
            match |= Q(**{f"{column}__icontains": text})
    return match
