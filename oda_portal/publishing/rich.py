"""Rich text that staff write and that is clean before it reaches the database."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.templatetags.static import static
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget

from .texts import clean_html

# What the editor offers; `clean_html` keeps the same and nothing else.
EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Subscript": True,
    "Superscript": True,
    "BulletList": True,
    # Other numbers than 1, 2, 3 would not be shown.
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Blockquote": True,
    "Heading": {"levels": [2, 3, 4]},
    "HorizontalRule": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HardBreak": True,
    "History": True,
}


# About thirty printed pages. Cleaning deeply nested HTML takes time that grows with its square.
MAX_LENGTH = 60_000


class RichTextWidget(AdminProseEditorWidget):
    """The editor, and what makes it keep all that `clean_html` keeps."""

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "js_modules": [static("admin_portal/editor.js")]}


class RichTextField(models.TextField):
    """HTML from the allow-list. The editor cleans in forms only; this cleans on every save."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        value = getattr(model_instance, self.attname)
        if value:
            value = clean_html(value)
            # Reading the field without a language falls back: written there, the text of another
            # language would become the active one's own.
            if hasattr(self, "translated_field"):
                setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        defaults = {
            "form_class": ProseEditorFormField,
            "config": {"extensions": EXTENSIONS},
            "max_length": MAX_LENGTH,
        }
        return super().formfield(**{**defaults, **kwargs, "widget": RichTextWidget})
