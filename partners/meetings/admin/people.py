"""Who comes, and who does what; every look is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from oda_portal.privacy.access import record_look
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import SafeListMixin

from ...models import ActionItem, MeetingAnswer, Membership
from .forms import ActionItemForm


@admin.register(MeetingAnswer)
class MeetingAnswerAdmin(RecordedLooks, SafeListMixin):
    """Given by members; read here, and changed by nobody else."""

    list_display = ("membership", "answer", "note", "meeting", "answered_at")
    list_filter = ("answer", ("meeting", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("membership__user", "membership__organisation", "meeting")
    date_hierarchy = "answered_at"
    export_columns = ("meeting", "membership", "answer", "note")
    fields = ("meeting", "membership", "answer", "note", "answered_at")

    def people_of(self, obj: MeetingAnswer) -> Iterable[models.Model]:
        return [obj, obj.membership, obj.membership.user]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DoneFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "done"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", pgettext_lazy("action item", "Open")),
            ("overdue", gettext_lazy("Overdue")),
            ("done", pgettext_lazy("action item", "Done")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "overdue":
            return queryset.overdue()
        if self.value() in ("open", "done"):
            return queryset.filter(done_at__isnull=self.value() == "open")
        return queryset


@admin.register(ActionItem)
class ActionItemAdmin(RecordedLooks, SafeListMixin):
    form = ActionItemForm
    list_display = ("what", "owner", "due_on", "done_at", "meeting")
    list_filter = (DoneFilter, ("meeting", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("owner__user", "owner__organisation", "meeting")
    search_fields = ("what",)
    autocomplete_fields = ("meeting",)
    date_hierarchy = "due_on"
    fields = ("meeting", "what", "owner", "due_on", "done_at")
    readonly_fields = ("done_at",)
    actions = ("finish_selected", "reopen_selected")

    def people_of(self, obj: ActionItem) -> Iterable[models.Model]:
        if obj.owner is None:
            return [obj]
        return [obj, obj.owner, obj.owner.user]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str]:
        """From the list of a meeting’s items the next one is for the same meeting."""
        chosen = QueryDict(request.GET.get("_changelist_filters", ""))
        meeting = chosen.get("meeting__id__exact", "")
        is_key = meeting.isascii() and meeting.isdecimal() and len(meeting) < 19
        here = {"meeting": meeting} if is_key else {}
        return {**here, **super().get_changeform_initial_data(request)}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The form offers everybody of the network as its owner: a look at all of them."""
        if "owner" in context["adminform"].form.fields:
            offered = Membership.objects.active().select_related("user")
            people = [person for row in offered for person in (row, row.user)]
            record_look(request, Act.LIST, people, what=f"{self.opts.label_lower} owner")
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=gettext_lazy("Mark as done"), permissions=["change"])
    def finish_selected(self, request: HttpRequest, queryset: Any) -> None:
        self._say(request, sum(item.finish(by=request.user) for item in queryset))

    @admin.action(description=gettext_lazy("Open again"), permissions=["change"])
    def reopen_selected(self, request: HttpRequest, queryset: Any) -> None:
        self._say(request, sum(item.reopen(by=request.user) for item in queryset))

    def _say(self, request: HttpRequest, count: int) -> None:
        if not count:
            self.message_user(request, _("Nothing was changed."), messages.WARNING)
            return
        sentence = ngettext(
            "%(count)s record was changed.", "%(count)s records were changed.", count
        )
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS)
