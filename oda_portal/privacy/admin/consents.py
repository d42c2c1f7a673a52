"""Consent texts, version by version, and the answers to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from oda_portal.privacy.consents import revise
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.models import Consent, ConsentText
from oda_portal.publishing.admin import ObjectAct, RecordAdmin
from oda_portal.publishing.admin_base import ReadOnlyAdmin
from oda_portal.publishing.forms import RecordForm

from .access import link_to


class ConsentTextForm(RecordForm):
    def clean_valid_from(self) -> Any:
        """Never in the past: nobody was shown it then."""
        wanted = self.cleaned_data["valid_from"]
        return wanted and max(wanted, timezone.now())


@admin.register(ConsentText)
class ConsentTextAdmin(RecordAdmin):
    form = ConsentTextForm
    list_display = ("kind", "version", "in_force", "required", "valid_from")
    list_filter = ("kind", "required")
    search_fields = ("heading", "purpose", "items")
    fieldsets = (
        (None, {"fields": (("kind", "required"), "heading")}),
        (
            gettext_lazy("What people must be told"),
            {"fields": ("purpose", "items", "recipient", "period", "effect")},
        ),
        (gettext_lazy("In force"), {"fields": ("valid_from",)}),
    )

    @admin.display(description=gettext_lazy("status"))
    def in_force(self, text: ConsentText) -> SafeString:
        stage, word = self._stage(text)
        return format_html('<span class="badge stage-{}">{}</span>', stage, word)

    def _stage(self, text: ConsentText) -> tuple[str, str]:
        if text.valid_from is None:
            return "draft", pgettext("consent text", "Draft")
        if text.valid_from > timezone.now():
            return "scheduled", pgettext("consent text", "Scheduled")
        newest = ConsentText.objects.in_force().filter(pk=text.pk).exists()
        if newest:
            return "public", pgettext("consent text", "In force")
        return "withdrawn", pgettext("consent text", "Replaced")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "kind"] if obj else fields

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """For the menu of every page, which need not ask whether a kind has no text yet."""
        return {
            "add": False,
            "change": self.has_change_permission(request),
            "delete": self.has_delete_permission(request),
            "view": self.has_view_permission(request),
        }

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Of each kind there is one text; the next is a version of it."""
        missing = set(ConsentText._meta.get_field("kind").flatchoices) - {
            (text.kind, text.get_kind_display()) for text in ConsentText.objects.all()
        }
        return bool(missing) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.is_settled():
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.is_settled():
            return False
        return super().has_delete_permission(request, obj)

    # --- the next version ----------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.revise_view)
        return [
            path("<path:object_id>/revise/", view, name="privacy_consenttext_revise"),
            *super().get_urls(),
        ]

    def get_acts(self, request: HttpRequest, obj: ConsentText) -> list[ObjectAct]:
        may = obj.is_settled() and super().has_change_permission(request)
        return [ObjectAct(_("Write a new version"), self.address("revise", obj))] if may else []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        """The button stands on texts that nobody may change: that is what it is for."""
        response = super().render_change_form(request, context, *args, **kwargs)
        if obj := kwargs.get("obj"):
            response.context_data["acts"] = self.get_acts(request, obj)  # type: ignore[index]
        return response

    def revise_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        text = self.get_object(request, object_id)
        if text is None or not super().has_change_permission(request):
            raise Http404
        if request.method == "POST":
            draft = revise(text)
            self.message_user(
                request,
                _(
                    "This is a draft with the same words. Edit it, then enter the time from"
                    " which it is in force."
                ),
                messages.SUCCESS,
            )
            return redirect(self.address("change", draft))
        return self.act_page(
            request,
            text,
            form=forms.Form(),
            title=_("Write a new version"),
            button=_("Write a new version"),
            explanation=_(
                "This text stays as people saw it. Answers already given do not change; people are"
                " asked again with the new text when they next apply."
            ),
        )


@admin.register(Consent)
class ConsentAdmin(RecordedLooks, ReadOnlyAdmin):
    list_display = ("at", "kind", "version", "given", "user", "about", "language")
    list_filter = ("kind", "given", "language")
    search_fields = ("=user__email", "sha256")
    list_select_related = ("user", "content_type")
    date_hierarchy = "at"
    fields = ("at", "kind", "version", "given", "user", "about", "language", "sha256")
    readonly_fields = ("about",)

    def people_of(self, obj: Consent) -> list[Any]:
        return [obj, obj.user]

    @admin.display(description=gettext_lazy("what for"))
    def about(self, consent: Consent) -> SafeString | str:
        kind = consent.content_type
        return link_to(f"{kind.app_label}.{kind.model}", consent.object_id)
