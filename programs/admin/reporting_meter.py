"""The readiness of programmes for the report: on the form, in the list, and on a page of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponseBase
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from oda_portal.admin import Counted, remind
from oda_portal.opendata.iati.codes import label
from oda_portal.publishing.admin_base import RecordFieldsMixin
from programs.models import Confirmation, Program, ProgramQuerySet, Reporting
from programs.reporting.codes import LISTS, codes_of
from programs.reporting.fingerprints import fingerprint
from programs.reporting.measuring import level_of, measure, ready_rows
from programs.reporting.meters import Meter, meter_of
from programs.reporting.permissions import can_confirm, can_see_readiness, can_take_back
from programs.reporting.readiness import RULES, for_musts, for_requirements
from programs.reporting.requirements import Frame
from programs.reporting.rules import trouble_with

from .corrections import CorrectedAdmin
from .reporting_confirm import confirm_urls

READY, LACKING, UNWANTED, UNCONFIRMED = "ready", "lacking", "unwanted", "unconfirmed"
AT_ONCE = 500
ON_A_PAGE = 50


class ReportingInline(RecordFieldsMixin, admin.StackedInline):
    model = Reporting
    verbose_name = verbose_name_plural = gettext_lazy("reporting to IATI")
    extra = max_num = 1
    can_delete = False
    view_on_site = False
    fields = (
        ("wanted", "national_number"),
        ("aid_type", "scope", "collaboration_type"),
        ("flow_type", "finance_type", "tied_status"),
    )

    def formfield_for_choice_field(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name in LISTS:
            by_kind = pgettext_lazy("code of IATI", "As follows from its kind")
            kwargs["choices"] = db_field.get_choices(blank_choice=[("", by_kind)])
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class ReadinessFilter(admin.SimpleListFilter):
    title = gettext_lazy("reporting to IATI")
    parameter_name = "reporting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            (READY, gettext_lazy("Ready to be reported")),
            (LACKING, gettext_lazy("Something is missing")),
            (UNWANTED, gettext_lazy("Not asked for")),
            (UNCONFIRMED, gettext_lazy("Asked for, and not confirmed")),
        ]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == UNWANTED:
            return queryset.exclude(reporting__wanted=True)
        if self.value() == UNCONFIRMED:
            return queryset.filter(pk__in=unconfirmed_rows().values("pk"))
        if self.value() not in (READY, LACKING):
            return queryset
        # Asked of each row, so that a page of them and a capped count read no more than they show.
        ready = Exists(ready_rows().filter(pk=OuterRef("pk")))
        if self.value() == READY:
            return queryset.filter(ready)
        return queryset.filter(~ready, reporting__wanted=True)


class ReadinessList(ChangeList):
    """Shows how far each was when it was measured; what nobody has measured yet, as it is now."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if "readiness" not in self.list_display:
            return
        self.result_list: Any = self.result_list.select_related("reporting_level")
        for program in self.result_list:
            program.level = level_of(program)
        self._measure([program for program in self.result_list if program.level is None])

    def _measure(self, new: list[Any]) -> None:
        if not new:
            return
        frame = Frame.now()
        rows = for_musts(Program.objects.filter(pk__in=[program.pk for program in new]))
        levels = {row.pk: meter_of(row, frame, whole=False).level for row in rows}
        for program in new:
            program.level = levels.get(program.pk)


class ReportedAdmin(CorrectedAdmin):
    """Programmes, with what each still needs to be reported."""

    # --- list ----------------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ReadinessList

    def get_list_display(self, request: HttpRequest) -> Any:
        columns = super().get_list_display(request)
        return [*columns, "readiness"] if can_see_readiness(request.user) else columns

    def get_list_filter(self, request: HttpRequest) -> Any:
        filters = super().get_list_filter(request)
        return [*filters, ReadinessFilter] if can_see_readiness(request.user) else filters

    @admin.display(description=gettext_lazy("reporting to IATI"))
    def readiness(self, program: Any) -> str:
        if not program.ours or program.is_demonstration:
            return "–"
        return render_to_string("admin/programs/reporting/meter.html", {"level": program.level})

    # --- form ----------------------------------------------------------------------------------

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        measure([form.instance.pk])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        program = kwargs.get("obj")
        if program and can_see_readiness(request.user):
            context |= self._readiness_of(request, program)
        return super().render_change_form(request, context, *args, **kwargs)

    def _readiness_of(self, request: HttpRequest, program: Program) -> dict[str, Any]:
        # As it is stored, whatever a refused form says.
        stored = for_requirements(Program.objects.all()).get(pk=program.pk)
        codes = codes_of(stored)
        may = self.may_correct(request, program)
        return {
            "meter": meter_of(stored),
            "confirmations": _confirmations(stored),
            "may_confirm": may and can_confirm(request.user),
            "may_take_back": may and can_take_back(request.user),
            "codes": [
                (Reporting._meta.get_field(name).verbose_name, label(LISTS[name], code), code)  # type: ignore[union-attr]
                for name, code in vars(codes).items()
            ],
        }

    # --- pages ---------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        every = path(
            "readiness/",
            self.admin_site.admin_view(self.readiness_view),
            name="programs_program_readiness",
        )
        return [every, *confirm_urls(self), *super().get_urls()]

    def readiness_view(self, request: HttpRequest) -> HttpResponseBase:
        """Every programme of ours, what it still needs, and how many need the same."""
        if not can_see_readiness(request.user):
            raise PermissionDenied
        frame = Frame.now()
        chosen = self._chosen_requirement(request)
        rows = for_requirements(Program.objects.ours().newest_first())
        meters = [meter_of(program, frame) for program in _streamed(rows)]
        shown = [meter for meter in meters if _lacks(meter, chosen)]
        publisher = frame.publisher
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Open data readiness"),
            "publisher": publisher,
            "trouble": trouble_with(publisher) if publisher else "",
            "total": len(meters),
            "ready": sum(meter.is_ready for meter in meters),
            "musts": _lines(meters, must=True),
            "bonuses": _lines(meters, must=False),
            "chosen": chosen,
            "page": Paginator(shown, ON_A_PAGE).get_page(request.GET.get("p")),
        }
        return TemplateResponse(request, "admin/programs/reporting/readiness.html", context)

    def _chosen_requirement(self, request: HttpRequest) -> Any:
        name = request.GET.get("requirement", "")
        found = next((rule for rule in RULES if rule.name == name), None)
        if name and found is None:
            sentence = _("There is no such requirement: %(name)s. All programmes are shown.")
            self.message_user(request, sentence % {"name": name[:40]}, messages.WARNING)
        return found


def _confirmations(program: Program) -> list[dict[str, Any]]:
    """Of each aspect who answered for it, when, and whether it still holds."""
    known = {row.aspect: row for row in program.confirmations.all()}
    return [
        {
            "aspect": aspect.value,
            "label": aspect.label,
            "confirmation": (row := known.get(aspect.value)),
            "holds": bool(row) and row.fingerprint == fingerprint(program, aspect),  # type: ignore[union-attr]
        }
        for aspect in Confirmation.Aspect
    ]


def _lacks(meter: Meter, rule: Any) -> bool:
    if rule is None:
        return True
    return any(each.name == rule.name and not each.met for each in meter.requirements)


def _lines(meters: list[Meter], *, must: bool) -> list[tuple[Any, int]]:
    """Each requirement, and how many programmes do not meet it."""
    unmet = Counter(each.name for meter in meters for each in meter.requirements if not each.met)
    return [(rule, unmet[rule.name]) for rule in RULES if rule.must == must]


def _streamed(rows: QuerySet[Program]) -> Iterator[Program]:
    """All of them, with what is read of each fetched for many at once."""
    return rows.iterator(chunk_size=AT_ONCE)


def unconfirmed_rows() -> ProgramQuerySet:
    """To be reported, without an answer for each thing that somebody has to answer for."""
    said = Confirmation.objects.filter(program=OuterRef("pk")).order_by().values("program")
    answers = Coalesce(Subquery(said.annotate(number=Count("pk")).values("number")), 0)
    wanted = Program.objects.ours().filter(reporting__wanted=True)
    return wanted.annotate(said=answers).filter(said__lt=len(Confirmation.Aspect))


def unconfirmed(request: HttpRequest) -> Counted | None:
    """That programmes are to be reported which nobody has answered for."""
    if not can_confirm(request.user):
        return None
    known = admin.site.get_model_admin(Program)
    rows = known.get_queryset(request).filter(pk__in=unconfirmed_rows().values("pk"))
    url = reverse("admin:programs_program_changelist")
    return Counted(rows, _unconfirmed, f"{url}?reporting={UNCONFIRMED}")


def _unconfirmed(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s programme is to be reported to IATI and is not confirmed yet.",
        "%(count)s programmes are to be reported to IATI and are not confirmed yet.",
        count,
    ) % {"count": count}


remind(unconfirmed)
