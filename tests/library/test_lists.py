"""The lists of the library, its page to choose from, and who sees them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from oda_portal.library.models import Picture
from tests import factories
from tests.accounts.test_roles import member
from tests.doors import sign_in_staff
from tests.library.samples import ALT, a_subject, held_document, held_picture

pytestmark = pytest.mark.django_db

LIST = "admin:library_picture_changelist"


def shown(client: Client, **filters: str) -> set[Picture]:
    return set(client.get(reverse(LIST), filters).context["cl"].result_list)


@pytest.fixture
def pictures(client: Client) -> dict[str, Picture]:
    sign_in_staff(client, factories.StaffFactory())
    subject = a_subject()
    found = {
        "used": held_picture(name="부두", licence=2),
        "unused": held_picture(),
        "undescribed": held_picture(alt_zh_hans="", credit="ODA 사무소"),
    }
    found["unused"].subjects.add(subject)
    Picture.objects.filter(pk=found["undescribed"].pk).update(width=5000, bytes=6_000_000)
    factories.PhotoFactory(image=found["used"].image.name, **ALT)
    return found


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({}, {"used", "unused", "undescribed"}),
        ({"used": "yes"}, {"used"}),
        ({"used": "no"}, {"unused", "undescribed"}),
        ({"ready": "no"}, {"undescribed"}),
        ({"ready": "yes"}, {"used", "unused"}),
        ({"ready": "zh-hans"}, {"undescribed"}),
        ({"ready": "en"}, set()),
        ({"measure": "large"}, {"undescribed"}),
        ({"measure": "small"}, {"used", "unused"}),
        ({"licence__exact": "2"}, {"used"}),
        ({"q": "부두"}, {"used"}),
        ({"q": "사무소"}, {"undescribed"}),
        ({"layout": "list"}, {"used", "unused", "undescribed"}),
        ({"used": "nonsense", "layout": "other"}, {"used", "unused", "undescribed"}),
    ],
)
def test_what_the_filters_find(
    client: Client, pictures: dict[str, Picture], filters: dict[str, str], wanted: set[str]
):
    assert shown(client, **filters) == {pictures[name] for name in wanted}


def test_a_subject_finds_its_pictures(client: Client, pictures: dict[str, Picture]):
    subject = pictures["unused"].subjects.get()

    assert shown(client, subjects__id__exact=str(subject.pk)) == {pictures["unused"]}


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
@pytest.mark.parametrize("layout", ["", "list"])
def test_grid_and_list_ask_no_more_for_many(client: Client, language: str, layout: str):
    sign_in_staff(client, factories.StaffFactory())
    with translation.override(language):
        page = reverse(LIST)
    held_picture()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page, {"layout": layout} if layout else {})
        assert response.status_code == 200
        assert ("library-grid" in response.content.decode()) == (not layout)
        return len([query for query in queries if 'cache"' not in query["sql"]])

    asked()
    few = asked()
    for _number in range(12):
        factories.PhotoFactory(image=held_picture().image.name, **ALT)

    assert asked() == few
    assert few <= 12


def test_the_page_to_choose_from_shows_what_is_ready(client: Client, pictures: dict[str, Picture]):
    page = reverse("admin:library_picture_choose")

    def found(**asked: str) -> set[Picture]:
        return {row for row, _words in client.get(page, asked).context["found"]}

    assert found() == {pictures["used"], pictures["unused"]}
    assert found(q="부두") == {pictures["used"]}
    assert found(q="classroom") == found()
    assert found(subject=str(pictures["unused"].subjects.get().pk)) == {pictures["unused"]}
    assert found(subject="x' or 1", p="99999", q="가" * 500) == set()
    said = client.get(page).content.decode()
    assert f'data-library-pick="{pictures["used"].pk}"' in said
    assert '"alt_zh_hans": "\\u65b0\\u6559\\u5ba4"' in said


def test_documents_are_chosen_the_same_way(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    ready = held_document()
    held_document(title_ko="", title_en="", title_zh_hans="")

    response = client.get(reverse("admin:library_document_choose"))

    assert [row for row, _words in response.context["found"]] == [ready]


@pytest.mark.parametrize(
    ("role", "wanted"),
    [
        ("editor", [1, 1]),
        ("translator_zh_hans", [1]),
        ("translator_en", []),
        ("reviewer", []),
    ],
)
def test_the_first_page_says_what_waits_and_leads_to_it(
    client: Client, role: str, wanted: list[int]
):
    factories.OfficeFactory()
    held_picture(alt_zh_hans="")
    held_picture()
    held_document(title_ko="", title_en="", title_zh_hans="")
    sign_in_staff(client, member(role))

    page = client.get(reverse("admin:index"))

    told = [one for one in page.context["reminders"] if "/library/" in one.url]
    assert [one.count for one in told] == wanted
    for one in told:
        assert client.get(one.url).context["cl"].result_count == one.count


@pytest.mark.parametrize(
    ("role", "status"), [("editor", 200), ("translator_ko", 200), ("reviewer", 403)]
)
def test_who_may_look(client: Client, role: str, status: int):
    factories.OfficeFactory()
    picture = held_picture()
    sign_in_staff(client, member(role))

    assert client.get(reverse(LIST)).status_code == status
    assert client.get(reverse("admin:library_picture_choose")).status_code == status
    small = client.get(reverse("admin:library_picture_small", args=[picture.pk]))
    assert small.status_code == (200 if status == 200 else 404)
    assert client.get(picture.image.url).status_code == (200 if status == 200 else 404)


def test_a_stranger_sees_nothing_of_it(client: Client):
    picture = held_picture()

    for page in (
        picture.image.url,
        reverse("admin:library_picture_small", args=[picture.pk]),
        reverse("admin:library_picture_choose"),
    ):
        assert client.get(page).status_code in (302, 404)


def test_the_small_picture_is_small_and_gone_with_its_file(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    picture: Any = held_picture()
    page = reverse("admin:library_picture_small", args=[picture.pk])
    answer = client.get(page)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "private" in answer.headers["Cache-Control"]

    picture.image.storage.delete(picture.image.name)

    assert client.get(page).status_code == 404
