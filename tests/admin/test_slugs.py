"""Addresses made from titles."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from oda_portal.pages.models import Page
from oda_portal.publishing.slugs import free_slug, romanised, speaking
from programs.models import Program
from tests import factories
from tests.admin.forms import filled
from tests.doors import sign_in_staff

# Examples of the official rules, and words of the portal.
WORDS = {
    "부산": "busan", "구미": "gumi", "백암": "baegam", "옥천": "okcheon", "합덕": "hapdeok",
    "월곶": "wolgot", "벚꽃": "beotkkot", "한밭": "hanbat", "칠곡": "chilgok", "울릉": "ulleung",
    "대관령": "daegwallyeong", "백마": "baengma", "종로": "jongno", "왕십리": "wangsimni",
    "별내": "byeollae", "신라": "silla", "해돋이": "haedoji", "같이": "gachi", "좋고": "joko",
    "놓다": "nota", "묵호": "mukho", "집현전": "jiphyeonjeon", "압구정": "apgujeong",
    "독립문": "dongnimmun", "값이": "gapsi", "많이": "mani", "닭": "dak", "앉아": "anja",
    "개발협력": "gaebalhyeomnyeok", "해외봉사단": "haeoebongsadan",
}  # fmt: skip


@pytest.mark.parametrize(("hangul", "latin"), WORDS.items())
def test_romanised_follows_the_official_rules(hangul: str, latin: str):
    assert romanised(hangul) == latin


def test_romanised_leaves_everything_else_alone():
    assert romanised("2024 부산 ODA 포럼!") == "2024 busan ODA poreom!"


@pytest.mark.parametrize(
    ("texts", "slug"),
    [
        (["Port Training", "항만 연수"], "port-training"),
        (["", "항만 연수"], "hangman-yeonsu"),
        ([None, "中文", "…"], "program"),
        (["one two three four"], "one-two-three"),
        (["a" * 30], "a" * 16),
    ],
)
def test_speaking_takes_the_first_text_that_gives_something(texts: list, slug: str):
    assert speaking(texts, otherwise="program", length=16) == slug


@pytest.mark.django_db
def test_free_slug_counts_on_where_a_slug_is_taken():
    factories.ProgramFactory(code="port-training")
    factories.ProgramFactory(code="port-training-2")

    assert free_slug(Program, "code", ["Port training"]) == "port-training-3"
    assert free_slug(Program, "code", ["Map"], taken={"map"}) == "map-2"


@pytest.mark.django_db
def test_code_of_a_programme_never_changes(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    program = factories.ProgramFactory(code="first-code", status="draft")
    page = reverse("admin:programs_program_change", args=[program.pk])

    client.post(page, filled(client.get(page), code="second-code"))

    program.refresh_from_db()
    assert program.code == "first-code"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "slug"), [("draft", "new"), ("published", "old"), ("withdrawn", "old")]
)
def test_slug_of_a_page_stays_once_it_was_published(client: Client, status: str, slug: str):
    sign_in_staff(client, factories.StaffFactory())
    page = factories.PageFactory(slug="old", status=status)
    address = reverse("admin:pages_page_change", args=[page.pk])

    client.post(address, filled(client.get(address), slug="new"))

    assert Page.objects.get().slug == slug


@pytest.mark.django_db
def test_a_reserved_code_is_refused_and_never_made(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    add = reverse("admin:programs_program_add")
    texts = {
        "title_ko": "지도",
        "title_en": "Map",
        "summary_ko": "요약",
        "kind": "forum",
        "arrangement": "own",
    }

    refused = client.post(add, filled(client.get(add), code="map", **texts))
    assert "code" in refused.context["adminform"].form.errors
    client.post(add, filled(client.get(add), code="", **texts))

    assert Program.objects.get().code == "map-2"
