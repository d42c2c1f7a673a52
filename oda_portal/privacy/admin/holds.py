"""Holds: what may not be destroyed, why, by whom it was said, and until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from oda_portal.privacy import actions, registry
from oda_portal.privacy.holding import ACCOUNT
from oda_portal.privacy.models import Hold
from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.privacy.reporting import HOLD_ENDS_SOON
from oda_portal.publishing.admin import ObjectAct
from oda_portal.publishing.admin_base import ReadOnlyAdmin

LONGEST = timedelta(days=5 * 366)
# By what people name a record, where it is not its number.
NAMES = ("receipt", "number", "code")


class HoldForm(RefuseResidentNumbers, forms.Form):
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"),
        choices=Hold.Ground.choices,
        help_text=gettext_lazy("The person reads it, with the last day of the hold."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("For the office alone: the file number, for example. No names."),
    )
    until = forms.DateField(
        label=pgettext_lazy("hold", "Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The hold ends by itself after this day. At most five years."),
    )

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        today = timezone.localdate()
        if not today <= until <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today to five years from now."))
        return until


class HoldRecordForm(HoldForm):
    model = forms.ChoiceField(
        label=gettext_lazy("Record"),
        help_text=gettext_lazy("With an account, everything of its person is kept."),
    )
    name = forms.CharField(
        label=pgettext_lazy("record", "Number"),
        max_length=200,
        help_text=gettext_lazy(
            "The receipt or the number of the record, as its address in the back office ends;"
            " for an account its email."
        ),
    )
    field_order = ("model", "name", "ground", "reason", "until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].choices = [  # type: ignore[attr-defined]
            (label, capfirst(str(model._meta.verbose_name))) for label, model in _kinds().items()
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        model, name = _kinds().get(found.get("model", "")), found.get("name", "")
        if model is not None and name:
            row = _row(model, name.strip())
            if row is None:
                self.add_error("name", _("There is no such record."))
            found["row"] = row
        return found


def _kinds() -> dict[str, type[models.Model]]:
    """What is personal data, accounts first."""
    account = registry.entry_of(ACCOUNT)
    first = [account.model] if account else []
    others = sorted(
        {entry.model for entry in registry.registered()} - {*first, Hold},
        key=lambda model: str(model._meta.verbose_name),
    )
    return {model._meta.label_lower: model for model in (*first, *others)}


def _row(model: type[models.Model], name: str) -> models.Model | None:
    columns = {field.name for field in model._meta.concrete_fields}
    rows = model._base_manager.all()
    if "@" in name:
        is_account = model._meta.label_lower == ACCOUNT
        return rows.filter(email__iexact=name).first() if is_account else None
    for column in (column for column in NAMES if column in columns):
        if found := rows.filter(**{column: name}).first():
            return found
    is_number = name.isascii() and name.isdecimal() and len(name) < 19
    return rows.filter(pk=int(name)).first() if is_number else None


class StandingFilter(admin.SimpleListFilter):
    title = gettext_lazy("state of the hold")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("standing", pgettext("hold", "Standing")),
            ("ending", pgettext("hold", "Ending within a week")),
            ("over", pgettext("hold", "Over")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        standing = Hold.objects.standing().values("pk")
        chosen = {
            "standing": lambda: queryset.filter(pk__in=standing),
            "ending": lambda: queryset.filter(pk__in=Hold.objects.ending(HOLD_ENDS_SOON)),
            "over": lambda: queryset.exclude(pk__in=standing),
        }.get(self.value() or "")
        return chosen() if chosen else queryset


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    """They are set and lifted on pages of their own, and stay as they were said."""

    list_display = ("what", "ground", "reason", "until", "state", "by", "set_at")
    list_filter = (StandingFilter, "ground")
    list_select_related = ("by", "content_type")
    search_fields = ("reason", "key")
    date_hierarchy = "set_at"
    fields = (
        "what",
        "ground",
        "reason",
        "until",
        "state",
        "by",
        "set_at",
        "lifted_at",
        "lifted_by",
    )
    readonly_fields = fields

    @admin.display(description=gettext_lazy("what is held"))
    def what(self, hold: Hold) -> SafeString | str:
        if hold.key:
            return registry.label_of(hold.key)
        model = hold.content_type.model_class() if hold.content_type else None
        return record_of(model, hold.object_id)

    @admin.display(description=gettext_lazy("state of the hold"), ordering="until")
    def state(self, hold: Hold) -> SafeString | str:
        if hold.is_standing:
            return hold_badge(hold.until)
        return pgettext("hold", "Lifted") if hold.lifted_at else pgettext("hold", "Over")

    # --- setting and lifting -----------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("privacy.add_hold")

    def get_urls(self) -> list[URLPattern]:
        lift = self.admin_site.admin_view(self.lift_view)
        return [path("<int:pk>/lift/", lift, name="privacy_hold_lift"), *super().get_urls()]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = HoldRecordForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            given = form.cleaned_data
            details = {name: given[name] for name in ("ground", "reason", "until")}
            actions.hold_record(given["row"], by=request.user, **details)  # type: ignore[arg-type]
            self.message_user(request, _("The hold stands."), messages.SUCCESS)
            return redirect("admin:privacy_hold_changelist")
        return self._page(request, form, _("Put a record on hold"))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        held = self.get_object(request, object_id)
        acts = []
        if held and held.is_standing and request.user.has_perm("privacy.change_hold"):
            address = reverse("admin:privacy_hold_lift", args=[held.pk])
            acts.append(ObjectAct(pgettext("hold", "Lift"), address))
        context = {"acts": acts, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def lift_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        if not request.user.has_perm("privacy.change_hold"):
            raise PermissionDenied
        held = Hold.objects.filter(pk=pk).first()
        if held is None:
            raise Http404
        if request.method == "POST":
            if actions.lift(held, by=request.user):  # type: ignore[arg-type]
                self.message_user(request, _("The hold was lifted."), messages.SUCCESS)
            else:
                self.message_user(request, _("The hold is over already."), messages.WARNING)
            return redirect("admin:privacy_hold_change", pk)
        text = _("What was kept goes with the next night, once whoever must be told was told.")
        return self._page(request, None, _("Lift the hold"), held=held, explanation=text)

    def _page(
        self,
        request: HttpRequest,
        form: forms.Form | None,
        title: str,
        *,
        held: Hold | None = None,
        explanation: str = "",
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": held,
            "title": title,
            "button": title,
            "form": form,
            "explanation": explanation,
            "back": reverse("admin:privacy_hold_changelist"),
        }
        return TemplateResponse(request, "admin/act.html", context)


def hold_badge(until: date | None) -> SafeString | str:
    if until is None:
        return ""
    day = formats.date_format(until, "SHORT_DATE_FORMAT")
    words = _("until %(date)s") % {"date": day}
    return format_html('<span class="badge stage-expired">{}</span>', words)


def record_of(model: type[models.Model] | None, number: int | None) -> SafeString | str:
    """Kind and number, as a link where the back office has a page of it; never a name."""
    if model is None:
        return str(number)
    words = f"{capfirst(str(model._meta.verbose_name))} {number}"
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    try:
        return format_html('<a href="{}">{}</a>', reverse(name, args=[number]), words)
    except NoReverseMatch:
        return words
