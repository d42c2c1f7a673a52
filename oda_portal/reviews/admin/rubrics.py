"""Scoring guides with their criteria; from there to assigning and to the ranking."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oda_portal.publishing.admin import ObjectAct, RecordAdmin, TranslatedInline

from .. import permissions
from ..models import Criterion, ReviewState, Rubric
from ..registry import kind_of, registered
from .assign import assign_page
from .forms import CriterionFormSet, RubricForm, possible_rounds
from .ranking import export_page, ranking_page


class CriterionInline(TranslatedInline):
    model = Criterion
    formset = CriterionFormSet
    fields = ("name", "description", ("weight", "share"), "position")
    readonly_fields = ("share",)

    @admin.display(description=gettext_lazy("share of the total"))
    def share(self, criterion: Criterion) -> str | None:
        if criterion.pk is None:
            return None
        total = sum(one.weight for one in criterion.rubric.criteria.all())
        return f"{float(100 * criterion.share(total)):.1f}%"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Criterion]:
        return super().get_queryset(request).prefetch_related("rubric__criteria")


@admin.register(Rubric)
class RubricAdmin(RecordAdmin):
    form = RubricForm
    list_display = ("title", "stage", "opens_at", "closes_at", "how_far")
    list_filter = ("stage",)
    date_hierarchy = "closes_at"
    inlines = (CriterionInline,)
    readonly_fields = ("round_link",)
    fieldsets = (
        (None, {"fields": (("of_round", "stage"),)}),
        (None, {"fields": (("opens_at", "closes_at"), "guide")}),
        (
            gettext_lazy("How it is reviewed"),
            {"fields": (("reviewers_wanted", "divergence"), "is_blind")},
        ),
    )

    def get_form(
        self, request: HttpRequest, obj: Rubric | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = type(RubricForm.__name__, (RubricForm,), {"user": request.user})
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Rubric | None = None) -> Any:
        """What it is for is chosen once, and then only shown."""
        first, *rest = super().get_fieldsets(request, obj)
        return [(None, {"fields": (("round_link", "stage"),)}) if obj else first, *rest]

    def get_readonly_fields(self, request: HttpRequest, obj: Rubric | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["stage"] if obj else [])]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The page of a round leads here with its key."""
        initial = super().get_changeform_initial_data(request)
        key = request.GET.get("of_round", "")
        return {**initial, "of_round": key} if key in possible_rounds(request.user) else initial

    # --- list ----------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rubric]:
        counted = ~Q(reviews__state=ReviewState.CONFLICT)
        theirs = super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined]
        return theirs.prefetch_related("round").annotate(
            assigned_count=Count("reviews", counted),
            submitted_count=Count("reviews", Q(reviews__state=ReviewState.SUBMITTED)),
        )

    @admin.display(description=gettext_lazy("round"))
    def title(self, rubric: Rubric) -> str:
        return str(rubric.round)

    @admin.display(description=gettext_lazy("submitted"))
    def how_far(self, rubric: Rubric) -> str:
        return f"{rubric.submitted_count}/{rubric.assigned_count}"  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("round"))
    def round_link(self, rubric: Rubric) -> SafeString:
        options = kind_of(rubric.round).round_model._meta
        name = f"admin:{options.app_label}_{options.model_name}_change"
        url = reverse(name, args=[rubric.object_id], current_app=self.admin_site.name)
        return format_html('<a href="{}">{}</a>', url, rubric.round)

    # --- deleting --------------------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What stands in the way is told as a number: whom reviews are about is not told here."""
        to_delete, counts, needed, _protected = super().get_deleted_objects(objs, request)
        in_use = [self._in_use(rubric) for rubric in objs if rubric.reviews.exists()]
        return ([], {}, set(), in_use) if in_use else (to_delete, counts, needed, [])

    def _in_use(self, rubric: Rubric) -> str:
        count = rubric.reviews.count()
        sentence = ngettext(
            "“%(rubric)s” cannot be deleted: %(count)s review has been assigned.",
            "“%(rubric)s” cannot be deleted: %(count)s reviews have been assigned.",
            count,
        )
        return sentence % {"rubric": rubric, "count": count}

    # --- acts ------------------------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        response = super().render_change_form(request, context, *args, **kwargs)
        # Also for who may see the ranking and change nothing.
        if (obj := kwargs.get("obj")) and response.context_data is not None:
            response.context_data["acts"] = self.get_acts(request, obj)
        return response

    def get_acts(self, request: HttpRequest, obj: Rubric) -> list[ObjectAct]:
        acts: list[ObjectAct] = []
        if not permissions.can_view_kind(request.user, kind_of(obj.round).model):
            return acts
        if permissions.can_assign_review(request.user):
            acts.append(ObjectAct(_("Assign reviewers"), self.address("assign", obj)))
        if permissions.can_view_ranking(request.user):
            acts.append(ObjectAct(_("Ranking"), self.address("ranking", obj)))
        return acts

    def get_urls(self) -> list[URLPattern]:
        guarded, name = self.admin_site.admin_view, "reviews_rubric"
        pages = {"assign": assign_page, "ranking": ranking_page, "export": export_page}
        return [
            *[
                path(
                    f"<path:object_id>/{slug}/",
                    guarded(partial(page, self)),
                    name=f"{name}_{slug}",
                )
                for slug, page in pages.items()
            ],
            *super().get_urls(),
        ]

    def to_read(self, request: HttpRequest, object_id: str) -> Rubric:
        rubric = self.get_object(request, object_id)
        if rubric is None or type(rubric.round) not in {kind.round_model for kind in registered()}:
            raise Http404
        if not permissions.can_view_kind(request.user, kind_of(rubric.round).model):
            raise PermissionDenied
        return rubric

    def page_context(self, request: HttpRequest, rubric: Rubric, **more: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": rubric,
            "back": self.address("change", rubric),
            **more,
        }
