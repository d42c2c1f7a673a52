"""What is published after a deployment: its report, and the stories of those who were there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oda_portal.admin import Counted, remind
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.publishing.admin import PUBLICATION, PublishableAdmin
from oda_portal.publishing.forms import RecordForm
from oda_portal.publishing.histories import Entry
from oda_portal.publishing.models import Status, language_column
from oda_portal.publishing.stages import Stage
from programs.admin.areas import WithinAreas
from volunteers import permissions
from volunteers.models import DeploymentReport, Story
from volunteers.service.reports import Figures, figures_of
from volunteers.service.stories import byline


@remind
def stories_to_read(request: HttpRequest) -> Counted | None:
    known = admin.site.get_model_admin(Story)
    if not known.has_change_permission(request) or not known.has_whole_permission(request):  # type: ignore[attr-defined]
        return None
    rows = known.get_queryset(request).filter(status=Status.DRAFT, agreed=True)
    address = reverse("admin:volunteers_story_changelist")
    return Counted(rows, _stories, f"{address}?agreed=yes&stage={Stage.DRAFT}")


def _stories(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s volunteer’s story is waiting to be read and published.",
        "%(count)s volunteers’ stories are waiting to be read and published.",
        count,
    ) % {"count": count}


@admin.register(DeploymentReport)
class DeploymentReportAdmin(WithinAreas, PublishableAdmin):
    slug_field = ""
    list_display = ("title", "program", "stage_badge", "missing_languages", "changed_at")
    list_select_related = ("program",)
    search_fields = ("title", "program__title")
    autocomplete_fields = ("program", "department")
    readonly_fields = ("served",)
    fieldsets = (
        (None, {"fields": ("title", "text")}),
        (gettext_lazy("Deployment"), {"fields": ("program", "served")}),
        PUBLICATION,
    )

    def preview_owners(self, obj: DeploymentReport) -> list[Any]:
        return [obj, obj.program]

    def may_be_previewed(self, request: HttpRequest, owner: Any) -> bool:
        """A draft of a deployment is shown by those who write it."""
        known: Any = self.admin_site._registry[type(owner)]
        return isinstance(owner, DeploymentReport) or known.has_change_permission(request, owner)

    @admin.display(description=gettext_lazy("people and hours"))
    def served(self, report: DeploymentReport) -> str:
        """Counted when the page is shown; nobody writes it."""
        if report.program_id is None:
            return "–"
        figures = figures_of([report.program]).get(report.program_id, Figures())
        return f"{figures.people} · {figures.hours.normalize():f}"


class AgreedFilter(admin.SimpleListFilter):
    title = gettext_lazy("agrees to publication")
    parameter_name = "agreed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        answers = {"yes": True, "no": False}
        asked = answers.get(str(self.value()))
        return queryset if asked is None else queryset.filter(agreed=asked)


class StoryForm(RecordForm):
    """Wanted is the language that the volunteer wrote in; the others are translations."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "text"):
            for code, _language in settings.LANGUAGES:
                if field := self.fields.get(language_column(name, code)):
                    field.required = code == self.instance.language

    def _conflict(self, newest: Any) -> ValidationError:
        """The volunteer is not named: not everybody who corrects a story may know who wrote it."""
        if newest.history_user_id == self.instance.application.volunteer.user_id:
            newest.history_user = None
        return super()._conflict(newest)


def _unnamed(story: Story, words: str) -> str:
    """Without the name that the volunteer’s account has."""
    user = story.application.volunteer.user
    return words.replace(str(user), _("The volunteer")) if user else words


def _all_unnamed(story: Story, entries: Iterable[Entry]) -> list[Entry]:
    return [replace(entry, by=_unnamed(story, entry.by)) for entry in entries]


@admin.register(Story)
class StoryAdmin(WithinAreas, RecordedLooks, PublishableAdmin):  # type: ignore[misc]  # two Media
    """Volunteers write them; staff put right, translate, publish. Nobody adds one by hand.

    Who may not read applications learns of the writer what the public will: the name shown. What
    nobody agreed to publish is not there for them, nor is its history.
    """

    program_path = "application__call__openings__program"
    program_is_optional = True
    form = StoryForm
    slug_field = ""
    actions = ("publish_selected", "take_down_selected")
    list_display = (
        "title", "writer", "opening", "shown_name", "agreed", "stage_badge", "missing_languages",
        "written_at",
    )  # fmt: skip
    list_filter = (AgreedFilter,)
    search_fields = ("title", "application__volunteer__name", "application__volunteer__name_roman")
    # Only for who may read the application itself.
    of_the_writer = ("writer", "opening", "agreed", "application_link", AgreedFilter)
    date_hierarchy = "written_at"
    autocomplete_fields = ("department",)
    readonly_fields = (
        "writer", "opening", "shown_name", "agreed", "language", "written_at", "application_link",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("title", "text")}),
        (
            gettext_lazy("Written by"),
            {
                "fields": (
                    "writer", "opening", "agreed", "shown_name", ("language", "written_at"),
                    "application_link",
                )
            },
        ),
        PUBLICATION,
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Story]:
        rows = super().get_queryset(request)
        if not permissions.can_view_application(request.user):
            rows = rows.filter(agreed=True)
        return rows.select_related(
            "application__volunteer__user", "application__opening__city",
            "application__opening__program",
        )  # fmt: skip

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return self._allowed(request, super().get_list_display(request))

    def get_list_filter(self, request: HttpRequest) -> Any:
        return self._allowed(request, super().get_list_filter(request))

    def get_search_fields(self, request: HttpRequest) -> Any:
        may_read = permissions.can_view_application(request.user)
        names = super().get_search_fields(request)
        return [name for name in names if may_read or not name.startswith("application__")]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        return [
            (title, {**options, "fields": self._allowed(request, options["fields"])})
            for title, options in sets
        ]

    def _allowed(self, request: HttpRequest, names: Iterable[Any]) -> list[Any]:
        if permissions.can_view_application(request.user):
            return [*names]
        return [name for name in names if name not in self.of_the_writer]

    def people_of(self, obj: Story) -> list[Any]:
        volunteer = obj.application.volunteer
        return [obj, obj.application, volunteer, volunteer.user]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        """Without the volunteer's consent there is no button that publishes."""
        response = super().render_change_form(request, context, *args, **kwargs)
        obj = kwargs.get("obj")
        if response.context_data is None or obj is None:
            return response
        if not obj.agreed:
            response.context_data["may_publish"] = False
        if not permissions.can_view_application(request.user):
            sentence = response.context_data["stage_sentence"]
            response.context_data["stage_sentence"] = _unnamed(obj, sentence)
            if merged := response.context_data.get("merged"):
                merged.entries = _all_unnamed(obj, merged.entries)
        return response

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What volunteers wrote stands under their account’s name, which not everybody may know."""
        response = super().history_view(request, object_id, extra_context)
        context = getattr(response, "context_data", None) or {}
        if "entries" in context and not permissions.can_view_application(request.user):
            context["entries"] = _all_unnamed(context["object"], context["entries"])
        return response

    # --- columns ---------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("volunteer"), ordering="application__volunteer__name")
    def writer(self, story: Story) -> str:
        return str(story.application.volunteer)

    @admin.display(description=gettext_lazy("opening"))
    def opening(self, story: Story) -> str:
        return str(story.application.opening or "–")

    @admin.display(description=gettext_lazy("name shown"))
    def shown_name(self, story: Story) -> str:
        name = byline(story)
        label = story.get_shown_as_display()
        return f"{label}: {name}" if name else str(label)

    @admin.display(description=gettext_lazy("application"))
    def application_link(self, story: Story) -> SafeString | None:
        address = reverse("admin:volunteers_application_change", args=[story.application_id])
        return format_html('<a href="{}">{}</a>', address, story.application)
