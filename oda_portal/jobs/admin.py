"""Long work in the back office: how far it is, what could not be done, the file that came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from oda_portal.files.downloads import disposition, guarded
from oda_portal.privacy.exports import csv_response
from oda_portal.publishing.admin_base import ReadOnlyAdmin

from . import registry
from .models import Job, JobNote

MOST_SHOWN = 200


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Job.State.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        over = {"finished_at__isnull": False, "cancelled_at": None}
        rules = {
            Job.State.WAITING: Q(finished_at=None, cancelled_at=None, token=""),
            Job.State.RUNNING: Q(finished_at=None, cancelled_at=None) & ~Q(token=""),
            Job.State.FINISHED: Q(**over, error=""),
            Job.State.FAILED: Q(**over) & ~Q(error=""),
            Job.State.CANCELLED: Q(cancelled_at__isnull=False),
        }
        rule = rules.get(self.value())  # type: ignore[call-overload]
        return queryset.filter(rule) if rule is not None else queryset


class JobList(ChangeList):
    def url_for_result(self, result: Job) -> str:
        return result.get_admin_url()


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Everybody of the staff has their own; whoever may see all jobs has all."""

    list_display = ("title", "kind_label", "state_badge", "progress", "asked_by", "asked_at")
    list_filter = (StateFilter,)
    list_select_related = ("asked_by",)
    search_fields = ("title",)
    ordering = ("-pk",)
    fields = ("kind_label", "asked_by", "asked_at", "finished_at", "cancelled_at")
    readonly_fields = ("kind_label",)

    class Media:
        css = {"all": ["admin_portal/jobs.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return JobList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return Job.objects.visible_to(request.user)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Job | None:
        """By its address, or by its number; None for what the person may not know of."""
        try:
            named = {"pk": int(object_id)} if object_id.isdecimal() else {"uuid": UUID(object_id)}
        except ValueError:
            return None
        job = Job.objects.select_related("asked_by").filter(**named).first()
        return job if job and registry.may_see(request.user, job) else None

    def has_view_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        user = request.user
        # Whoever may do anything here may have asked for something.
        may_anything = user.is_superuser or bool(user.get_all_permissions())
        is_at_work = user.is_active and user.is_staff and may_anything
        return is_at_work and (obj is None or registry.may_see(user, obj))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    # --- lists -------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_label(self, job: Job) -> str:
        return registry.label_of(job.kind)

    @admin.display(description=gettext_lazy("state"))
    def state_badge(self, job: Job) -> SafeString:
        return format_html('<span class="badge job-{}">{}</span>', job.state.value, job.state.label)

    @admin.display(description=pgettext_lazy("job", "done"))
    def progress(self, job: Job) -> str:
        return str(job.done) if job.total is None else f"{job.done}/{job.total}"

    # --- pages -------------------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        job = kwargs["obj"]
        notes = job.notes.order_by("-failed", "pk")
        context |= {
            **_progress(request, job),
            "notes": notes[:MOST_SHOWN],
            "more_notes": max(0, notes.count() - MOST_SHOWN),
            "may_cancel": not job.is_over and self._may_cancel(request, job),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Its own page says what became of it; there is no other history."""
        return redirect(self.to_look_at(request, object_id).get_admin_url())

    def to_look_at(self, request: HttpRequest, object_id: str) -> Job:
        if not self.has_view_permission(request):
            raise PermissionDenied
        job = self.get_object(request, object_id)
        if job is None:
            raise Http404
        return job

    def _may_cancel(self, request: HttpRequest, job: Job) -> bool:
        user: Any = request.user
        return job.asked_by_id == user.pk or user.has_perm("jobs.change_job")

    def get_urls(self) -> list[URLPattern]:
        guarded_view = self.admin_site.admin_view
        pages: dict[str, Callable[..., HttpResponseBase]] = {
            "progress": require_safe(partial(progress_part, self)),
            "cancel": require_POST(partial(cancel, self)),
            "result": require_safe(partial(result, self)),
            "report": require_safe(partial(report, self)),
        }
        own = [
            path(f"<str:object_id>/{page}/", guarded_view(view), name=f"jobs_job_{page}")
            for page, view in pages.items()
        ]
        return [*own, *super().get_urls()]


def _progress(request: HttpRequest, job: Job) -> dict[str, Any]:
    may_fetch = bool(job.result) and registry.may_fetch(request.user, job)
    links = registry.links_of(job) if job.is_over else []
    return {"job": job, "may_fetch": may_fetch, "links": links}


def progress_part(model_admin: JobAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """The part of the page that a script asks for again and again."""
    job = model_admin.to_look_at(request, object_id)
    response = render(request, "admin/jobs/progress.html", _progress(request, job))
    response.headers["Cache-Control"] = "no-store"
    return response


def cancel(model_admin: JobAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    job = model_admin.to_look_at(request, object_id)
    if not model_admin._may_cancel(request, job):
        raise PermissionDenied
    if job.cancel(by=request.user):  # type: ignore[arg-type]
        sentence, level = _("Cancelled. What was done until now stays."), messages.SUCCESS
    else:
        sentence, level = _("It was already over."), messages.WARNING
    model_admin.message_user(request, sentence, level)
    return redirect(job.get_admin_url())


def result(model_admin: JobAdmin, request: HttpRequest, object_id: str) -> HttpResponseBase:
    """The file, for whoever asked for it, as long as it is kept."""
    job = model_admin.to_look_at(request, object_id)
    if not job.result or not registry.may_fetch(request.user, job):
        raise Http404
    try:
        response = FileResponse(job.result.open("rb"), as_attachment=True)
    except FileNotFoundError as error:
        raise Http404 from error
    response.headers["Content-Disposition"] = disposition(job.result_name)
    response.headers["Cache-Control"] = "private, no-store"
    return guarded(response)


def report(model_admin: JobAdmin, request: HttpRequest, object_id: str) -> HttpResponseBase:
    job = model_admin.to_look_at(request, object_id)
    head = [_("No."), _("not done"), pgettext("job", "text")]
    notes: QuerySet[JobNote] = job.notes.order_by("pk")
    rows = ([note.number, "✕" if note.failed else "", note.text] for note in notes.iterator())
    return csv_response(f"report-{job.pk}", head, rows)
