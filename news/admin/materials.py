"""Pictures and attachments of an article, in its own form."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.models import ArticlePhoto, Attachment
from oda_portal.library.forms import FromLibraryForm, HeldField
from oda_portal.library.models import Document
from oda_portal.publishing.admin import TranslatedInline
from programs.admin.photos import PhotoForm


class ArticlePhotoInline(TranslatedInline):
    model = ArticlePhoto
    form = PhotoForm
    readonly_fields = ("preview",)
    fields = (("image", "preview"), "library", "caption", "alt", ("licence", "credit", "position"))

    @admin.display(description=gettext_lazy("preview"))
    def preview(self, photo: ArticlePhoto) -> SafeString | str:
        if not photo.pk or not photo.image:
            return _("No picture yet")
        # The name changes with every new picture, so that browsers may keep what they have.
        return format_html(
            '<img class="preview" src="{}?{}" alt="{}" loading="lazy">',
            reverse("admin:news_article_photo", args=[photo.pk]),
            str(photo.image.name).rpartition("/")[2],
            photo.alt,
        )


class AttachmentForm(FromLibraryForm):
    held = {"library": "file", "readable_library": "readable"}
    library = HeldField(Document)
    readable_library = HeldField(
        Document, label=gettext_lazy("The same as a PDF, from the library")
    )


class AttachmentInline(TranslatedInline):
    model = Attachment
    form = AttachmentForm
    fields = ("title", "file", "library", "readable", "readable_library", "position")
