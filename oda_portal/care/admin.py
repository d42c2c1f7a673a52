"""The report on all that the content lacks, and saying of something that it is fine as it is."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from oda_portal.languages import absolute
from oda_portal.privacy.exports import csv_response
from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.admin_base import ReadOnlyAdmin

from . import report
from .models import Finding, Kind

# The addresses of a CSV are read elsewhere; so many rows at once of the records that they name.
AT_ONCE = 500
# Findings called fine for one reason: each stands on the page that asks for it.
MOST_FINE = 200


class FineForm(RefuseResidentNumbers, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is no change needed?"),
        max_length=300,
        help_text=gettext_lazy(
            "For your colleagues. It will be reported again when the text changes."
        ),
        error_messages={"required": gettext_lazy("Fill in this field.")},
    )


class StateFilter(admin.SimpleListFilter):
    """What nobody has called fine, unless somebody asks for the others."""

    title = pgettext_lazy("care", "state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("fine", pgettext_lazy("care", "Marked as fine")),
            ("all", pgettext_lazy("care", "All")),
        ]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("To be looked at")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "all":
            return queryset
        return queryset.set_aside() if self.value() == "fine" else queryset.open()


class WhoseFilter(admin.SimpleListFilter):
    title = gettext_lazy("who can correct it")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", gettext_lazy("Records that I may change"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() != "mine":
            return queryset
        return report.visible_to(request, queryset, to_change=True)


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    list_display = ("record", "what", "language", "department", "found_at")
    list_display_links = None
    list_filter = (
        StateFilter,
        WhoseFilter,
        "kind",
        ("content_type", admin.RelatedOnlyFieldListFilter),
        ("department", admin.RelatedOnlyFieldListFilter),
        "language",
    )
    ordering = ("-found_at", "-pk")
    change_list_template = "admin/care/finding_list.html"
    actions = ("call_selected_fine",)

    class Media:
        css = {"all": ["admin_portal/care.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Finding]:
        rows = report.visible_to(request, super().get_queryset(request))  # type: ignore[arg-type]
        return report.with_records(rows)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing of a finding can be edited; that permission is for calling it fine."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_fine_permission(request)

    def has_fine_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("care.change_finding"))

    # --- columns -------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("record"))
    def record(self, finding: Finding) -> SafeString:
        name = capfirst(finding.content_type.name)
        url = report.address_of(finding)
        return format_html(
            '<a href="{}">{}</a> <span class="quiet">{}</span>', url, finding.subject, name
        )

    @admin.display(description=gettext_lazy("what was found"))
    def what(self, finding: Finding) -> SafeString:
        if finding.is_open:
            return format_html("{}", finding.sentence)
        return format_html(
            '{} <span class="care-reason">{} {}</span>',
            finding.sentence, _("Why it is fine:"), finding.reason,
        )  # fmt: skip

    # --- pages -----------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("csv/", guarded(require_safe(partial(csv_file, self))), name="care_finding_csv"),
            path("<int:pk>/fine/", guarded(partial(fine_page, self)), name="care_finding_fine"),
            path(
                "<int:pk>/take-up/",
                guarded(require_POST(partial(take_up, self))),
                name="care_finding_take_up",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None)
        if context and "cl" in context:
            picture, lines = report.drawn(context["cl"].queryset)
            query = request.GET.urlencode()
            csv_url = reverse("admin:care_finding_csv")
            context |= {
                "picture": picture,
                "lines": lines,
                "csv_url": f"{csv_url}?{query}" if query else csv_url,
            }
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """A finding has no page of its own: its field is where something can be done."""
        return redirect(report.address_of(self.to_look_at(request, object_id)))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect(report.address_of(self.to_look_at(request, object_id)))

    def to_look_at(self, request: HttpRequest, object_id: Any) -> Finding:
        finding = self.get_object(request, str(object_id))
        if not self.has_view_permission(request, finding):
            raise PermissionDenied
        if finding is None:
            raise Http404
        return finding

    @admin.action(
        description=gettext_lazy("Mark the selected findings as fine"), permissions=["fine"]
    )
    def call_selected_fine(self, request: HttpRequest, queryset: Any) -> HttpResponseBase | None:
        """Asks for one reason for all of them."""
        form = FineForm(request.POST if "sure" in request.POST else None)
        rows = list(report.visible_to(request, queryset.open(), to_change=True)[: MOST_FINE + 1])
        if len(rows) > MOST_FINE:
            sentence = _("More than %(most)s records are selected. Choose fewer with the filters.")
            self.message_user(request, sentence % {"most": MOST_FINE}, messages.ERROR)
            return None
        if not form.is_valid():
            return self.ask_why(request, rows, form, back=request.get_full_path())
        reason = form.cleaned_data["reason"]
        done = sum(row.call_fine(by=request.user, reason=reason) for row in rows)  # type: ignore[arg-type]
        self._say(request, done)
        return None

    def ask_why(
        self, request: HttpRequest, rows: list[Finding], form: FineForm, *, back: str
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Mark as fine"),
            "opts": self.opts,
            "rows": [(row, report.address_of(row)) for row in rows],
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/care/fine.html", context)

    def _say(self, request: HttpRequest, done: int) -> None:
        sentence = ngettext(
            "%(count)s finding is marked as fine until its text changes.",
            "%(count)s findings are marked as fine until their texts change.",
            done,
        ) % {"count": done}
        level = messages.SUCCESS if done else messages.WARNING
        self.message_user(request, sentence, level)


def fine_page(model_admin: FindingAdmin, request: HttpRequest, pk: int) -> HttpResponseBase:
    """Of one, from the form of its record or from the report."""
    finding = _to_act_on(model_admin, request, pk)
    back = report.address_of(finding)
    form = FineForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return model_admin.ask_why(request, [finding], form, back=back)
    done = finding.call_fine(by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
    model_admin._say(request, int(done))
    return redirect(back)


def take_up(model_admin: FindingAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    finding = _to_act_on(model_admin, request, pk)
    if finding.take_up(by=request.user):  # type: ignore[arg-type]
        model_admin.message_user(request, _("It will be reported again."), messages.SUCCESS)
    return redirect(report.address_of(finding))


def _to_act_on(model_admin: FindingAdmin, request: HttpRequest, pk: int) -> Finding:
    """Only who may change the record says what is fine in it."""
    finding = model_admin.to_look_at(request, pk)
    rows = Finding.objects.filter(pk=pk)
    may = model_admin.has_fine_permission(request)
    if not may or not report.visible_to(request, rows, to_change=True).exists():
        raise PermissionDenied
    return finding


def csv_file(model_admin: FindingAdmin, request: HttpRequest) -> HttpResponseBase:
    """What the list shows with these filters, all of its pages."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    rows = model_admin.get_changelist_instance(request).get_queryset(request)
    head = [
        _("record"), _("kind of record"), _("what was found"), _("kind"), _("language"),
        _("department"), _("found at"), _("Why it is fine:"), _("Address"),
    ]  # fmt: skip
    found = (
        [
            str(row.subject),
            row.content_type.name,
            row.sentence,
            Kind(row.kind).label,
            row.get_language_display(),
            str(row.department or ""),
            row.found_at.isoformat(timespec="minutes"),
            row.reason,
            absolute(report.address_of(row)),
        ]
        for row in rows.iterator(chunk_size=AT_ONCE)
    )
    return csv_response("content-care", head, found)
