"""Documents of the library, with all their versions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.library import actions
from oda_portal.library.forms import RestoreForm, VersionForm
from oda_portal.library.models import Document
from oda_portal.publishing.admin import ObjectAct

from .filters import ReadyFilter, SizeFilter, UseFilter
from .held import HeldAdmin


@admin.register(Document)
class DocumentAdmin(HeldAdmin):
    main_text = "title"
    change_form_template = "admin/library/document_form.html"
    list_display = (
        "what", "number", "kind", "readiness", "use_count", "weight", "language", "licence",
    )  # fmt: skip
    list_filter = (ReadyFilter, UseFilter, SizeFilter, "language", "licence", "subjects")
    search_fields = ("name", "title", "credit")
    autocomplete_fields = ("subjects",)
    readonly_fields = ("stored_file", "number", "where_used")
    fieldsets = (
        (None, {"fields": ("stored_file", "title", "language")}),
        (gettext_lazy("Licence and credit"), {"fields": ("licence", "credit")}),
        (gettext_lazy("For searching"), {"fields": ("name", "number", "subjects")}),
        (gettext_lazy("Where it is used"), {"fields": ("where_used",)}),
    )

    @admin.display(description=gettext_lazy("library document"), ordering="name")
    def what(self, document: Document) -> str:
        return str(document)

    @admin.display(description=gettext_lazy("format"))
    def kind(self, document: Document) -> str:
        return document.type

    @admin.display(description=gettext_lazy("size"), ordering="bytes")
    def weight(self, document: Document) -> str:
        return filesizeformat(document.bytes)

    @admin.display(description=gettext_lazy("file"))
    def stored_file(self, document: Document) -> SafeString:
        return format_html(
            '<a href="{}" class="library-link">{}</a> ({}, {})',
            document.file.url,
            _("Open the stored file"),
            document.type,
            filesizeformat(document.bytes),
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        obj = kwargs.get("obj")
        context |= {"versions": obj.versions.select_related("by") if obj else ()}
        return super().render_change_form(request, context, *args, **kwargs)

    # --- acts ----------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/new-version/",
                guarded(self.version_view),
                name="library_document_version",
            ),
            path(
                "<path:object_id>/versions/<int:number>/restore/",
                guarded(self.restore_version_view),
                name="library_document_restore_version",
            ),
            *super().get_urls(),
        ]

    def get_acts(self, request: HttpRequest, obj: Document) -> list[ObjectAct]:
        version = ObjectAct(_("Upload a new version"), self.address("version", obj))
        return [*super().get_acts(request, obj), version]

    def version_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        document = self.to_act_on(request, object_id)
        by: Any = request.user
        return self.act_on_file(
            request,
            document,
            form_class=VersionForm,
            title=_("Upload a new version"),
            button=_("Upload"),
            explanation=_(
                "Readers get the new version at once, at the same addresses. Earlier versions"
                " stay here for staff."
            ),
            act=lambda given: actions.add_version(
                document, given["file"], note=given["note"], by=by
            ),
        )

    def restore_version_view(
        self, request: HttpRequest, object_id: str, number: int
    ) -> HttpResponseBase:
        document = self.to_act_on(request, object_id)
        version = get_object_or_404(document.versions, number=number)
        by: Any = request.user
        return self.act_on_file(
            request,
            document,
            form_class=RestoreForm,
            title=_("Use version %(number)s again") % {"number": number},
            button=_("Use this version again"),
            explanation=_(
                "Readers get it at once, at the same addresses. It becomes the newest version;"
                " no version is lost."
            ),
            act=lambda given: actions.restore_version(version, note=given["note"], by=by),
        )
