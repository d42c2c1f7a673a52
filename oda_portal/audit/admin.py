"""The audit trail in the back office: for reading only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from oda_portal.publishing.admin import SafeListMixin

from .models import Transition

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


def _viewable(user: User) -> list[ContentType]:
    """The kinds of records in the trail that this member of staff may look at."""
    used = Transition.objects.order_by().values("content_type").distinct()
    kinds = ContentType.objects.filter(pk__in=used)
    return [kind for kind in kinds if user.has_perm(f"{kind.app_label}.view_{kind.model}")]


@admin.register(Transition)
class TransitionAdmin(SafeListMixin):
    list_display = ("at", "content_type", "subject_name", "field", "from_state", "to_state", "by")
    list_filter = ("content_type", "field", "to_state")
    search_fields = ("reason", "by__email", "by__name")
    list_select_related = ("content_type", "by")
    date_hierarchy = "at"
    fields = (
        "at",
        "content_type",
        "subject_name",
        "field",
        "from_state",
        "to_state",
        "by",
        "reason",
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Of records that the person may see: a reason may say something about somebody."""
        rows = super().get_queryset(request).prefetch_related("subject")
        if request.user.is_superuser or not self.has_view_permission(request):
            return rows  # all of it, or none: who may not look is refused, not told of nothing
        return rows.filter(content_type__in=_viewable(request.user))  # type: ignore[arg-type]

    @admin.display(description=gettext_lazy("record"))
    def subject_name(self, transition: Transition) -> str:
        # What it was about may have been deleted; the act stays.
        return str(transition.subject or f"#{transition.object_id}")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
