"""The retention table, who is to be told, and what was destroyed by it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oda_portal.privacy import actions, periods
from oda_portal.privacy.consents import TAKEN_BACK
from oda_portal.privacy.models import DestructionLedger, Hold, RetentionNotice, RetentionRule
from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.privacy.periods import Period, StaleError
from oda_portal.privacy.registry import entry_of, label_of
from oda_portal.publishing.admin import ObjectAct, RecordAdmin
from oda_portal.publishing.admin_base import ReadOnlyAdmin

from .clocks import clock_badge
from .holds import HoldForm, hold_badge, record_of

LONGEST = 100 * 365


class PeriodForm(RefuseResidentNumbers, forms.Form):
    days = forms.IntegerField(
        label=gettext_lazy("Days kept"),
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
        help_text=gettext_lazy("Counted from when the data are no longer needed."),
    )
    notice_days = forms.IntegerField(
        label=gettext_lazy("Days of notice"),
        validators=[MinValueValidator(0), MaxValueValidator(LONGEST)],
        help_text=gettext_lazy(
            "How many days before destruction people are told by email."
            " 0 means that nobody is told."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for the change"),
        max_length=100,
        help_text=gettext_lazy("It stays in the history of the rule."),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("days") and found.get("notice_days", 0) >= found["days"]:
            self.add_error(
                "notice_days",
                _("The days of notice must be fewer than the days kept. Check both numbers."),
            )
        return found

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["days"], self.cleaned_data["notice_days"])


@admin.register(RetentionRule)
class RetentionRuleAdmin(RecordAdmin):
    """Rules come from the registry of personal data; the privacy officer sets their periods."""

    list_display = ("label", "purpose", "days", "notice_days", "hold_badge")
    search_fields = ("key", "purpose")
    readonly_fields = ("label", "key", "days", "notice_days", "is_told", "hold_badge")
    fieldsets = (
        (None, {"fields": ("label", "key", "purpose")}),
        (gettext_lazy("Period"), {"fields": (("days", "notice_days"), "is_told")}),
        (gettext_lazy("Hold"), {"fields": ("hold_badge",)}),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[RetentionRule]:
        standing = Hold.objects.standing().filter(key=models.OuterRef("key"))
        return super().get_queryset(request).annotate(held_until=_last_day(standing))

    @admin.display(description=gettext_lazy("kind of data"), ordering="key")
    def label(self, rule: RetentionRule) -> str:
        return label_of(rule.key)

    @admin.display(description=gettext_lazy("people are told before"), boolean=True)
    def is_told(self, rule: RetentionRule) -> bool:
        entry = entry_of(rule.key)
        return entry is not None and entry.addressee is not None and rule.notice_days > 0

    @admin.display(description=gettext_lazy("on hold"), ordering="held_until")
    def hold_badge(self, rule: RetentionRule) -> SafeString | str:
        return hold_badge(getattr(rule, "held_until", None))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_versions(self) -> bool:
        """An old period is set again like any other, by those who have seen what follows."""
        return False

    # --- period and hold ---------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        name = "privacy_retentionrule"
        pages = [("period", self.period_view), ("hold", self.hold_view)]
        return [
            *(
                path(f"<int:pk>/{page}/", self.admin_site.admin_view(view), name=f"{name}_{page}")
                for page, view in pages
            ),
            *super().get_urls(),
        ]

    def get_acts(self, request: HttpRequest, obj: RetentionRule) -> list[ObjectAct]:
        acts = [ObjectAct(_("Change the period"), self.address("period", obj))]
        if request.user.has_perm("privacy.add_hold"):
            acts.append(ObjectAct(_("Put on hold"), self.address("hold", obj)))
        return acts

    def period_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The numbers, then what follows from them, then the saving."""
        rule: RetentionRule = self.to_act_on(request, str(pk))
        begun = {"days": rule.days, "notice_days": rule.notice_days}
        form = PeriodForm(request.POST if request.method == "POST" else None, initial=begun)
        if not form.is_valid():
            return self._period_page(request, rule, form)
        if stamp := request.POST.get("stamp"):
            try:
                periods.change(
                    rule,
                    form.period,
                    by=request.user,  # type: ignore[arg-type]
                    reason=form.cleaned_data["reason"],
                    stamp=stamp,
                )
            except StaleError:
                text = _("What follows has changed meanwhile. Please look at it again.")
                self.message_user(request, text, messages.WARNING)
                rule.refresh_from_db()
            else:
                self.message_user(request, _("The period was changed."), messages.SUCCESS)
                return redirect(self.address("change", rule))
        return self._period_page(request, rule, form, periods.follows(rule, form.period))

    def _period_page(
        self,
        request: HttpRequest,
        rule: RetentionRule,
        form: PeriodForm,
        found: periods.Follows | None = None,
    ) -> HttpResponseBase:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": rule,
            "title": _("Change the period"),
            "label": label_of(rule.key),
            "rule": rule,
            "form": form,
            "follows": found,
            "stamp": found.stamp(rule, form.period) if found else "",
            "back": self.address("change", rule),
        }
        return TemplateResponse(request, "privacy/admin/period.html", context)

    def hold_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        rule: RetentionRule = self.to_act_on(request, str(pk))
        form = HoldForm(request.POST if request.method == "POST" else None)
        if request.user.has_perm("privacy.add_hold") and form.is_valid():
            actions.hold_kind(rule, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            self.message_user(request, _("The hold stands."), messages.SUCCESS)
            return redirect(self.address("change", rule))
        text = _("Nothing of this kind is destroyed until then: %(kind)s.")
        return self.act_page(
            request,
            rule,
            form=form,
            title=_("Put on hold"),
            button=_("Put on hold"),
            explanation=text % {"kind": label_of(rule.key)},
        )


def _last_day(holds: models.QuerySet[Hold]) -> models.Subquery:
    return models.Subquery(holds.order_by("-until").values("until")[:1])


@admin.register(RetentionNotice)
class RetentionNoticeAdmin(ReadOnlyAdmin):
    """Destructions that people were told of, or have to be told of in another way."""

    list_display = ("destroy_on", "clock", "label", "record", "told_at")
    list_filter = (("told_at", admin.EmptyFieldListFilter), "key")
    ordering = ("destroy_on", "pk")
    fields = ("label", "record", "destroy_on", "told_at")
    readonly_fields = ("label", "record")
    actions = ("mark_told",)

    @admin.display(description=gettext_lazy("kind of data"), ordering="key")
    def label(self, notice: RetentionNotice) -> str:
        return label_of(notice.key)

    @admin.display(description=gettext_lazy("record"))
    def record(self, notice: RetentionNotice) -> SafeString | str:
        entry = entry_of(notice.key)
        return record_of(entry.model if entry else None, notice.object_id)

    @admin.display(description=gettext_lazy("days left"), ordering="destroy_on")
    def clock(self, notice: RetentionNotice) -> SafeString:
        left = (notice.destroy_on - actions.timezone.localdate()).days
        return clock_badge(max(left, 0), soon=7)

    @admin.action(
        description=gettext_lazy("These people were told in another way"), permissions=["tell"]
    )
    def mark_told(self, request: HttpRequest, chosen: models.QuerySet[RetentionNotice]) -> None:
        told = actions.mark_told(chosen, by=request.user)  # type: ignore[arg-type]
        text = ngettext("%(count)s person was told.", "%(count)s people were told.", told)
        self.message_user(request, text % {"count": told}, messages.SUCCESS)

    def has_tell_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("privacy.change_retentionnotice")


@admin.register(DestructionLedger)
class DestructionLedgerAdmin(ReadOnlyAdmin):
    list_display = ("at", "label", "object_id", "rule")
    list_filter = ("key",)
    search_fields = ("rule",)
    date_hierarchy = "at"
    fields = ("at", "label", "key", "object_id", "rule")
    readonly_fields = ("label",)

    @admin.display(description=gettext_lazy("kind of data"), ordering="key")
    def label(self, line: DestructionLedger) -> str:
        return _("Consent taken back") if line.key == TAKEN_BACK else label_of(line.key)
