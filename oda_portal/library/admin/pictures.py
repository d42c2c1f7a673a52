"""Pictures of the library: described, credited, seen where they are used, replaced."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.files.small import small_picture
from oda_portal.library import actions
from oda_portal.library.forms import ReplaceForm
from oda_portal.library.models import Picture
from oda_portal.publishing.admin import ObjectAct

from .filters import LayoutFilter, ReadyFilter, SizeFilter, UseFilter
from .held import HeldAdmin


@admin.register(Picture)
class PictureAdmin(HeldAdmin):
    main_text = "alt"
    list_display = ("small", "what", "number", "readiness", "use_count", "measures", "licence")
    list_display_links = ("what",)
    list_filter = (LayoutFilter, ReadyFilter, UseFilter, SizeFilter, "licence", "subjects")
    search_fields = ("name", "alt", "caption", "credit")
    list_per_page = 48
    autocomplete_fields = ("subjects",)
    readonly_fields = ("preview", "number", "measures", "where_used")
    fieldsets = (
        (None, {"fields": ("preview", "alt", "caption")}),
        (gettext_lazy("Licence and credit"), {"fields": ("licence", "credit")}),
        (gettext_lazy("For searching"), {"fields": ("name", "number", "subjects")}),
        (gettext_lazy("Where it is used"), {"fields": ("measures", "where_used")}),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        if "cl" in context and request.GET.get("layout") != "list":
            context["is_grid"] = True
            context["grid"] = [
                (picture, self.address("change", picture), small_address(picture))
                for picture in context["cl"].result_list
            ]
        return response

    @admin.display(description=gettext_lazy("library picture"), ordering="name")
    def what(self, picture: Picture) -> str:
        return str(picture)

    @admin.display(description=gettext_lazy("dimensions"), ordering="width")
    def measures(self, picture: Picture) -> str:
        return f"{picture.width:,} × {picture.height:,} px, {filesizeformat(picture.bytes)}"

    @admin.display(description=gettext_lazy("preview"))
    def small(self, picture: Picture) -> SafeString:
        return format_html(
            '<img class="library-small" src="{}" alt="" loading="lazy">', small_address(picture)
        )

    @admin.display(description=gettext_lazy("preview"))
    def preview(self, picture: Picture) -> SafeString:
        return format_html(
            '<a href="{}"><img class="preview" src="{}" alt="{}"></a>',
            picture.image.url,
            small_address(picture),
            picture.alt or _("The picture in full size"),
        )

    # --- acts ----------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path(
                "<int:object_id>/small/",
                guarded(self.small_view, cacheable=True),
                name="library_picture_small",
            ),
            path(
                "<path:object_id>/replace/",
                guarded(self.replace_view),
                name="library_picture_replace",
            ),
            *super().get_urls(),
        ]

    def get_acts(self, request: HttpRequest, obj: Picture) -> list[ObjectAct]:
        replace = ObjectAct(_("Replace the picture"), self.address("replace", obj))
        return [*super().get_acts(request, obj), replace]

    def small_view(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise Http404
        picture: Any = get_object_or_404(Picture, pk=object_id)
        try:
            return small_picture(picture.image)
        except FileNotFoundError as error:
            raise Http404 from error

    def replace_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        picture = self.to_act_on(request, object_id)
        return self.act_on_file(
            request,
            picture,
            form_class=ReplaceForm,
            title=_("Replace the picture"),
            button=_("Replace everywhere"),
            explanation=_(
                "The new picture replaces the old one at once, wherever it is used. Check"
                " afterwards whether the text alternative still says what it shows."
            ),
            act=lambda given: actions.replace_picture(picture, given["file"]),
        )


def small_address(picture: Picture) -> str:
    """Another one for each stored picture, so that browsers may keep what they have."""
    stored = str(picture.image.name).rpartition("/")[2]
    return f"{reverse('admin:library_picture_small', args=[picture.pk])}?{stored}"
