"""One admin for programmes of every kind; what its form shows follows the kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from oda_portal.admin import Shortcut, add_shortcuts
from oda_portal.files.small import small_picture
from oda_portal.publishing.admin import PUBLICATION, ObjectAct, PublishableAdmin
from oda_portal.publishing.forms import SluggedForm, edited_columns
from oda_portal.publishing.kept_choices import KeptFilter, UsedFilter
from oda_portal.publishing.texts import day, period
from oda_portal.search.found_by_text import FoundByTextMixin
from programs.actions import hand_over
from programs.models import Photo, Program
from programs.models.program import RESERVED_CODES, Kind, State

from . import inlines
from .areas import WithinAreas
from .photos import PhotoInline
from .reporting_meter import ReportedAdmin, ReportingInline

# Fields and inlines that only some kinds know; whatever is filled in is shown all the same.
ONLY_FOR: dict[Any, set[str]] = {
    **{column: {Kind.SISTER_VILLAGE} for column, _language in edited_columns("place")},
    "handed_over_on": {Kind.SISTER_VILLAGE},
    "village": {Kind.VOLUNTEER},
    "edition": {Kind.FORUM, Kind.NETWORK, Kind.VOLUNTEER, Kind.TRAINING},
    inlines.WorkInline: {Kind.SISTER_VILLAGE},
    inlines.MonitoringVisitInline: {Kind.SISTER_VILLAGE},
}


def kind_shortcuts() -> list[Shortcut]:
    return [
        Shortcut(str(label), f"kind__exact={kind}", f"kind={kind}") for kind, label in Kind.choices
    ]


add_shortcuts(Program, kind_shortcuts)


class StateFilter(admin.SimpleListFilter):
    """What the dates say; it is not stored anywhere."""

    title = pgettext_lazy("program", "state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(State.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.in_state(self.value()) if self.value() in State.values else queryset


class ProgramForm(SluggedForm):
    slug_field = "code"
    taken_slugs = RESERVED_CODES


class HandOverForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("handed over on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Enter the day it happened."))
        return day


@admin.register(Program)
class ProgramAdmin(WithinAreas, ReportedAdmin, FoundByTextMixin, PublishableAdmin):
    program_path = ""
    form = ProgramForm
    slug_field = "code"
    list_display = (
        "title", "kind", "dates", "state_now", "stage_badge", "missing_languages",
    )  # fmt: skip
    list_filter = (
        "kind", StateFilter, "arrangement", "modality", "ours", ("themes", KeptFilter),
        ("countries", UsedFilter),
    )  # fmt: skip
    search_fields = ("title", "code")
    date_hierarchy = "starts_on"
    bulk_fields = ("department", "themes", "publish_at")
    autocomplete_fields = ("cities", "village", "themes", "sources", "department")
    readonly_fields = ("handed_over_on",)
    inlines = (
        inlines.CountryShareInline,
        inlines.RoleInline,
        inlines.RunInline,
        inlines.SectorShareInline,
        inlines.SdgTargetInline,
        inlines.BudgetLineInline,
        inlines.MilestoneInline,
        inlines.WorkInline,
        PhotoInline,
        inlines.DocumentInline,
        inlines.IndicatorInline,
        inlines.MonitoringVisitInline,
        ReportingInline,
    )
    fieldsets = (
        (None, {"fields": ("title", "summary", "body")}),
        (
            gettext_lazy("What kind of programme"),
            {
                "fields": (
                    ("kind", "arrangement", "modality"),
                    ("ours", "is_demonstration"),
                    "themes",
                    "edition",
                    "code",
                )
            },
        ),
        (
            gettext_lazy("When"),
            {
                "fields": (
                    ("starts_on", "ends_on", "precision"),
                    ("date_is_estimate", "announced_only"),
                    ("closed_on", "follow_up_until", "cancelled_at"),
                    "handed_over_on",
                )
            },
        ),
        (
            gettext_lazy("Where"),
            {
                "fields": (
                    *("cities", "village", "venue", "place"),
                    ("latitude", "longitude"),
                    "countries_total",
                )
            },
        ),
        PUBLICATION,
        (gettext_lazy("For editors"), {"fields": ("sources", "editor_note")}),
    )

    # --- list ----------------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        kind = dict(Kind.choices).get(request.GET.get("kind__exact", ""))
        title = {"title": kind} if kind else {}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    @admin.display(description=gettext_lazy("dates"), ordering="starts_on")
    def dates(self, program: Program) -> str:
        return period(program.starts_on, program.ends_on, program.precision)

    @admin.display(description=pgettext_lazy("program", "state"))
    def state_now(self, program: Program) -> str:
        state = program.state()
        return str(state.label) if state else "–"

    # --- form ----------------------------------------------------------------------------------

    def address_is_known(self, obj: Any) -> bool:
        return True  # the code never changes, published or not

    def get_inlines(self, request: HttpRequest, obj: Program | None) -> list[Any]:
        return [
            inline
            for inline in self.inlines
            if self._suits(request, obj, inline) or (obj and self._has_rows(obj, inline))
        ]

    def get_fieldsets(self, request: HttpRequest, obj: Program | None = None) -> list[Any]:
        def is_shown(name: Any) -> bool:
            return self._suits(request, obj, name) or bool(obj and getattr(obj, name, None))

        return [
            (title, {**options, "fields": [name for name in options["fields"] if is_shown(name)]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def _suits(self, request: HttpRequest, obj: Program | None, part: Any) -> bool:
        kinds = ONLY_FOR.get(part)
        return kinds is None or self._kind(request, obj) in kinds

    def _kind(self, request: HttpRequest, obj: Program | None) -> str | None:
        return obj.kind if obj else self.get_changeform_initial_data(request).get("kind")

    def _has_rows(self, obj: Program, inline: Any) -> bool:
        return inline.model.objects.filter(program=obj.pk).exists()

    # --- acts and pictures ------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/hand-over/",
                guarded(self.hand_over_view),
                name="programs_program_hand_over",
            ),
            path(
                "photos/<int:photo_id>/",
                guarded(self.photo_view, cacheable=True),
                name="programs_program_photo",
            ),
            *super().get_urls(),
        ]

    def get_acts(self, request: HttpRequest, obj: Program) -> list[ObjectAct]:
        can = obj.kind == Kind.SISTER_VILLAGE and not obj.handed_over_on
        if not can or not self.has_change_permission(request, obj):
            return []
        return [ObjectAct(_("Hand over to the village"), self.address("hand_over", obj))]

    def hand_over_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        program = self.to_act_on(request, object_id)
        if program.kind != Kind.SISTER_VILLAGE:
            raise Http404
        form = HandOverForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            is_new = hand_over(program, on=form.cleaned_data["on"], by=request.user)  # type: ignore[arg-type]
            self._say_handed_over(request, program, is_new=is_new)
            return redirect(self.address("change", program))
        return self.act_page(
            request,
            program,
            form=form,
            title=_("Hand over to the village"),
            button=pgettext("act", "Hand over"),
            explanation=_("Monitoring visits are planned 6, 12 and 24 months later."),
        )

    def _say_handed_over(self, request: HttpRequest, program: Program, *, is_new: bool) -> None:
        on = {"date": day(program.handed_over_on)}  # type: ignore[arg-type]
        if is_new:
            sentence = _("Handed over on %(date)s; three monitoring visits are planned.")
            self.message_user(request, sentence % on, messages.SUCCESS)
        else:
            sentence = _("It was already handed over on %(date)s. Nothing was changed.")
            self.message_user(request, sentence % on, messages.WARNING)

    def photo_view(self, request: HttpRequest, photo_id: int) -> HttpResponseBase:
        inline = PhotoInline(self.model, self.admin_site)
        if not (self.has_view_permission(request) and inline.has_view_permission(request)):
            raise Http404
        photo: Photo = get_object_or_404(Photo.objects.exclude(image=""), pk=photo_id)
        try:
            return small_picture(photo.image)
        except FileNotFoundError as error:
            raise Http404 from error
