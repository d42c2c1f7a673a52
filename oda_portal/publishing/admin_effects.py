"""What publishing, taking down, another time and deleting would do: shown first, then done.

Each page sends back the stamp of what it showed. When that is another by now, nothing is done and
the page comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from oda_portal.privacy.models import Act as LookedAt

from . import actions, bulk, refusals
from .admin_pages import RecordPages
from .effects import Act
from .foreseeing import Page, foresee, foresee_times
from .forms import ReasonForm
from .models import Publishable, Status
from .stages import stage_sentence

TIMES = ("publish_at", "expire_at")
# Beyond these a moment has no day in every time zone.
EARLIEST, LATEST = 1900, 9000


class EffectsMixin(RecordPages):
    """For records that are published, or whose pages are those of another that is."""

    delete_confirmation_template = "admin/delete_publishable.html"
    # Times at which something happens by itself.
    clock: tuple[str, ...] = TIMES

    # --- what an admin may say of its records -------------------------------------------------

    def published_of(self, obj: Any) -> Publishable:
        """What is published with the record: mostly itself."""
        return obj

    def to_publish(self, request: HttpRequest, object_id: str) -> Any:
        """The record, for somebody who may publish it and take it down."""
        return self.to_act_on(request, object_id)  # type: ignore[attr-defined]

    # --- addresses ------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/publish/", view(self.publish_view), name=f"{name}_publish"),
            path(
                "<path:object_id>/take-down/", view(self.take_down_view), name=f"{name}_take_down"
            ),
            path("<path:object_id>/times/", view(self.times_view), name=f"{name}_times"),
            *super().get_urls(),
        ]

    # --- one record -----------------------------------------------------------------------------

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Where it will be seen, from when, and who gets mail about it; then it is published."""
        with transaction.atomic():
            obj, record = self._held(request, object_id)
            if record.status == Status.PUBLISHED:
                return self._done(request, obj)
            page = foresee([record], Act.PUBLISH)
            if _is_confirmed(request, page):
                actions.publish(record, by=request.user)  # type: ignore[arg-type]
                return self._done(request, obj)
        button = pgettext("act", "Publish")
        return self._effects_page(request, obj, page, title=button, button=button)

    def take_down_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """A page of its own: what must leave the site leaves it, however unfinished the form is."""
        form = ReasonForm(request.POST if request.method == "POST" else None)
        with transaction.atomic():
            obj, record = self._held(request, object_id)
            if record.status != Status.PUBLISHED:
                return self._done(request, obj)
            page = foresee([record], Act.TAKE_DOWN)
            if _is_confirmed(request, page) and form.is_valid():
                reason = form.cleaned_data["reason"]
                actions.withdraw(record, by=request.user, reason=reason)  # type: ignore[arg-type]
                return self._done(request, obj)
        button = pgettext("act", "Take down")
        return self._effects_page(request, obj, page, title=button, button=button, form=form)

    def times_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """What another time of a published record changes; the address names the times wanted."""
        wanted = {name: _time(request.GET[name]) for name in self.clock if name in request.GET}
        with transaction.atomic():
            obj, record = self._held(request, object_id)
            asked = self.times_to_ask_about(record)
            wanted = {
                name: at
                for name, at in wanted.items()
                if name in asked and getattr(record, name) != at
            }
            if not wanted:
                return self._done(request, obj)
            page = foresee_times(record, wanted)
            if _is_confirmed(request, page):
                self._set_times(request, record, wanted)
                return self._done(request, obj)
        title = _("Change its times")
        button = _("Change the times")
        return self._effects_page(request, obj, page, title=title, button=button)

    def _set_times(self, request: HttpRequest, record: Any, wanted: dict[str, Any]) -> None:
        try:
            actions.set_times(record, wanted, by=request.user)  # type: ignore[arg-type]
        except IntegrityError:  # an address that was written by hand
            record.refresh_from_db()
            sentence = _("These times do not fit its other times. Nothing was changed.")
            self.message_user(request, sentence, messages.ERROR)

    def times_to_ask_about(self, record: Any) -> set[str]:
        """Of which times a change has to be shown first: those that make something happen."""
        return set(TIMES) if record.status == Status.PUBLISHED else set()

    def _held(self, request: HttpRequest, object_id: str) -> tuple[Any, Publishable]:
        """What is shown is what is there when it is confirmed."""
        obj = self.to_publish(request, object_id)
        record = self.published_of(obj)
        if request.method == "POST":
            held = type(record)._base_manager.select_for_update().filter(pk=record.pk)
            list(held.values_list("pk"))
            record.refresh_from_db()
        return obj, record

    def _done(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self.say_stage(request, obj)
        return redirect(self.address("change", obj))

    def say_stage(self, request: HttpRequest, obj: Any) -> None:
        record = self.published_of(obj)
        level = messages.SUCCESS if record.is_public() else messages.WARNING
        self.message_user(request, stage_sentence(record), level)

    def _effects_page(
        self, request: HttpRequest, obj: Any, page: Page, *, title: str, button: str,
        form: Any = None,
    ) -> TemplateResponse:  # fmt: skip
        if look := getattr(self, "look", None):
            look(request, LookedAt.DETAIL, [obj], what=title)
        context = self.context_about(
            request, obj, title=title, button=button, form=form, page=page,
            has_changed=_has_changed(request, page),
        )  # fmt: skip
        return TemplateResponse(request, "admin/publish.html", context)

    # --- saving ---------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Other times of something published are kept for a page of their own."""
        if change and self.published_of(obj) is obj and not self._corrects(request, obj):
            moved = self.times_to_ask_about(obj) & set(form.changed_data)
            if moved and self.has_whole_permission(request, obj):  # type: ignore[attr-defined]
                self._put_off(request, obj, {name: form.initial[name] for name in moved})
        super().save_model(request, obj, form, change)

    def _put_off(self, request: HttpRequest, obj: Any, stored: dict[str, Any]) -> None:
        request.wanted_times = {name: getattr(obj, name) for name in stored}  # type: ignore[attr-defined]
        for name, at in stored.items():
            setattr(obj, name, at)
        try:
            obj.validate_constraints()
        except ValidationError:
            # With the other times of the form the old ones are no more possible: none, until then.
            for name in stored:
                setattr(obj, name, None)

    def _corrects(self, request: HttpRequest, obj: Any) -> bool:
        """Whether something closed is put right in public, where no further page can be opened."""
        is_corrected = getattr(self, "is_corrected", None)
        return bool(is_corrected and is_corrected(request, obj))

    def next_page(self, request: HttpRequest, obj: Any) -> str:
        """Where saving leads when something is left to confirm; otherwise empty."""
        if wanted := getattr(request, "wanted_times", None):
            query = {name: at.isoformat() if at else "" for name, at in wanted.items()}
            return f"{self.address('times', obj)}?{urlencode(query)}"
        may = self.may_publish(request, obj)
        is_up = self.published_of(obj).status == Status.PUBLISHED
        return self.address("publish", obj) if may and not is_up else ""

    def may_publish(self, request: HttpRequest, obj: Any) -> bool:
        return "_publish" in request.POST and self.has_whole_permission(request, obj)  # type: ignore[attr-defined]

    # --- many -----------------------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Publish selected"), permissions=["whole"])
    def publish_selected(self, request: HttpRequest, queryset: Any) -> HttpResponseBase | None:
        def publish(rows: list[Any], form: Any) -> str:
            count = actions.publish_all(rows, by=request.user)  # type: ignore[arg-type]
            return ngettext(
                "%(count)s record was published.", "%(count)s records were published.", count
            ) % {"count": count}

        button = pgettext("act", "Publish")
        return self._many(request, queryset, Act.PUBLISH, publish, button=button, name=bulk.PUBLISH)

    @admin.action(description=gettext_lazy("Take down selected"), permissions=["whole"])
    def take_down_selected(self, request: HttpRequest, queryset: Any) -> HttpResponseBase | None:
        def withdraw(rows: list[Any], form: Any) -> str:
            reason = form.cleaned_data["reason"]
            count = actions.withdraw_all(rows, by=request.user, reason=reason)  # type: ignore[arg-type]
            return ngettext(
                "%(count)s record was taken down.", "%(count)s records were taken down.", count
            ) % {"count": count}

        button = pgettext("act", "Take down")
        return self._many(
            request, queryset, Act.TAKE_DOWN, withdraw,
            button=button, name=bulk.TAKE_DOWN, asks=True,
        )  # fmt: skip

    def _many(
        self, request: HttpRequest, queryset: Any, act: Act, carry_out: Callable[..., str], *,
        button: str, name: str, asks: bool = False,
    ) -> HttpResponseBase | None:  # fmt: skip
        """First what would happen to each, and who gets mail; then it is done, or asked again."""
        if self._are_too_many(request, queryset):
            return None
        form = ReasonForm(request.POST if "sure" in request.POST else None) if asks else None
        with transaction.atomic():
            rows, refused = self._to_act_on_all(request, queryset)
            page = foresee(rows, act)
            if _is_confirmed(request, page) and (form is None or form.is_valid()):
                if len(rows) > bulk.AT_ONCE:
                    return self._in_background(request, name, rows, form, title=button)
                self.message_user(request, carry_out(rows, form), messages.SUCCESS)
                return None
        for row, reason in refused:
            self.say_left(request, row, reason)
        if not rows:
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": button,
            "opts": self.opts,
            "page": page,
            "rows": page.rows,
            "has_changed": "sure" in request.POST and _has_changed(request, page),
            "action": request.POST.get("action", ""),
            "button": button,
            "form": form,
        }
        return TemplateResponse(request, "admin/act_selected.html", context)

    def _are_too_many(self, request: HttpRequest, queryset: Any) -> bool:
        """Asked before any of them is read: all that a list has may be half a million."""
        if queryset.order_by()[: bulk.MOST + 1].count() <= bulk.MOST:
            return False
        sentence = _("More than %(most)s records are selected. Choose fewer with the filters.")
        self.message_user(request, sentence % {"most": bulk.MOST}, messages.ERROR)
        return True

    def _to_act_on_all(
        self, request: HttpRequest, queryset: Any
    ) -> tuple[list[Any], list[tuple[Any, str]]]:
        """The records as they stand, and those that stay with the reason; held for the act.

        Where they are many the work in the background asks of each, and its report names them.
        """
        rows = list(queryset)
        reasons = {}
        if len(rows) <= bulk.AT_ONCE:
            reasons = {row.pk: self.why_left(request, row) for row in rows}
        if "sure" in request.POST:
            # After what may close them, as every act does.
            list(queryset.order_by("pk").select_for_update(of=("self",)).values_list("pk"))
            known = {row.pk for row in rows}
            rows = [row for row in queryset.all() if row.pk in known]
        refused = [(row, reasons[row.pk]) for row in rows if reasons.get(row.pk)]
        return [row for row in rows if not reasons.get(row.pk)], refused

    def why_left(self, request: HttpRequest, row: Any) -> str:
        """Why one of many stays as it is; “” where it is theirs to change as a whole."""
        if self.has_whole_permission(request, row):  # type: ignore[attr-defined]
            return ""
        why = refusals.why_not(row, request.user, lock=False)  # type: ignore[arg-type]
        return why or refusals.not_theirs()

    def is_refused(self, request: HttpRequest, row: Any) -> bool:
        """Whether one of many stays as it is; then it is said why."""
        if reason := self.why_left(request, row):
            self.say_left(request, row, reason)
        return bool(reason)

    def say_left(self, request: HttpRequest, row: Any, reason: str) -> None:
        self.message_user(request, f"{Truncator(row).chars(120)}: {reason}", messages.WARNING)

    def _in_background(
        self, request: HttpRequest, name: str, rows: list[Any], form: Any, *, title: str
    ) -> HttpResponseBase:
        """So many take a while: a page says how far it is, and can be told to stop."""
        values = {"reason": form.cleaned_data["reason"]} if form else {}
        job = bulk.start(
            name, self.model, [row.pk for row in rows],
            by=request.user, title=f"{title} ({len(rows)})", values=values,  # type: ignore[arg-type]
        )  # fmt: skip
        return redirect(job.get_admin_url())

    # --- deleting -------------------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        request.one_by_one = True  # type: ignore[attr-defined]
        can_return = self.has_deleted_page(request)  # type: ignore[attr-defined]
        context = {"has_versions": can_return, **(extra_context or {})}
        obj = self.get_object(request, object_id)
        is_up = obj is not None and self.published_of(obj).status == Status.PUBLISHED
        if not is_up or not self.has_delete_permission(request, obj):
            return super().delete_view(request, object_id, context)
        page = foresee([self.published_of(obj)], Act.DELETE)
        if _has_changed(request, page):
            sentence = _("Nothing was deleted: what follows from it has changed. Look again.")
            self.message_user(request, sentence, messages.WARNING)
            request.POST = QueryDict()
        return super().delete_view(request, object_id, {"page": page, **context})

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What is on the site is deleted on its own page, which says what follows."""
        to_delete, counts, needed, protected = super().get_deleted_objects(objs, request)
        if not getattr(request, "one_by_one", False):
            sentence = _("“%(record)s” is on the site. Take it down first, or delete it by itself.")
            protected = [*protected, *(
                sentence % {"record": obj}
                for obj in objs
                if self.published_of(obj).status == Status.PUBLISHED
            )]  # fmt: skip
        return to_delete, counts, needed, protected


def _is_confirmed(request: HttpRequest, page: Page) -> bool:
    return request.method == "POST" and request.POST.get("shown") == page.stamp


def _has_changed(request: HttpRequest, page: Page) -> bool:
    return request.method == "POST" and request.POST.get("shown") != page.stamp


def _time(text: str) -> datetime | None:
    """In Korea’s time where none is said; None for an empty text, and for what is no time."""
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    if at is None or not EARLIEST <= at.year <= LATEST:
        return None
    return at if timezone.is_aware(at) else timezone.make_aware(at)
