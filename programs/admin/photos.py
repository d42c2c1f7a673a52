"""Pictures of a programme: none goes on the site without words for it in every language."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from oda_portal.publishing.admin import TranslatedInline
from oda_portal.publishing.forms import edited_columns
from programs.models import Photo

PREVIEW_SIZE = (320, 240)


class PhotoForm(forms.ModelForm):
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
        return bool(self.cleaned_data.get("image") or self.files.get(self.add_prefix("image")))

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


def small_picture(photo: Photo) -> HttpResponse:
    """The stored picture, small, for staff: it need not be public yet."""
    with photo.image.open() as stored, Image.open(stored) as image:
        image.draft("RGB", PREVIEW_SIZE)
        image.thumbnail(PREVIEW_SIZE)
        content = io.BytesIO()
        image.convert("RGB").save(content, "JPEG", quality=80)
    response = HttpResponse(content.getvalue(), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
