"""Partners' IATI files and activities: send, see what would change, take over."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from oda_portal.publishing.admin import PUBLICATION, ObjectAct, PublishableAdmin, SafeListMixin
from partners.models import IatiFile, IatiFileEntry, PartnerActivity

from . import acts
from .forms import AgreementForm, IatiFileForm

State = IatiFile.State
COLOURS = {
    State.WAITING: "draft", State.READ: "scheduled", State.REFUSED: "withdrawn",
    State.CONFIRMED: "draft", State.TAKEN: "public", State.DISCARDED: "expired",
}  # fmt: skip
PER_PAGE = 100


@admin.register(IatiFile)
class IatiFileAdmin(SafeListMixin):
    """One sends a file or looks at one; buttons lead to pages that ask once more."""

    form = IatiFileForm
    list_display = ("__str__", "state_badge", "done", "licence", "by", "at")
    list_filter = ("state", ("organisation", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("organisation", "by")
    autocomplete_fields = ("organisation",)
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[IatiFile]:
        return super().get_queryset(request).light()  # type: ignore[attr-defined]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("organisation", "licence", "url", "upload")
        return ("organisation", "licence", "url", "iati_version", "size", "sha256", "by", "at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=pgettext_lazy("IATI file", "state"), ordering="state")
    def state_badge(self, file: IatiFile) -> SafeString:
        state = State(file.state)
        return format_html('<span class="badge stage-{}">{}</span>', COLOURS[state], state.label)

    # --- sending ---------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: IatiFile, form: Any, change: bool) -> None:
        """The row is made by the act; sent twice, the same file leads to the same row."""
        kept = acts.receive(
            form.cleaned_data["upload"].read(),
            organisation=obj.organisation,
            licence=obj.licence,
            url=obj.url,
            by=request.user,  # type: ignore[arg-type]
        )
        obj.pk, obj.state, obj.sha256 = kept.pk, kept.state, kept.sha256

    def response_add(
        self, request: HttpRequest, obj: IatiFile, post_url_continue: str | None = None
    ) -> HttpResponse:
        sentence = _("The file is being read. You will see here what would change.")
        self.message_user(request, sentence, messages.SUCCESS)
        return redirect(self.address("change", obj))

    # --- one file --------------------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            context |= {"acts": self.get_acts(request, obj), **_report(request, obj)}
            context["progress_url"] = self.address("progress", obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The file's own page says what became of it; there is no other history."""
        return redirect(self.address("change", to_look_at(self, request, object_id)))

    def get_acts(self, request: HttpRequest, obj: IatiFile) -> list[ObjectAct]:
        if not _may_act(request) or obj.state not in (State.WAITING, State.READ):
            return []
        discard = ObjectAct(pgettext("IATI file", "Discard"), self.address("discard", obj))
        if obj.state == State.WAITING:
            return [discard]
        take = ObjectAct(pgettext("IATI file", "Take over"), self.address("take", obj))
        return [take, discard]

    def get_urls(self) -> list[URLPattern]:
        guarded, name = self.admin_site.admin_view, "partners_iatifile"
        progress = guarded(require_safe(partial(progress_part, self)))
        take, discard = partial(take_page, self), partial(discard_page, self)
        return [
            path("<path:object_id>/progress/", progress, name=f"{name}_progress"),
            path("<path:object_id>/take/", guarded(take), name=f"{name}_take"),
            path("<path:object_id>/discard/", guarded(discard), name=f"{name}_discard"),
            *super().get_urls(),
        ]

    def address(self, page: str, obj: models.Model) -> str:
        return reverse(f"admin:partners_iatifile_{page}", args=[obj.pk])

    def to_act_on(self, request: HttpRequest, object_id: str) -> IatiFile:
        if not _may_act(request):
            raise PermissionDenied
        return to_look_at(self, request, object_id)

    def act_page(self, request: HttpRequest, obj: IatiFile, **context: Any) -> TemplateResponse:
        whole = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": obj,
            "back": self.address("change", obj),
            **context,
        }
        return TemplateResponse(request, "admin/act.html", whole)


def to_look_at(model_admin: admin.ModelAdmin, request: HttpRequest, object_id: str) -> Any:
    """The object, for somebody who may see it."""
    obj = model_admin.get_object(request, object_id)
    if not model_admin.has_view_permission(request, obj):
        raise PermissionDenied
    if obj is None:
        raise Http404
    return obj


def _may_act(request: HttpRequest) -> bool:
    return request.user.has_perm("partners.change_iatifile")


def _report(request: HttpRequest, file: IatiFile) -> dict[str, Any]:
    """What would change or did, page by page; in numbers once it is read, unless refused."""
    counted = dict(file.entries.order_by().values_list("verdict").annotate(Count("pk")))
    verdicts = IatiFileEntry.Verdict if counted and file.state != State.REFUSED else ()
    rows = file.entries.all()
    chosen = request.GET.get("verdict", "")
    if chosen in IatiFileEntry.Verdict.values:
        rows = rows.filter(verdict=chosen)
    return {
        "file": file,
        "counts": [(v.value, v.label, counted.get(v, 0)) for v in verdicts],
        "with_errors": file.entries.filter(errors__gt=0).count(),
        "chosen": chosen,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
    }


def progress_part(
    model_admin: IatiFileAdmin, request: HttpRequest, object_id: str
) -> HttpResponseBase:
    """The part of the page that a script asks for again and again."""
    file = to_look_at(model_admin, request, object_id)
    response: HttpResponse = render(request, "admin/partners/iati_progress.html", {"file": file})
    response.headers["Cache-Control"] = "no-store"
    return response


def take_page(model_admin: IatiFileAdmin, request: HttpRequest, object_id: str) -> HttpResponseBase:
    file = model_admin.to_act_on(request, object_id)
    asked = request.POST if request.method == "POST" else None
    form = AgreementForm(asked) if file.remarks else None
    if request.method == "POST" and (form is None or form.is_valid()):
        if acts.confirm(file, by=request.user, agreed=form is not None):  # type: ignore[arg-type]
            sentence, level = _("The activities are being taken over."), messages.SUCCESS
        else:
            sentence, level = _("This was decided before. Nothing was done."), messages.WARNING
        model_admin.message_user(request, sentence, level)
        return redirect(model_admin.address("change", file))
    return model_admin.act_page(
        request,
        file,
        title=pgettext("IATI file", "Take over"),
        button=pgettext("IATI file", "Take over"),
        form=form,
        explanation=" ".join([*file.remarks, _new_and_changed(file)]),
    )


def _new_and_changed(file: IatiFile) -> str:
    counts = dict(file.entries.order_by().values_list("verdict").annotate(Count("pk")))
    return _(
        "New activities: %(new)s. Changed: %(changed)s. New ones are public at once as"
        " “published by %(organisation)s”, with the licence “%(licence)s”. Nothing is deleted,"
        " and no programme of the office is touched."
    ) % {
        "new": counts.get(IatiFileEntry.Verdict.NEW, 0),
        "changed": counts.get(IatiFileEntry.Verdict.CHANGED, 0),
        "organisation": file.organisation,
        "licence": file.licence,
    }


def discard_page(
    model_admin: IatiFileAdmin, request: HttpRequest, object_id: str
) -> HttpResponseBase:
    file = model_admin.to_act_on(request, object_id)
    if request.method == "POST":
        if file.discard(by=request.user):  # type: ignore[arg-type]
            sentence, level = _("The file has been discarded."), messages.SUCCESS
        else:
            sentence, level = _("This was decided before. Nothing was done."), messages.WARNING
        model_admin.message_user(request, sentence, level)
        return redirect(model_admin.address("change", file))
    return model_admin.act_page(
        request,
        file,
        title=pgettext("IATI file", "Discard"),
        button=pgettext("IATI file", "Discard"),
        explanation=_("Nothing of it is taken over. Its report stays here."),
    )


@admin.register(PartnerActivity)
class PartnerActivityAdmin(PublishableAdmin):
    """Staff say whether and when it is public; what it says comes from the publisher alone."""

    slug_field = ""
    keeps_languages = False
    list_display = (
        "identifier", "shown", "organisation", "activity_status", "starts_on", "stage_badge",
        "last_updated",
    )  # fmt: skip
    list_filter = (("organisation", admin.RelatedOnlyFieldListFilter), "activity_status")
    list_select_related = ("organisation",)
    search_fields = ("identifier", "title", "title_other")
    autocomplete_fields = ("department",)
    date_hierarchy = "starts_on"
    readonly_fields = (
        "identifier", "shown", "organisation", "licence", "activity_status", "starts_on", "ends_on",
        "transactions", "budgets", "results", "last_updated", "iati_version", "imported_at", "file",
        "problem_list", "raw_xml",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("identifier", "shown", "organisation", "licence", "file")}),
        (
            gettext_lazy("What it says"),
            {
                "fields": (
                    "activity_status",
                    ("starts_on", "ends_on"),
                    ("transactions", "budgets", "results"),
                    ("last_updated", "iati_version", "imported_at"),
                )
            },
        ),
        PUBLICATION,
        (gettext_lazy("As it stands in the file"), {"fields": ("problem_list", "raw_xml")}),
    )

    def preview_owners(self, obj: PartnerActivity) -> list[Any]:
        return [obj, obj.organisation]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and str(match.url_name).endswith("changelist")
        return rows.defer("raw_xml", "problems") if is_list else rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What it says changes with its file alone, and the file's page says how."""
        return redirect(self.address("change", to_look_at(self, request, object_id)))

    @admin.display(description=gettext_lazy("title"))
    def shown(self, activity: PartnerActivity) -> str:
        return activity.shown_title.text

    @admin.display(description=gettext_lazy("problems"))
    def problem_list(self, activity: PartnerActivity) -> str:
        return "\n".join(activity.problems) or "–"
