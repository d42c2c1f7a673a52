"""Reviews with their scores, to be read by whoever runs a round; nobody changes them here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from oda_portal.accounts.areas import areas_of
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin_base import ReadOnlyAdmin
from oda_portal.publishing.texts import text_in

from .. import permissions
from ..assigning import take_back
from ..models import Review, ReviewState, Rubric
from ..ranking import means_of, shown
from ..registry import kind_of, registered
from .desk import due_soon


class RubricFilter(admin.SimpleListFilter):
    title = pgettext_lazy("reviews", "scoring guide")
    parameter_name = "rubric"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Rubric.objects.visible_to(request.user).prefetch_related("round")
        return [(str(row.pk), str(row)) for row in rows]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {key for key, _label in self.lookup_choices}
        return queryset.filter(rubric=self.value()) if self.value() in known else queryset


class DueFilter(admin.SimpleListFilter):
    title = gettext_lazy("time to review")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("week", gettext_lazy("Not done, and over or ending within a week"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return due_soon(queryset) if self.value() == "week" else queryset


@admin.register(Review)
class ReviewAdmin(RecordedLooks, ReadOnlyAdmin):
    list_display = ("code", "name", "rubric", "reviewer", "state", "submitted_at")
    list_filter = (RubricFilter, "state", DueFilter)
    search_fields = ("reviewer__name", "reviewer__email")
    ordering = ("-pk",)
    list_select_related = ("reviewer",)
    fieldsets = (
        (None, {"fields": (("code", "name"), "rubric", "reviewer")}),
        (None, {"fields": ("state", ("assigned_at", "submitted_at"))}),
        (gettext_lazy("Scores"), {"fields": ("mean", "given", "comment")}),
    )
    readonly_fields = ("code", "name", "mean", "given")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """Of the kinds of records that the person may see themselves, and of programme."""
        user, kinds = request.user, registered()
        if permissions.can_view_ranking(user):
            # Who may see none of them is refused, not told of nothing.
            kinds = [kind for kind in kinds if permissions.can_view_kind(user, kind.model)]
        types = ContentType.objects.get_for_models(*(kind.model for kind in kinds)).values()
        subjects = [kind.whole(kind.model._default_manager.all()) for kind in kinds]
        rows = super().get_queryset(request).filter(content_type__in=types)
        if areas_of(user) is not None:
            rows = rows.filter(rubric__in=Rubric.objects.visible_to(user).values("pk"))
        prefetch = GenericPrefetch("subject", subjects)
        return rows.select_related("reviewer").prefetch_related(prefetch, "rubric__round")

    def people_of(self, obj: Review) -> Iterable[models.Model]:
        found = kind_of(obj.rubric.round).people(obj.subject)
        return [obj, *(one for one in found if one is not None)]

    # --- taking back -----------------------------------------------------------------------------

    actions = ("take_back_selected",)

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return permissions.can_assign_review(request.user)

    @admin.action(description=gettext_lazy("Take back selected"), permissions=["assign"])
    def take_back_selected(self, request: HttpRequest, queryset: Any) -> HttpResponseBase | None:
        """Asks once more; what is submitted stays, whatever was selected."""
        waiting = queryset.filter(state=ReviewState.ASSIGNED)
        if "sure" in request.POST or not waiting:
            count = take_back(waiting, by=request.user)  # type: ignore[arg-type]
            sentence = ngettext(
                "%(count)s review was taken back. Assign reviewers again.",
                "%(count)s reviews were taken back. Assign reviewers again.",
                count,
            )
            none = _(
                "Nothing was taken back: this is possible only for reviews that have"
                " not been submitted."
            )
            self.message_user(request, sentence % {"count": count} if count else none)
            return None
        self.look(request, Act.LIST, waiting, what="take back")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take back selected"),
            "opts": self.opts,
            "rows": [(row, ReviewState(row.state)) for row in waiting],
            "action": "take_back_selected",
            "button": _("Take back"),
        }
        return TemplateResponse(request, "admin/act_selected.html", context)

    # --- what is shown ---------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("number"))
    def code(self, review: Review) -> str:
        return kind_of(review.rubric.round).code(review.subject)

    @admin.display(description=gettext_lazy("whom it is about"))
    def name(self, review: Review) -> SafeString:
        kind = kind_of(review.rubric.round)
        url, name = kind.url(review.subject), kind.name(review.subject)
        return format_html('<a href="{}">{}</a>', url, name)

    @admin.display(description=gettext_lazy("weighted mean"))
    def mean(self, review: Review) -> str | None:
        mean = means_of(review.rubric.criteria.all(), review.scores.all()).get(review.pk)
        return None if mean is None else shown(mean)

    @admin.display(description=gettext_lazy("scores"))
    def given(self, review: Review) -> SafeString | None:
        rows = review.scores.select_related("criterion")
        lines = [(text_in(row.criterion, "name").text, str(row), row.comment) for row in rows]
        if not lines:
            return None
        items = format_html_join("", "<li>{}: <b>{}</b> {}</li>", lines)
        return format_html("<ul>{}</ul>", items)
