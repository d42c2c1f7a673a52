"""A word beside every field of the back office, in the editor's language."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml
from django.apps import apps
from django.contrib import admin
from django.forms import Field
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from oda_portal.publishing import helping
from tests import factories
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db

FILES = sorted(helping.FOLDER.glob("*.yaml"))
LETTERS = {"ko": "[가-힣]", "en": "[a-z]", "zh-hans": "[\u4e00-\u9fff]"}


def a_superuser() -> HttpRequest:
    request = RequestFactory().get("/admin/")
    request.user = factories.StaffFactory()
    request.session = {}
    return request


def fields_of_forms(request: HttpRequest) -> Iterator[tuple[str, Field]]:
    """Every field that somebody may fill in, in the forms of records and of their inlines."""
    for model, model_admin in admin.site._registry.items():
        if not (
            model_admin.has_add_permission(request) or model_admin.has_change_permission(request)
        ):
            continue
        forms = [(model, model_admin.get_form(request))]
        for inline in model_admin.get_inline_instances(request):
            forms.append((inline.model, inline.get_formset(request).form))
        for of, form in forms:
            for name, field in form.base_fields.items():
                if not field.widget.is_hidden:
                    yield f"{of._meta.label}.{name}", field


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_every_field_says_what_belongs_into_it(language: str):
    request = a_superuser()
    with translation.override(language):
        silent = [name for name, field in fields_of_forms(request) if not str(field.help_text)]

    assert silent == []


def test_help_is_in_the_language_of_the_editor(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    for language, texts in helping._texts("programs")["program.title"].items():
        with translation.override(language):
            page = reverse("admin:programs_program_add")
        assert texts in client.get(page).content.decode()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_help_is_complete_and_about_fields_that_are_there(file):
    names = set()
    if file.stem == helping.COMMON:
        names = {field.name for model in apps.get_models() for field in model._meta.get_fields()}
    else:
        for model in apps.get_app_config(file.stem).get_models():
            names |= {
                f"{model._meta.model_name}.{field.name}" for field in model._meta.get_fields()
            }

    texts = yaml.safe_load(file.read_text(encoding="utf-8"))

    assert set(texts) <= names
    for name, said in texts.items():
        assert set(said) == set(LETTERS), name
        for language, letters in LETTERS.items():
            assert re.search(letters, said[language]), (name, language)
