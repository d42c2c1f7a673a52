"""Pressing ‘Preview’ as an editor does, and what is left of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import reverse

from oda_portal.previewing.models import Preview
from tests.admin.forms import filled

# What pressing the button itself writes down, and who is signed in.
OF_THE_PRESS = {"previewing.preview", "sessions.session", "audit.transition"}


def form_of(record: models.Model) -> str:
    options = record._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])


def press(client: Client, address: str, **changes: Any) -> Any:
    """The answer to the button, of a form with these changes in it."""
    page = client.get(address)
    assert 'name="_preview"' in page.content.decode()
    return client.post(address, {**filled(page, **changes), "_preview": "Preview"})


def preview_of(client: Client, address: str, **changes: Any) -> Preview:
    answer = press(client, address, **changes)
    assert answer.status_code == 302, answer.context["reasons"]
    return Preview.objects.latest("pk")


def look(client: Client, preview: Preview, language: str = "", **query: Any) -> Any:
    return client.get(address_of(preview, language), query)


def address_of(preview: Preview, language: str = "") -> str:
    return f"{'/' + language if language else ''}/previews/{preview.token}/"


def everything() -> dict[str, Any]:
    """All rows, all files and all that waits: what a look must leave as it was."""
    rows = {
        model._meta.label_lower: sorted(map(str, model._base_manager.values_list()))
        for model in apps.get_models()
        if model._meta.label_lower not in OF_THE_PRESS
    }
    folders = [settings.MEDIA_ROOT, settings.PRIVATE_ROOT, settings.EMAIL_FILE_PATH]
    files = {
        str(path): path.stat().st_mtime_ns
        for folder in folders
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }
    return {**rows, "files": files}
