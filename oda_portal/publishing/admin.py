"""The admin of everything that is published; base classes for all apps."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.files import renditions
from oda_portal.languages import HTML_LANG

from .admin_base import LinkInline, ObjectAct, RecordAdmin, SafeListMixin, TranslatedInline
from .admin_bulk import BulkMixin
from .admin_effects import EffectsMixin
from .admin_history import HistoryMixin
from .forms import RecordForm, SluggedForm, edited_columns
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


class PublishableAdmin(EffectsMixin, BulkMixin, RecordAdmin):
    """Saving, publishing and taking down; the address follows the English title."""

    form = SluggedForm
    main_text = "title"  # the translated field that names the record
    slug_field = "slug"
    actions = ("publish_selected", "take_down_selected", "change_selected")

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
            new: Any = self.model()
            context |= {"stage_sentence": stage_sentence(new), "may_publish": True}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        return self._after_saving(request, obj, response)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        response = super().response_change(request, obj)
        return self._after_saving(request, obj, response)

    def _after_saving(self, request: HttpRequest, obj: Any, response: HttpResponse) -> HttpResponse:
        """What is left to confirm has a page of its own; otherwise how it stands is said."""
        renditions.refresh(obj)
        if following := self.next_page(request, obj):
            return redirect(following)
        self.say_stage(request, obj)
        return response

    def say_stage(self, request: HttpRequest, obj: Any) -> None:
        """With the way to its page, if it has one now."""
        if url := self.view_on_site(obj):
            link = format_html(
                '{} <a href="{}">{}</a>', stage_sentence(obj), url, _("View on site")
            )
            self.message_user(request, link, messages.SUCCESS)
        else:
            self.message_user(request, stage_sentence(obj), messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        renditions.forget_deleted()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        renditions.forget_deleted()


@admin.register(Source)
class SourceAdmin(SafeListMixin, HistoryMixin):
    form = RecordForm
    list_display = ("what", "host", "published", "language")
    list_filter = ("language",)
    search_fields = ("what", "url", "key")
    fields = ("what", "url", "published", "language", "key")
