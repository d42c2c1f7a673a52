"""Pictures of a programme: none goes on the site without words for it in every language."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.library.forms import FromLibraryForm, HeldField
from oda_portal.library.models import Picture
from oda_portal.publishing.admin import TranslatedInline
from oda_portal.publishing.forms import edited_columns
from programs.models import Photo


class PhotoForm(FromLibraryForm):
    held = {"library": "image"}
    library = HeldField(Picture)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        # An old row without all its texts must not stand in the way of other changes.
        if self.has_changed():
            self._require("caption", _("Fill in this field."))
            if self._has_picture():
                self._require("alt", _("Say what the picture shows."))
        return cleaned

    def _has_picture(self) -> bool:
        # A refused upload counts: its words are needed when it is chosen again.
        chosen = self.cleaned_data.get("image") or self.cleaned_data.get("library")
        return bool(chosen or self.files.get(self.add_prefix("image")))

    def _require(self, field: str, sentence: str) -> None:
        for column, _language in edited_columns(field):
            if not self.cleaned_data.get(column) and column not in self.errors:
                self.add_error(column, sentence)


class PhotoInline(TranslatedInline):
    model = Photo
    form = PhotoForm
    readonly_fields = ("preview",)
    fields = (
        ("image", "preview"),
        "library",
        "caption",
        "alt",
        ("licence", "credit"),
        ("stage", "pair", "position"),
    )

    @admin.display(description=gettext_lazy("preview"))
    def preview(self, photo: Photo) -> SafeString | str:
        if not photo.pk or not photo.image:
            return _("No picture yet")
        # The name changes with every new picture, so that browsers may keep what they have.
        return format_html(
            '<img class="preview" src="{}?{}" alt="{}" loading="lazy">',
            reverse("admin:programs_program_photo", args=[photo.pk]),
            str(photo.image.name).rpartition("/")[2],
            photo.alt,
        )
