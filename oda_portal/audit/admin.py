"""The audit trail in the back office: for reading only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from oda_portal.accounts.areas import without_others
from oda_portal.privacy.admin.access import WhoFilter, link_to
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.models import AccessSubject
from oda_portal.publishing.admin import SafeListMixin
from oda_portal.publishing.kept_choices import kept

from .models import Transition
from .naming import names_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


# What is held until everybody is told: for who may change the record, and for nobody else.
NOT_ANNOUNCED = ("decision",)
# States are numbers and days as well: nobody chooses among more.
MOST_STEPS = 1000
COLUMNS = (
    "content_type", "content_type__app_label", "content_type__model", "field", "to_state",
)  # fmt: skip


def _allowed(user: User, act: str) -> list[ContentType]:
    """The kinds of records that this member of staff may view, or change."""
    may = user.get_all_permissions()
    theirs = [
        model
        for model in apps.get_models()
        if f"{model._meta.app_label}.{act}_{model._meta.model_name}" in may
    ]
    return list(ContentType.objects.get_for_models(*theirs).values())


def _label(transition: Transition) -> str:
    kind = transition.content_type
    return f"{kind.app_label}.{kind.model}"


class ByFilter(WhoFilter):
    """What a member of staff did: of others this page tells no names, nor can they be searched."""

    title = gettext_lazy("by")
    parameter_name = "by"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = dict(self.lookup_choices)
        return queryset.filter(by_id=self.value()) if self.value() in known else queryset


def _steps(request: HttpRequest, model_admin: Any) -> list[tuple[str, str, str, str, str]]:
    """Every kind of record with its fields and their states, as far as somebody may see them."""
    if not hasattr(request, "steps_of_trail"):
        rows = model_admin.get_queryset(request).order_by().values_list(*COLUMNS).distinct()
        request.steps_of_trail = kept("steps", rows, lambda: list(rows[:MOST_STEPS]))  # type: ignore[attr-defined]
    return request.steps_of_trail  # type: ignore[attr-defined]


class KindFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        kinds = {step[:3] for step in _steps(request, model_admin)}
        named = [(pk, str(ContentType(app_label=app, model=name))) for pk, app, name in kinds]
        return sorted(named, key=lambda kind: kind[1])


class StepFilter(admin.AllValuesFieldListFilter):
    def __init__(
        self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any,
        field_path: str,
    ) -> None:  # fmt: skip
        super().__init__(field, request, params, model, model_admin, field_path)
        place = COLUMNS.index(field.name)
        self.lookup_choices = sorted({step[place] for step in _steps(request, model_admin)})


@admin.register(Transition)
class TransitionAdmin(RecordedLooks, SafeListMixin):
    """People stand here by number alone; that somebody looked at their rows is recorded."""

    list_display = ("at", "content_type", "subject_name", "field", "from_state", "to_state", "who")
    list_filter = (
        ("content_type", KindFilter), ("field", StepFilter), ("to_state", StepFilter), ByFilter,
    )  # fmt: skip
    search_fields = ("reason",)
    list_select_related = ("content_type", "by")
    date_hierarchy = "at"
    fields = (
        "at",
        "content_type",
        "subject_name",
        "field",
        "from_state",
        "to_state",
        "who",
        "reason",
    )
    readonly_fields = ("subject_name", "who")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Of records that the person may see: a reason may say something about somebody."""
        rows = super().get_queryset(request)
        if request.user.is_superuser or not self.has_view_permission(request):
            return rows  # all of it, or none: who may not look is refused, not told of nothing
        user = request.user
        viewable = _allowed(user, "view")  # type: ignore[arg-type]
        changeable = _allowed(user, "change")  # type: ignore[arg-type]
        rows = rows.filter(content_type__in=viewable)
        rows = rows.exclude(~Q(content_type__in=changeable), field__in=NOT_ANNOUNCED)
        return without_others(rows, user, kind="content_type", key="object_id")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        named = [row for row in changelist.result_list if self._may_be_named(row)]
        names = names_of(named, self.admin_site)
        for row in named:
            row.called = names.get((row.content_type_id, row.object_id), "")
        return changelist

    def people_of(self, transition: Transition) -> list[AccessSubject]:
        label = _label(transition)
        about = AccessSubject(label=label, object_id=transition.object_id)
        return [] if self._may_be_named(transition) else [about]

    @admin.display(description=gettext_lazy("record"))
    def subject_name(self, transition: Transition) -> SafeString | str:
        # What it was about may have been deleted; the act stays.
        if self._may_be_named(transition):
            called = transition.called if hasattr(transition, "called") else transition.subject
            return str(called or f"#{transition.object_id}")
        return link_to(_label(transition), transition.object_id)

    @admin.display(description=gettext_lazy("by"))
    def who(self, transition: Transition) -> SafeString | str:
        by = transition.by
        if by is None or by.is_staff:
            return str(by or "–")
        return link_to(by._meta.label_lower, by.pk)

    def _may_be_named(self, transition: Transition) -> bool:
        """Only what has pages in the back office that are no look at anybody."""
        known = self.admin_site._registry.get(transition.content_type.model_class())  # type: ignore[arg-type]
        return known is not None and not isinstance(known, RecordedLooks)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
