"""Whose data an account or an address touched: complete, masked, fast, and a look itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from oda_portal.privacy.models import AccessRecord, AccessSubject, Act
from oda_portal.privacy.touched import Window
from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, StaffFactory, UserFactory, VolunteerFactory

pytestmark = pytest.mark.django_db

PAGE = "admin:privacy_accessrecord_touched"
THIEF, WHERE = "thief@office.example", "192.0.2.7"
NOW = timezone.now().replace(second=0, microsecond=0)


@pytest.fixture
def officer(client: Client) -> User:
    OfficeFactory()
    set_up_roles()
    officer = StaffFactory(is_superuser=False)
    officer.groups.add(Group.objects.get(name="privacy_officer"))
    sign_in_staff(client, officer)
    return officer


def a_look(*people: Any, hours_ago: float = 1, account: str = THIEF, address: str = WHERE,
           act: str = Act.DETAIL, user: User | None = None) -> None:  # fmt: skip
    look = AccessRecord.objects.create(
        user=user, account=account, address=address, act=act, what="x",
        at=NOW - timedelta(hours=hours_ago),
    )  # fmt: skip
    AccessSubject.objects.bulk_create(
        AccessSubject(record=look, label=one._meta.label_lower, object_id=one.pk) for one in people
    )


def asked(**values: Any) -> str:
    def typed(hours: float) -> str:
        return f"{timezone.localtime(NOW + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"

    query = {"account": THIEF, "address": "", "begins": typed(-24), "ends": typed(1), **values}
    return f"{reverse(PAGE)}?" + "&".join(f"{name}={value}" for name, value in query.items())


def found(client: Client, **values: Any) -> dict[tuple[str, int], tuple[int, list[str]]]:
    people = client.get(asked(**values)).context["people"]
    return {(one.label, one.number): (one.times, sorted(one.acts)) for one in people}


def test_everybody_is_found_with_times_and_acts(client: Client, officer: User):
    one, other, elsewhere, before = (UserFactory() for _number in range(4))
    volunteer = VolunteerFactory()
    a_look(one, other, volunteer, act=Act.LIST, hours_ago=3)
    a_look(one, act=Act.FILE, hours_ago=2)
    a_look(elsewhere, account="somebody@office.example", address="198.51.100.1")
    a_look(before, hours_ago=25)

    assert found(client) == {
        ("accounts.user", one.pk): (2, ["file", "list"]),
        ("accounts.user", other.pk): (1, ["list"]),
        ("volunteers.volunteer", volunteer.pk): (1, ["list"]),
    }
    shown = client.get(asked()).context["people"][0]
    assert (shown.first, shown.last) == (NOW - timedelta(hours=3), NOW - timedelta(hours=2))


def test_by_address_and_by_an_account_that_was_renamed_since(client: Client, officer: User):
    person, other = UserFactory(), UserFactory()
    renamed = StaffFactory(email="new@office.example")
    a_look(person, account="old@office.example", user=renamed, address="203.0.113.5")
    a_look(other, account="old@office.example", address="203.0.113.6")

    assert list(found(client, account="NEW@office.example")) == [("accounts.user", person.pk)]
    assert len(found(client, account="old@office.example")) == 2
    assert len(found(client, account="Old@Office.example")) == 2
    assert list(found(client, account="", address="203.0.113.6")) == [("accounts.user", other.pk)]
    assert found(client, account="old@office.example", address="198.51.100.9") == {}


def test_where_nobody_was_touched_the_page_says_so_and_keeps_the_clock(
    client: Client, officer: User
):
    a_look(UserFactory())

    page = client.get(asked(account="nobody@office.example", known_at="2020-01-01T00:00"))

    assert page.context["people"] == []
    said = page.content.decode()
    assert 'id="found-head"' in said
    assert 'class="clock' in said


def test_names_wait_for_a_reason_and_every_page_is_a_look(client: Client, officer: User):
    person = VolunteerFactory(name="홍길동")
    User.objects.filter(pk=person.user_id).update(email="hong@example.net")
    a_look(person)

    masked = client.get(asked()).content.decode()
    assert "홍길동" not in masked
    assert "hong@example.net" not in masked
    look = AccessRecord.objects.latest("pk")
    assert (look.act, look.reason, look.account) == ("list", "", officer.email)
    assert list(look.subjects.values_list("label", "object_id")) == [
        ("volunteers.volunteer", person.pk)
    ]
    answer = client.post(asked(), {"reason": "유출 신고"})
    shown = client.get(answer.url).content.decode()

    assert "홍길동" in shown
    assert AccessRecord.objects.latest("pk").reason == "유출 신고"
    # Another question wants another reason.
    assert "홍길동" not in client.get(asked(address=WHERE)).content.decode()
    client.post(asked(), {"mask": "yes"})
    assert "홍길동" not in client.get(asked()).content.decode()


def test_without_a_reason_there_is_neither_a_name_nor_a_file(client: Client, officer: User):
    a_look(UserFactory(name="홍길동"))

    for data in ({"reason": " "}, {"reason": "", "export": "yes"}):
        answer = client.post(asked(), data)
        assert answer.status_code == 302
    assert "홍길동" not in client.get(asked()).content.decode()
    assert not AccessRecord.objects.filter(act=Act.EXPORT).exists()


def test_the_file_has_everybody_and_is_recorded_with_its_reason(client: Client, officer: User):
    people = [UserFactory(name=f"=사람{number}") for number in range(3)]
    a_look(*people)
    gone = UserFactory()
    a_look(gone)
    number = gone.pk
    gone.delete()

    answer = client.post(asked(), {"reason": "감독기관 신고", "export": "yes"})
    sheet = b"".join(answer.streaming_content).decode()

    for person in people:
        assert f"'=사람{people.index(person)}" in sheet
        assert person.email in sheet
    assert f"accounts.user,{number}," in sheet
    look = AccessRecord.objects.get(act=Act.EXPORT)
    assert (look.reason, look.subjects.count()) == ("감독기관 신고", 4)


def test_the_clock_counts_seventy_two_hours_from_what_was_known(client: Client, officer: User):
    a_look(UserFactory())

    def clock(hours_ago: float) -> dict[str, Any]:
        known = timezone.localtime(timezone.now() - timedelta(hours=hours_ago))
        return client.get(asked(known_at=f"{known:%Y-%m-%dT%H:%M}")).context["clock"]

    assert (clock(1)["hours"], clock(1)["is_soon"]) == (70, False)
    assert (clock(60)["is_soon"], clock(60)["is_over"]) == (True, False)
    assert clock(73)["is_over"]
    assert client.get(asked()).context["clock"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": "", "address": ""},
        {"address": "not an address"},
        {"begins": "tomorrow"},
        {"begins": "2026-11-20T10:00", "ends": "2026-11-19T10:00"},
        {"ends": ""},
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_question_is_named_and_shows_nobody(
    client: Client, officer: User, wrong: dict[str, str], method: str
):
    a_look(UserFactory(name="홍길동"))

    answer = getattr(client, method)(asked(**wrong), {"reason": "x"} if method == "post" else None)

    assert answer.context["form"].errors
    assert "people" not in answer.context
    assert "홍길동" not in answer.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01T00:00", "9999-12-31T23:59"])
@pytest.mark.parametrize("field", ["begins", "ends", "known_at"])
def test_a_day_at_the_end_of_time_is_named_or_shown(
    client: Client, officer: User, field: str, day: str
):
    a_look(UserFactory())

    answer = client.get(asked(**{field: day}))

    errors = answer.context["form"].errors
    assert set(errors) <= {"begins", "ends", "known_at"}
    assert bool(errors) != ("people" in answer.context)


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_form_alone_opens_in_each_language(client: Client, officer: User, language: str):
    with translation.override(language):
        page = reverse(PAGE)

    answer = client.get(page)

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()
    assert not AccessRecord.objects.exists()


@pytest.mark.thorough
def test_it_asks_as_much_for_many_as_for_one(client: Client, officer: User, uncached_queries):
    a_look(UserFactory())
    one = uncached_queries(client, asked())
    for _number in range(30):
        a_look(*(UserFactory() for _other in range(3)))

    assert uncached_queries(client, asked()) == one


def test_the_kinds_add_up_to_everybody():
    a_look(UserFactory(), UserFactory(), VolunteerFactory())
    window = Window(THIEF, "", NOW - timedelta(days=1), NOW)

    assert window.kinds() == [("accounts.user", 2), ("volunteers.volunteer", 1)]
    assert window.people().count() == 3
