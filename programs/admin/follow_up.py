"""Runs, indicators and monitoring visits: what is looked after once a programme stands."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from oda_portal.admin import Counted, remind
from oda_portal.publishing.admin import LinkInline, TranslatedInline
from oda_portal.publishing.texts import period
from programs import models

from .areas import WithinAreas
from .corrections import CorrectedAdmin


@remind
def overdue_visits(request: HttpRequest) -> Counted | None:
    known = admin.site.get_model_admin(models.MonitoringVisit)
    if not known.has_view_permission(request):
        return None
    rows: Any = known.get_queryset(request)
    rows = rows.overdue(timezone.localdate())
    url = reverse("admin:programs_monitoringvisit_changelist") + "?overdue=yes"
    return Counted(rows, _visits, url, is_urgent=True, due="planned_on")


def _visits(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s monitoring visit is overdue.", "%(count)s monitoring visits are overdue.", count
    ) % {"count": count}


class OverdueFilter(admin.SimpleListFilter):
    title = _("overdue")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Planned for a day that has passed, and not made"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.overdue(timezone.localdate()) if self.value() == "yes" else queryset


@admin.register(models.MonitoringVisit)
class MonitoringVisitAdmin(WithinAreas, CorrectedAdmin):
    list_display = ("program", "planned_on", "visited_on", "in_use", "is_overdue")
    list_filter = (OverdueFilter, "in_use")
    list_select_related = ("program",)
    search_fields = ("program__title", "findings")
    date_hierarchy = "planned_on"
    autocomplete_fields = ("program",)
    fieldsets = (
        (None, {"fields": ("program", ("planned_on", "visited_on"))}),
        (_("What was seen"), {"fields": ("in_use", "findings", "next_step")}),
    )

    @admin.display(description=_("overdue"), boolean=True)
    def is_overdue(self, visit: models.MonitoringVisit) -> bool | None:
        if visit.visited_on or not visit.planned_on:
            return None
        return visit.planned_on < timezone.localdate()


class SessionInline(TranslatedInline):
    model = models.Session
    autocomplete_fields = ("led_by", "country")
    fields = (("kind", "starts_at", "position"), "title", "place", ("led_by", "country"))


class ParticipantGroupInline(TranslatedInline):
    model = models.ParticipantGroup
    autocomplete_fields = ("country",)
    fields = ("country", ("women", "men", "total", "about"), "label")


@admin.register(models.Run)
class RunAdmin(WithinAreas, CorrectedAdmin):
    list_display = ("program", "number", "dates", "mode")
    list_filter = ("mode",)
    list_select_related = ("program",)
    search_fields = ("program__title", "note")
    date_hierarchy = "starts_on"
    autocomplete_fields = ("program", "sources")
    inlines = (SessionInline, ParticipantGroupInline)
    fieldsets = (
        (None, {"fields": ("program", ("number", "mode"), "note")}),
        (_("When"), {"fields": (("starts_on", "ends_on", "precision"),)}),
        (_("For editors"), {"fields": ("sources",)}),
    )

    @admin.display(description=_("dates"), ordering="starts_on")
    def dates(self, run: models.Run) -> str:
        return period(run.starts_on, run.ends_on, run.precision)


class MeasurementInline(LinkInline):
    model = models.Measurement


@admin.register(models.Indicator)
class IndicatorAdmin(WithinAreas, CorrectedAdmin):
    list_display = ("name", "program", "level", "baseline", "target", "unit")
    list_filter = ("level", "measure")
    list_select_related = ("program",)
    search_fields = ("name", "program__title")
    autocomplete_fields = ("program",)
    inlines = (MeasurementInline,)
    fieldsets = (
        (None, {"fields": ("program", "name", "unit")}),
        (_("Figures"), {"fields": (("level", "measure"), ("baseline", "target", "position"))}),
    )
