"""Badges and the list for the door: all names, on their labels, each with a reason."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from forums.doors import badges
from forums.models import Forum, Registration
from oda_portal.accounts.models import User
from oda_portal.privacy.models import AccessRecord
from tests.doors import sign_in_staff
from tests.factories import RegistrationFactory, StaffFactory
from tests.forums.test_check_in import edition, with_place

pytestmark = pytest.mark.django_db

NAMES = {
    "ko": ("김하늘", "남궁선우", "뷁똠햏"),
    "en": ("Nguyễn Thị Minh Khai", "Бат-Эрдэнэ Ганбаатар", "Wolfeschlegelsteinhausenbergerdorff"),
    "zh-hans": ("王小明", "欧阳娜娜", "龘靐齉"),
}


@pytest.fixture
def staff(client: Client) -> User:
    person = StaffFactory()
    sign_in_staff(client, person)
    return person


def paper(forum: Forum) -> str:
    return reverse("forums:check_in_print", args=[forum.slug])


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def named(name: str, **fields: object) -> Registration:
    values = {"name": name, "number": "K7QMF4XW", "language": "ko", "size": 1, **fields}
    return Registration(**values)


@pytest.mark.parametrize("language", NAMES)
def test_names_in_every_script_stand_on_their_badges(language: str):
    rows = [named(name, language=language) for name in NAMES[language]]

    (page,) = pages_of(badges.badges_of(edition(), rows))

    whole = page.replace("\n", "").replace(" ", "")
    for name in NAMES[language]:
        assert name.replace(" ", "") in whole
    assert page.count("K7QMF4XW") == 3


def test_ten_fit_on_a_sheet_and_each_of_a_party_has_one():
    rows = [named(f"김하늘{n}", size=5) for n in range(4)]

    pages = pages_of(badges.badges_of(edition(), rows))

    assert len(pages) == 2
    assert sum(page.count("K7QMF4XW") for page in pages) == 20


@pytest.mark.parametrize("name", ["가" * 80, "W" * 80, "王" * 80, "W " * 40, "ß" * 79 + "한"])
def test_the_longest_name_needs_no_second_sheet(name: str):
    rows = [named(name, affiliation=name + name[:40]) for _one in range(10)]

    assert len(pages_of(badges.badges_of(edition(), rows))) == 1


def test_who_is_written_in_signs_that_no_font_has_gets_a_line_to_write_on():
    rows = [named("សុខ សុភា"), named("김하늘"), named("သန့်ဇင်")]

    (page,) = pages_of(badges.badges_of(edition(), rows))

    assert "김하늘" in page
    assert page.count("K7QMF4XW") == 3


def test_markup_in_a_name_is_only_text():
    (page,) = pages_of(badges.badges_of(edition(), [named('#eval("1") $x$ @a <b>')]))

    assert '#eval("1")' in page


# --- the page ------------------------------------------------------------------------------------


def test_check_in_print_asks_for_a_reason_and_records_whose_names_left(client: Client, staff: User):
    forum = edition()
    inside = [with_place(forum, name="김하늘"), with_place(forum, name="이바다", size=2)]
    RegistrationFactory(forum=forum, name="최구름")  # has no place
    act = {"sheet": "badges", "whom": "all", "part": 0, "reason": ""}

    assert client.post(paper(forum), act).status_code == 422
    assert not AccessRecord.objects.exists()

    made = client.post(paper(forum), {**act, "reason": "명찰 출력"})

    assert made.headers["Content-Type"] == "application/pdf"
    assert "no-store" in made.headers["Cache-Control"]
    (page,) = pages_of(made.content)
    assert "최구름" not in page
    record = AccessRecord.objects.get()
    assert (record.act, record.reason) == ("print", "명찰 출력")
    assert set(record.subjects.values_list("object_id", flat=True)) == {one.pk for one in inside}


@pytest.mark.parametrize(
    ("prefix", "heading"), [("", "김하늘"), ("/en", "김하늘"), ("/zh-hans", "김하늘")]
)
def test_the_list_for_the_door_leaves_out_who_is_in(
    client: Client, staff: User, prefix: str, heading: str
):
    forum = edition()
    with_place(forum, name=heading)
    Registration.objects.filter(pk=with_place(forum, name="이바다").pk).update(
        arrived=1, arrived_at="2026-11-20T01:00Z"
    )
    act = {"sheet": "list", "whom": "out", "part": 0, "reason": "현장 확인"}

    page = client.post(prefix + paper(forum), act).content.decode()

    assert heading in page
    assert "이바다" not in page


def test_an_edition_with_nobody_says_so(client: Client, staff: User):
    act = {"sheet": "list", "whom": "all", "part": 0, "reason": "현장 확인"}

    page = client.post("/en" + paper(edition()), act)

    assert page.status_code == 422
    assert "There is nobody to print." in page.content.decode()


def test_many_badges_come_in_parts(client: Client, staff: User, monkeypatch):
    monkeypatch.setattr(badges, "AT_ONCE", 2)
    forum = edition()
    for name in ("가나다", "라마바", "사아자"):
        with_place(forum, name=name)
    act = {"sheet": "badges", "whom": "all", "reason": "명찰 출력"}

    first = client.post(paper(forum), {**act, "part": 0})
    second = client.post(paper(forum), {**act, "part": 1})

    assert "라마바" in pages_of(first.content)[0]
    assert "사아자" not in pages_of(first.content)[0]
    assert "사아자" in pages_of(second.content)[0]
    assert client.post(paper(forum), {**act, "part": 2}).status_code == 422
