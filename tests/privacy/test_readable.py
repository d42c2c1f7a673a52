"""What a person downloads can be read without knowing what JSON is, in their language."""

from __future__ import annotations

import json
import zipfile

import pytest
from django.test import Client
from lxml import html

from oda_portal.privacy import archive
from tests.factories import UserFactory
from tests.privacy.everything import EMAIL, NAME, PASSPORT, PHONE, everything

pytestmark = pytest.mark.django_db
TITLES = {"ko": "내 개인정보", "en": "My data", "zh-hans": "我的个人信息"}


def parts_of(user) -> tuple[dict, html.HtmlElement, list[str]]:
    with zipfile.ZipFile(archive.archive_of(user)) as opened:
        page = html.fromstring(opened.read("index.html"))
        return json.loads(opened.read("data.json")), page, opened.namelist()


def leaves(value) -> list[str]:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in leaves(part)]
    return [value] if isinstance(value, str) and value else []


@pytest.mark.parametrize("language", list(TITLES))
def test_the_page_says_what_the_data_say_in_the_persons_language(client: Client, language: str):
    user = everything(client)
    user.preferred_language = language
    user.save()

    data, page, names = parts_of(user)

    words = page.text_content()
    assert page.get("lang") == {"zh-hans": "zh-Hans"}.get(language, language)
    assert TITLES[language] in page.findtext(".//h1")
    assert all(word in words for word in (EMAIL, NAME, PHONE, PASSPORT))
    own = [leaf for leaf in leaves(data) if "나래" in leaf]
    assert own
    assert [leaf for leaf in own if leaf not in words] == []
    links = [link.get("href") for link in page.findall(".//ul/li/a")]
    assert len(links) == len([name for name in names if name.startswith("files/")])


def test_what_somebody_typed_is_text_and_no_page():
    user = UserFactory(name="<script>alert(1)</script>")

    _data, page, _names = parts_of(user)

    assert page.findall(".//script") == []
    assert "<script>alert(1)</script>" in page.text_content()
