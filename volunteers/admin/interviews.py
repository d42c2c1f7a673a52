"""Interview slots: made many at once, with who sits where, moved and removed."""

from __future__ import annotations

import copy
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.accounts.roles import languages_to_write
from oda_portal.publishing.admin import ObjectAct, RecordAdmin
from oda_portal.publishing.forms import RecordForm
from oda_portal.publishing.times import korea_day
from oda_portal.seats import actions as seats
from oda_portal.seats.models import Pool, Seat
from programs.admin.areas import WithinAreas
from volunteers import interviews, permissions
from volunteers.models import InterviewSlot

from .interview_forms import PLACES
from .interview_pages import day_page, export_page, make_page, move_page
from .interview_people import seated

NAME = "volunteers_interviewslot"


class SlotRecordForm(RecordForm):
    capacity = forms.IntegerField(
        label=gettext_lazy("Places"),
        min_value=1,
        max_value=500,
        help_text=gettext_lazy("How many people are interviewed at this time."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "capacity" in self.fields:
            self.fields["capacity"].initial = self.instance.pool.capacity

    def clean_capacity(self) -> int:
        capacity = self.cleaned_data["capacity"]
        # Locked: nobody takes a place between this look and the saving of the form.
        pool = Pool.objects.select_for_update().get(pk=self.instance.pool_id)
        if capacity < pool.taken:
            sentence = _("%(taken)s places are taken already. Enter that number or more.")
            raise ValidationError(sentence, code="taken", params={"taken": pool.taken})
        return capacity


@admin.register(InterviewSlot)
class InterviewSlotAdmin(WithinAreas, RecordAdmin):
    program_path = "call__openings__program"
    program_is_optional = True
    form = SlotRecordForm
    change_form_template = "admin/volunteers/interview_slot_form.html"
    change_list_template = "admin/volunteers/interview_list.html"
    list_display = ("day", "hours", "place", "is_online", "call", "taken")
    list_display_links = ("day", "hours")
    list_filter = (("call", admin.RelatedOnlyFieldListFilter), "is_online")
    list_select_related = ("call", "pool")
    search_fields = ("place",)
    date_hierarchy = "starts_at"
    ordering = ("starts_at", "pk")
    readonly_fields = ("call",)
    fieldsets = (
        (None, {"fields": ("call", ("starts_at", "ends_at"), "place", "is_online", "capacity")}),
    )

    # --- list ----------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("day"), ordering="starts_at")
    def day(self, slot: InterviewSlot) -> str:
        return korea_day(slot.starts_at)

    @admin.display(description=gettext_lazy("Korea time"))
    def hours(self, slot: InterviewSlot) -> str:
        return slot.hours

    @admin.display(description=gettext_lazy("taken / places"), ordering="pool__taken")
    def taken(self, slot: InterviewSlot) -> str:
        return f"{slot.pool.taken} / {slot.pool.capacity}"

    # --- one slot --------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[InterviewSlot]:
        return super().get_queryset(request).select_related("call", "pool")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Where people sit, time and place have a page that tells them; translators translate."""
        fields = list(super().get_readonly_fields(request, obj))
        if obj and obj.pool.taken:
            fields += ["starts_at", "ends_at", "is_online"]
            if not self._only_translates(request):
                fields += PLACES
        return fields

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        if "capacity" in form.base_fields and self._only_translates(request):
            # A copy: the field is shared with the forms of everybody.
            form.base_fields["capacity"] = copy.copy(form.base_fields["capacity"])
            form.base_fields["capacity"].disabled = True
        return form

    def _only_translates(self, request: HttpRequest) -> bool:
        return languages_to_write(request.user, InterviewSlot) is not None  # type: ignore[arg-type]

    @admin.display(description=gettext_lazy("places"))
    def capacity(self, slot: InterviewSlot) -> int:
        """For whoever may only look: the form's field of the same name is not there then."""
        return slot.pool.capacity

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "capacity" in form.changed_data:
            # Checked by the form, which holds the lock since then.
            seats.set_capacity(obj.pool, form.cleaned_data["capacity"])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        slot = kwargs["obj"]
        if permissions.can_view_application(request.user):
            context["people"] = seated(request, [slot], what="slot")[slot.pk]
            context["may_move"] = permissions.can_move_application(request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    # --- deleting --------------------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What stands in the way is told as a number; who it is has its own page."""
        to_delete, counts, needed, _protected = super().get_deleted_objects(objs, request)
        sentence = _("“%(slot)s”: people have chosen it. Move them first.")
        held = Seat.objects.filter(pool__in=[slot.pool_id for slot in objs], state=Seat.State.HELD)
        pools = set(held.values_list("pool", flat=True))
        in_use = [sentence % {"slot": slot} for slot in objs if slot.pool_id in pools]
        return ([], {}, set(), in_use) if in_use else (to_delete, counts, needed, [])

    def delete_model(self, request: HttpRequest, obj: InterviewSlot) -> None:
        self._remove([obj])

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        self._remove(list(queryset))

    def _remove(self, slots: list[InterviewSlot]) -> None:
        with transaction.atomic():
            if interviews.remove_slots(slots):
                # Chosen since the page that asks was made.
                raise PermissionDenied

    # --- pages of their own ----------------------------------------------------------------------

    def get_acts(self, request: HttpRequest, obj: InterviewSlot) -> list[ObjectAct]:
        acts = [ObjectAct(_("Change time or place"), self.address("move", obj))]
        if permissions.can_view_application(request.user):
            day = timezone.localdate(obj.starts_at).isoformat()
            acts.append(ObjectAct(_("Sheet of the day"), f"{day_address()}?day={day}"))
        return acts

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Slots of a day, one or many, shown before they are made."""
        return make_page(self, request)

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("day/", guarded(partial(day_page, self)), name=f"{NAME}_day"),
            path("export/", guarded(partial(export_page, self)), name=f"{NAME}_export"),
            path("<int:object_id>/move/", guarded(partial(move_page, self)), name=f"{NAME}_move"),
            *super().get_urls(),
        ]


def day_address() -> str:
    return reverse(f"admin:{NAME}_day")
