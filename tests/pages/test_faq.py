"""The page of questions and answers."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import FaqFactory, OfficeFactory

pytestmark = pytest.mark.django_db


def test_questions_stand_under_their_topics_in_order(client: Client):
    OfficeFactory()
    FaqFactory(topic="site", question_en="Site first?", position=1)
    FaqFactory(topic="volunteering", question_en="Volunteer second?", position=2)
    FaqFactory(topic="volunteering", question_en="Volunteer first?", position=1)

    page = client.get("/en/faq/").content.decode()

    found = re.findall(r"<h2 id=\"(\w+)\">|<summary[^>]*>([^<]+)<", page)
    words = [topic or question for topic, question in found]
    start = words.index("volunteering")
    assert words[start : start + 5] == [
        "volunteering", "Volunteer first?", "Volunteer second?", "site", "Site first?",
    ]  # fmt: skip


def test_each_answer_has_an_anchor_inside_its_fold_that_links_lead_to(client: Client):
    """Browsers open a fold for an anchor within it, not for one on it."""
    OfficeFactory()
    faq = FaqFactory(slug="who-can-apply")

    page = client.get("/en/faq/").content.decode()

    fold = re.search(r"<details class=\"fold\".*?</details>", page, re.DOTALL)[0]
    assert 'id="who-can-apply"' in fold.split("</summary>")[1]
    assert 'href="#who-can-apply"' in fold
    assert faq.get_absolute_url() == "/faq/#who-can-apply"


def test_a_question_without_a_translation_is_shown_in_its_language(client: Client):
    OfficeFactory()
    FaqFactory(question_ko="한국어뿐?", question_en="", question_zh_hans="")

    page = client.get("/en/faq/").content.decode()

    assert '<span lang="ko">한국어뿐?</span>' in page


def test_the_page_asks_the_same_with_one_and_with_fifty(client: Client, uncached_queries):
    OfficeFactory()
    FaqFactory()
    with_one = uncached_queries(client, "/en/faq/")
    FaqFactory.create_batch(49)

    assert uncached_queries(client, "/en/faq/") == with_one <= 3


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_every_page_leads_to_the_questions_and_to_the_form(client: Client, prefix: str):
    OfficeFactory()

    for path in ("/", "/faq/", "/nowhere/"):
        page = client.get(prefix + path).content.decode()
        assert f'href="{prefix}/contact/"' in page
        assert f'href="{prefix}/faq/"' in page
