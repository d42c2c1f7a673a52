"""Calls for volunteers: the round, its parts, and telling applicants that it changed."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from oda_portal.accounts.areas import lead
from oda_portal.admin import Shortcut, add_shortcuts
from oda_portal.publishing.admin import PUBLICATION, ObjectAct, PublishableAdmin
from oda_portal.publishing.admin_effects import TIMES
from oda_portal.reviews.admin.links import acts_of as review_acts
from programs.admin.areas import WithinAreas
from volunteers import actions, interviews, permissions, places
from volunteers.models import (
    Call,
    ChecklistItem,
    InterviewSlot,
    Opening,
    Readiness,
    ServiceRecord,
)
from volunteers.models.calls import Phase
from volunteers.readiness import reminders

from . import parts
from .call_form import CallForm
from .forms import ChangeForm
from .letters import change_letters
from .more_places import more_places_page
from .persons import handed_in
from .readiness import board_acts, board_urls
from .releasing import held_of
from .service import service_acts, service_urls


def phase_shortcuts() -> list[Shortcut]:
    return [Shortcut(str(label), f"phase={phase}", "") for phase, label in Phase.choices]


add_shortcuts(Call, phase_shortcuts)
lead(Opening, "call__openings__program__kind", optional=True)
lead(ChecklistItem, "opening__call__openings__program__kind", optional=True)
for of_application in (Readiness, ServiceRecord):
    lead(of_application, "application__call__openings__program__kind", optional=True)


class PhaseFilter(admin.SimpleListFilter):
    """What the times say; it is not stored anywhere."""

    title = pgettext_lazy("call", "phase")
    parameter_name = "phase"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Phase.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.in_phase(self.value()) if self.value() in Phase.values else queryset


@admin.register(Call)
class CallAdmin(WithinAreas, PublishableAdmin):
    program_path = "openings__program"
    program_is_optional = True
    form = CallForm
    list_display = (
        "title", "phase_now", "opens_at", "closes_at", "application_count", "stage_badge",
        "missing_languages",
    )  # fmt: skip
    list_filter = (PhaseFilter, "is_demonstration")
    search_fields = ("title", "summary", "slug")
    date_hierarchy = "closes_at"
    autocomplete_fields = ("department",)
    # Its places are counted, and applications hang on it.
    stay_when_restored = (Opening,)
    clock = (*TIMES, "released_at")
    inlines = (
        parts.StageInline,
        parts.OpeningInline,
        parts.ConditionInline,
        parts.RequiredDocumentInline,
        parts.QuestionInline,
        parts.CallAnswerInline,
    )
    fieldsets = (
        (None, {"fields": ("title", "summary", "guide", "cost")}),
        (
            gettext_lazy("When"),
            {
                "fields": (
                    ("opens_at", "closes_at"),
                    "interview_choose_by",
                    ("released_at", "confirm_by"),
                )
            },
        ),
        (gettext_lazy("Who may apply"), {"fields": (("min_age", "age_on"), "max_choices")}),
        (gettext_lazy("The round"), {"fields": (("edition", "slug"), "is_demonstration")}),
        PUBLICATION,
    )

    # --- list ----------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        count = Count("applications", handed_in("applications__"))
        return super().get_queryset(request).annotate(sent_count=count)

    @admin.display(description=pgettext_lazy("call", "phase"))
    def phase_now(self, call: Call) -> str:
        return str(call.phase().label)

    @admin.display(description=gettext_lazy("applications"), ordering="sent_count")
    def application_count(self, call: Call) -> int:
        return call.sent_count  # type: ignore[attr-defined]

    # --- saving and deleting ---------------------------------------------------------------------

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is Opening:
            self._save_openings(request, formset)
        else:
            super().save_formset(request, form, formset, change)

    def _save_openings(self, request: HttpRequest, formset: Any) -> None:
        places_of = {
            id(form.instance): form.cleaned_data.get("capacity")
            for form in formset.forms
            if hasattr(form, "cleaned_data")
        }
        for opening in formset.save(commit=False):
            if (capacity := places_of[id(opening)]) is not None:
                # Checked by the form, which holds the lock since then.
                places.set_capacity(opening, capacity, by=request.user)  # type: ignore[arg-type]
            opening.save()
        for opening, changed in formset.changed_objects:
            if "returns_on" in changed:
                reminders.days_moved(opening)
        places.remove_openings(formset.deleted_objects)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What stands in the way is told as a number: who applied is nobody's business here."""
        to_delete, counts, needed, _protected = super().get_deleted_objects(objs, request)
        in_use = [self._in_use(call) for call in objs if call.applications.exists()]
        return ([], {}, set(), in_use) if in_use else (to_delete, counts, needed, [])

    def _in_use(self, call: Call) -> str:
        count = call.applications.count()
        sentence = ngettext(
            "“%(call)s”: %(count)s person has begun to apply. Take it down instead.",
            "“%(call)s”: %(count)s people have begun to apply. Take it down instead.",
            count,
        )
        return sentence % {"call": call, "count": count}

    def delete_model(self, request: HttpRequest, obj: Call) -> None:
        places.remove_openings(obj.openings.all())
        interviews.remove_slots(obj.interview_slots.all())
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        places.remove_openings(Opening.objects.filter(call__in=queryset))
        interviews.remove_slots(InterviewSlot.objects.filter(call__in=queryset))
        super().delete_queryset(request, queryset)

    def times_to_ask_about(self, record: Call) -> set[str]:
        """Also the time of the results, once somebody’s is held."""
        asked = super().times_to_ask_about(record)
        return {*asked, "released_at"} if held_of(record) else asked

    # --- telling applicants ----------------------------------------------------------------------

    def get_acts(self, request: HttpRequest, obj: Call) -> list[ObjectAct]:
        acts = []
        if permissions.can_view_application(request.user):
            url = reverse("admin:volunteers_application_changelist")
            acts.append(ObjectAct(capfirst(_("applications")), f"{url}?call__id__exact={obj.pk}"))
        if permissions.can_tell_applicants(request.user):
            acts.append(ObjectAct(_("Tell applicants what changed"), self.address("tell", obj)))
            acts.append(ObjectAct(_("More places"), self.address("more_places", obj)))
        acts += review_acts(obj, request.user)
        acts += board_acts(request, obj)
        acts += service_acts(request, obj)
        return acts

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.tell_view)
        return [
            path("<path:object_id>/tell/", view, name="volunteers_call_tell"),
            path(
                "<path:object_id>/more-places/",
                self.admin_site.admin_view(partial(more_places_page, self)),
                name="volunteers_call_more_places",
            ),
            *board_urls(self),
            *service_urls(self),
            *super().get_urls(),
        ]

    def tell_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """First the text, then how it will look and to how many it goes, then it is sent."""
        call = self.get_object(request, object_id)
        if not permissions.can_tell_applicants(request.user):
            raise PermissionDenied
        if call is None:
            raise Http404
        form = ChangeForm(request.POST if request.method == "POST" else None)
        if "sure" in request.POST and form.may_act():
            told = actions.tell_of_change(call, what=form.texts())
            self._say_told(request, told)
            return redirect(self.address("change", call))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": call,
            "title": _("Tell applicants what changed"),
            "form": form,
            "count": actions.to_be_told_of_change(call).count(),
            "letters": change_letters(call, form.texts()) if form.is_valid() else [],
            "back": self.address("change", call),
        }
        return TemplateResponse(request, "admin/volunteers/tell.html", context)

    def _say_told(self, request: HttpRequest, told: int) -> None:
        if not told:
            sentence = _("Everybody has been told this already; nothing was sent.")
            self.message_user(request, sentence, messages.WARNING)
            return
        sentence = ngettext(
            "%(count)s email is on its way.", "%(count)s emails are on their way.", told
        )
        self.message_user(request, sentence % {"count": told}, messages.SUCCESS)
