"""The admin of everything that is published; base classes for all apps."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from oda_portal.files import renditions
from oda_portal.languages import HTML_LANG

from . import actions
from .admin_base import LinkInline, ObjectAct, RecordAdmin, SafeListMixin, TranslatedInline
from .admin_history import HistoryMixin
from .forms import ReasonForm, RecordForm, SluggedForm, edited_columns
from .models import Publishable, Source, Status
from .stages import Stage, in_stage, stage_of, stage_sentence

__all__ = [
    "LinkInline",
    "ObjectAct",
    "PublishableAdmin",
    "RecordAdmin",
    "SafeListMixin",
    "TranslatedInline",
]

PUBLICATION = (
    gettext_lazy("Publication"),
    {"fields": (("publish_at", "expire_at"), "department")},
)


class StageFilter(admin.SimpleListFilter):
    title = pgettext_lazy("publish", "status")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Stage.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        stage = self.value()
        return in_stage(queryset, stage) if stage in Stage.values else queryset


class MissingTextFilter(admin.SimpleListFilter):
    """Records whose first text is not there yet in a language."""

    title = gettext_lazy("missing in")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return edited_columns(model_admin.main_text)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        column = str(self.value())
        if column not in dict(self.lookup_choices):
            return queryset
        return queryset.filter(Q(**{column: ""}) | Q(**{f"{column}__isnull": True}))


class PublishableAdmin(RecordAdmin):
    """Saving, publishing and taking down; the address follows the English title."""

    form = SluggedForm
    main_text = "title"  # the translated field that names the record
    slug_field = "slug"
    actions = ("publish_selected", "take_down_selected")
    take_down_form = ReasonForm

    # --- lists -------------------------------------------------------------------------------

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [StageFilter, *super().get_list_filter(request), MissingTextFilter]

    @admin.display(description=pgettext_lazy("publish", "status"), ordering="status")
    def stage_badge(self, obj: Publishable) -> SafeString:
        stage = stage_of(obj)
        return format_html('<span class="badge stage-{}">{}</span>', stage.value, stage.label)

    @admin.display(description=gettext_lazy("missing in"))
    def missing_languages(self, obj: Publishable) -> SafeString:
        columns = zip(edited_columns(self.main_text), HTML_LANG, strict=True)
        missing = [
            (name, code[:2].upper()) for (column, name), code in columns if not getattr(obj, column)
        ]
        return format_html_join(" ", '<abbr class="chip" title="{}">{}</abbr>', missing)

    @admin.action(description=gettext_lazy("Publish selected"), permissions=["whole"])
    def publish_selected(self, request: HttpRequest, queryset: Any) -> HttpResponseBase | None:
        if "sure" not in request.POST:
            return self._ask_for_all(
                request, queryset, "publish_selected", pgettext("act", "Publish")
            )
        count = actions.publish_all(queryset, by=request.user)  # type: ignore[arg-type]
        sentence = ngettext(
            "%(count)s record was published.", "%(count)s records were published.", count
        )
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS)
        return None

    @admin.action(description=gettext_lazy("Take down selected"), permissions=["whole"])
    def take_down_selected(self, request: HttpRequest, queryset: Any) -> HttpResponseBase | None:
        form = ReasonForm(request.POST if "sure" in request.POST else None)
        if not form.is_valid():
            return self._ask_for_all(
                request, queryset, "take_down_selected", pgettext("act", "Take down"), form
            )
        count = actions.withdraw_all(
            queryset,
            by=request.user,  # type: ignore[arg-type]
            reason=form.cleaned_data["reason"],
        )
        sentence = ngettext(
            "%(count)s record was taken down.", "%(count)s records were taken down.", count
        )
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS)
        return None

    def _ask_for_all(
        self, request: HttpRequest, queryset: Any, action: str, button: str, form: Any = None
    ) -> TemplateResponse:
        rows = list(queryset)
        context = {
            **self.admin_site.each_context(request),
            "title": button,
            "opts": self.opts,
            "rows": [(row, stage_of(row)) for row in rows],
            "action": action,
            "button": button,
            "form": form,
        }
        return TemplateResponse(request, "admin/act_selected.html", context)

    # --- one record ----------------------------------------------------------------------------

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        if obj and self.slug_field and self.address_is_known(obj):
            fields.append(self.slug_field)
        return fields

    def address_is_known(self, obj: Publishable) -> bool:
        """Whether somebody may have kept the address, so that it must stay."""
        return obj.status != Status.DRAFT

    def view_on_site(self, obj: Any) -> str | None:
        is_shown = obj.is_public() and hasattr(obj, "get_absolute_url")
        return obj.get_absolute_url() if is_shown else None

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        obj = kwargs.get("obj")
        context |= {"is_publishable": True, "stage": Stage.DRAFT}
        if obj:
            context |= {
                "stage": stage_of(obj),
                "stage_sentence": stage_sentence(obj),
                "may_publish": obj.status != Status.PUBLISHED
                and self.has_whole_permission(request, obj),
                "take_down_url": self.address("take_down", obj)
                if obj.status == Status.PUBLISHED and self.has_whole_permission(request, obj)
                else None,
            }
        else:
            context |= {"stage_sentence": stage_sentence(self.model()), "may_publish": True}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        self._after_saving(request, obj)
        return response

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        response = super().response_change(request, obj)
        self._after_saving(request, obj)
        return response

    def _after_saving(self, request: HttpRequest, obj: Any) -> None:
        if "_publish" in request.POST and self.has_whole_permission(request, obj):
            actions.publish(obj, by=request.user)  # type: ignore[arg-type]
        else:
            renditions.refresh(obj)
        if url := self.view_on_site(obj):
            self.message_user(
                request,
                format_html('{} <a href="{}">{}</a>', stage_sentence(obj), url, _("View on site")),
                messages.SUCCESS,
            )
        else:
            self.message_user(request, stage_sentence(obj), messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        renditions.forget_deleted()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        renditions.forget_deleted()

    # --- taking down -----------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_take_down"
        view = self.admin_site.admin_view(self.take_down_view)
        return [path("<path:object_id>/take-down/", view, name=name), *super().get_urls()]

    def take_down_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """A page of its own: what must leave the site leaves it, however unfinished the form is."""
        obj = self.to_act_on(request, object_id)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            actions.withdraw(obj, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
            self.message_user(request, stage_sentence(obj), messages.SUCCESS)
            return redirect(self.address("change", obj))
        return self.act_page(
            request,
            obj,
            form=form,
            title=pgettext("act", "Take down"),
            button=pgettext("act", "Take down"),
            explanation=_("It will leave the site at once, with its pictures and files."),
        )


@admin.register(Source)
class SourceAdmin(SafeListMixin, HistoryMixin):
    form = RecordForm
    list_display = ("what", "host", "published", "language")
    list_filter = ("language",)
    search_fields = ("what", "url", "key")
    fields = ("what", "url", "published", "language", "key")
