"""Whom did it touch: everybody whose data an account or an address saw in a window of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.privacy.access import record_look
from oda_portal.privacy.exports import ExportForm, csv_response
from oda_portal.privacy.masked_fields import RevealForm, usual_reasons
from oda_portal.privacy.models import AccessSubject, Act
from oda_portal.privacy.revealing import last_reason, mask_again, reveal, revealed
from oda_portal.privacy.touched import Person, Window, deadline, name_all, people_on

if TYPE_CHECKING:
    from .access import AccessRecordAdmin

A_PAGE = 100
PART = 500
WHAT = "privacy.accessrecord touched"
YEARS = range(2000, 2101)


class Moment(forms.DateTimeField):
    """A day and a time, by the clock of the office."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        wrong = _wrong_moment
        super().__init__(widget=widget, error_messages={"invalid": wrong}, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        """At the ends of the calendar nothing can be added, and no clock of another zone read."""
        moment: datetime | None = super().to_python(value)
        if moment and moment.year not in YEARS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


_wrong_moment = gettext_lazy("Enter a day and a time, such as 2026-11-20 14:30.")


class WindowForm(forms.Form):
    account = forms.CharField(
        label=gettext_lazy("Account (email address)"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    address = forms.GenericIPAddressField(
        label=gettext_lazy("IP address"),
        required=False,
        error_messages={"invalid": gettext_lazy("Enter an IP address, such as 192.0.2.7.")},
    )
    begins = Moment(label=gettext_lazy("From"))
    ends = Moment(label=gettext_lazy("Until"))
    known_at = Moment(
        label=gettext_lazy("Known since"),
        required=False,
        help_text=gettext_lazy("The 72 hours for the report are counted from here."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not (given.get("account") or given.get("address")):
            raise forms.ValidationError(_("Enter an account or an IP address."))
        begins, ends = given.get("begins"), given.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", _("The end is before the beginning."))
        return given

    def window(self) -> Window:
        given = self.cleaned_data
        return Window(given["account"].strip(), given["address"], given["begins"], given["ends"])


def touched_page(model_admin: AccessRecordAdmin, request: HttpRequest) -> HttpResponseBase:
    """The question stands in the address; a reason, which is sent, shows names for minutes."""
    is_asked = "begins" in request.GET
    form = WindowForm(request.GET if is_asked else None, initial=_yesterday())
    found: dict[str, Any] = {}
    if form.is_valid():
        window = form.window()
        if request.method == "POST":
            return _act(request, window)
        found = _found(request, form, window)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Whose data were touched"),
        "form": form,
        **found,
    }
    return TemplateResponse(request, "privacy/admin/touched.html", context)


def _found(request: HttpRequest, form: WindowForm, window: Window) -> dict[str, Any]:
    page = Paginator(window.people(), A_PAGE).get_page(request.GET.get("p"))
    people = people_on(window, page.object_list)
    shown = revealed(request, _key(window))
    if shown:
        name_all(people)
    reason = shown.reason if shown else ""
    record_look(request, Act.LIST, _subjects(people), what=WHAT, reason=reason)
    known_at = form.cleaned_data["known_at"]
    query = request.GET.copy()
    query.pop("p", None)
    return {
        "page": page,
        "people": people,
        "kinds": window.kinds(),
        "shown": shown,
        "until": datetime.fromtimestamp(shown.until, timezone.get_current_timezone())
        if shown
        else None,
        "query": query.urlencode(),
        "pages": _pages(page),
        "reveal_form": RevealForm(initial={"reason": last_reason(request)}),
        "export_form": ExportForm(auto_id="id_export_%s"),
        "reasons": usual_reasons(),
        "clock": _clock(known_at) if known_at else None,
    }


def _act(request: HttpRequest, window: Window) -> HttpResponseBase:
    """Show the names, mask them again, or give out the list; each wants its token."""
    here = f"{reverse('admin:privacy_accessrecord_touched')}?{request.GET.urlencode()}"
    if "mask" in request.POST:
        mask_again(request, _key(window))
        return redirect(here)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return redirect(f"{here}#reveal")
    reason = form.cleaned_data["reason"]
    if "export" in request.POST:
        return _file(request, window, reason)
    reveal(request, _key(window), reason=reason)
    return redirect(here)


def _file(request: HttpRequest, window: Window, reason: str) -> HttpResponseBase:
    """Everybody in it is in the log before the first line goes out."""
    keys = list(window.people().values_list("label", "object_id"))
    subjects = (AccessSubject(label=label, object_id=number) for label, number in keys)
    record_look(request, Act.EXPORT, subjects, what=WHAT, reason=reason)
    head = [
        _("kind"), _("number"), _("name"), _("email"), _("times"), _("acts"), _("first"), _("last"),
    ]  # fmt: skip
    return csv_response("personal-data-touched", head, _lines(window))


def _lines(window: Window) -> Iterator[list[Any]]:
    for page in Paginator(window.people(), PART):
        people = people_on(window, page.object_list)
        name_all(people)
        for one in people:
            acts = ", ".join(str(Act(act).label) for act in sorted(one.acts))
            yield [
                one.label, one.number, one.name, one.contact, one.times, acts,
                timezone.localtime(one.first).isoformat(" ", "seconds"),
                timezone.localtime(one.last).isoformat(" ", "seconds"),
            ]  # fmt: skip


def _subjects(people: list[Person]) -> list[AccessSubject]:
    return [AccessSubject(label=one.label, object_id=one.number) for one in people]


def _key(window: Window) -> str:
    """What a reason was given for: this account, this address and this window."""
    query = QueryDict(mutable=True)
    query.update(
        {
            "account": window.account,
            "address": window.address,
            "begins": window.begins.isoformat(),
            "ends": window.ends.isoformat(),
        }
    )
    return f"touched:{query.urlencode()}"


def _clock(known_at: datetime) -> dict[str, Any]:
    ends = deadline(known_at)
    left = ends - timezone.now()
    hours = int(left.total_seconds() // 3600)
    return {"ends": ends, "hours": hours, "is_over": left < timedelta(), "is_soon": hours < 24}


def _pages(page: Page[Any]) -> list[Any]:
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


def _yesterday() -> dict[str, datetime]:
    now = timezone.localtime().replace(second=0, microsecond=0)
    return {"begins": now - timedelta(days=1), "ends": now, "known_at": now}
