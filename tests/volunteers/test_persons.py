"""One person with two records: found, compared, joined, taken apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from oda_portal.audit.models import Transition
from oda_portal.privacy.models import AccessRecord
from tests.admin.forms import filled
from tests.factories import ApplicationFactory, CallFactory, OpeningFactory, StaffFactory
from tests.volunteers.rounds import applicant
from tests.volunteers.staff import looks, page_of, said, signed_in_as
from volunteers import persons
from volunteers.models import Application, Volunteer

pytestmark = pytest.mark.django_db

BORN = date(1999, 3, 7)


def somebody(name: str = "홍길동", roman: str = "HONG GILDONG", **fields: Any) -> Volunteer:
    """Who handed in one application."""
    opening = fields.pop("opening", None) or OpeningFactory(call=CallFactory())
    volunteer = applicant(opening).volunteer
    values = {"name": name, "name_roman": roman, "born_on": BORN, "mobile": "", **fields}
    for field, value in values.items():
        setattr(volunteer, field, value)
    volunteer.save()
    return volunteer


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, True),
        ({"name": "홍 길동", "roman": "Gildong Hong"}, True),
        ({"name": "Hong", "roman": "hong gildong"}, True),
        ({"name": "김철수", "roman": "KIM CHULSOO"}, False),
        ({"born_on": date(1999, 3, 8)}, False),
        ({"born_on": None}, False),
        ({"name": "길동이", "roman": "G H", "mobile": "+82 10-1234-5678"}, True),
        ({"name": "길동이", "roman": "G H", "mobile": "010-9999-5678"}, False),
    ],
)
def test_who_is_alike_is_found(other: dict[str, Any], found: bool):
    volunteer = somebody(mobile="010-1234-5678")
    second = somebody(**other)

    assert persons.possible_duplicates(volunteer) == ([second] if found else [])


def test_whoever_only_has_a_draft_is_known_to_nobody():
    volunteer, second = somebody(), somebody()
    second.applications.update(state="draft", receipt=None, sent_at=None)

    assert persons.possible_duplicates(volunteer) == []


def test_an_unsent_draft_beside_what_was_handed_in_hides_nobody():
    volunteer, second = somebody(), somebody()
    ApplicationFactory(call=CallFactory(), volunteer=second)

    assert persons.possible_duplicates(volunteer) == [second]


def test_joined_they_are_read_as_one_and_nothing_is_moved():
    volunteer, second, third = somebody(), somebody(), somebody()
    staff = StaffFactory()

    assert persons.join(second, volunteer, by=staff, reason="같은 사람")
    assert not persons.join(second, volunteer, by=staff, reason="again")
    assert persons.join(volunteer, third, by=staff, reason="또 같은 사람")

    for row in (volunteer, second, third):
        row.refresh_from_db()
        assert set(persons.all_of(row)) == {volunteer, second, third}
    assert persons.all_of(second).first() == third
    assert [row.applications.count() for row in (volunteer, second, third)] == [1, 1, 1]
    assert persons.applications_of(second).count() == 3
    assert Transition.objects.filter(field="same person as").count() == 2
    assert not Application.objects.visible_to(volunteer.user).filter(volunteer=second).exists()


def test_join_in_both_directions_at_the_same_time_makes_no_ring():
    volunteer, second = somebody(), somebody()
    staff = StaffFactory()

    persons.join(second, volunteer, by=staff, reason="x")
    persons.join(volunteer, second, by=staff, reason="x")

    rows = Volunteer.objects.filter(pk__in=(volunteer.pk, second.pk), merged_into=None)
    assert list(rows) == [volunteer]


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_staff_compare_join_and_take_apart(client: Client, language: str):
    opening = OpeningFactory(call=CallFactory())
    volunteer, second = somebody(opening=opening), somebody(opening=opening)
    staff = signed_in_as(client, "volunteer_coordinator")
    listing = page_of("volunteer_changelist", language=language)
    assert client.get(f"{listing}?twice=yes").context["cl"].result_count == 2
    person = page_of("volunteer_change", volunteer.pk, language=language)
    assert client.get(person).context["alike"] == [second]
    url = page_of("volunteer_join", volunteer.pk, second.pk, language=language)
    asked = client.get(url)
    assert client.post(asked.url, {"reason": "같은 사람인지 확인"}).url == url
    page = client.get(url)
    assert len(page.context["twice"]) == 1

    refused = client.post(url, filled(page, reason=""))
    assert set(refused.context["form"].errors) == {"reason"}
    client.post(url, filled(page, reason="같은 사람"))

    second.refresh_from_db()
    assert second.merged_into == volunteer
    assert looks("edit")[-1][0] == "volunteers.volunteer join"
    assert Transition.objects.get(field="same person as").by == staff
    assert client.get(listing).context["cl"].result_count == 1
    shown = client.get(page_of("volunteer_change", second.pk, language=language), follow=True)
    assert shown.context["original"] == volunteer
    assert shown.context["applications"].count() == 2
    url = page_of("volunteer_separate", volunteer.pk, second.pk, language=language)
    client.post(url, filled(client.get(url), reason="착오"))
    second.refresh_from_db()
    assert second.merged_into is None


def test_the_page_of_a_person_is_a_look_at_whoever_it_names(client: Client):
    volunteer, joined, alike = somebody(), somebody(), somebody(born_on=BORN)
    persons.join(joined, volunteer, by=StaffFactory(), reason="같은 사람")
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(page_of("volunteer_change", volunteer.pk))

    assert (page.context["joined"], page.context["alike"]) == ([joined], [alike])
    [(what, whose)] = looks("detail")
    assert what == "volunteers.volunteer"
    assert sorted(whose) == sorted(
        name
        for row in (volunteer, joined, alike)
        for name in (f"volunteers.volunteer {row.pk}", f"accounts.user {row.user_id}")
    )


def test_both_are_shown_for_a_reason_alone_which_stands_in_the_log(client: Client):
    volunteer, second = somebody(), somebody(mobile="+82 10-5555-7701")
    signed_in_as(client, "volunteer_coordinator")
    url = page_of("volunteer_join", volunteer.pk, second.pk)

    asked = client.post(url, {"reason": ""})  # without having seen the page

    assert asked.url.startswith(page_of("volunteer_reveal", volunteer.pk))
    assert looks("detail") == []
    client.post(asked.url, {"reason": "같은 사람인지 확인"})
    assert "5555-7701" in client.post(url, {"reason": ""}).content.decode()
    reasons = AccessRecord.objects.filter(act="detail").values_list("reason", flat=True)
    assert list(reasons) == ["같은 사람인지 확인"] * 2


def test_taking_apart_shows_no_address_and_is_a_look_at_both(client: Client):
    volunteer, second = somebody(), somebody()
    persons.join(second, volunteer, by=StaffFactory(), reason="같은 사람")
    signed_in_as(client, "volunteer_coordinator")

    page = client.get(page_of("volunteer_separate", volunteer.pk, second.pk)).content.decode()

    assert second.user.email not in page
    assert "••••@" in page
    assert f"volunteers.volunteer {second.pk}" in [
        who for _w, whose in looks("detail") for who in whose
    ]


@pytest.mark.parametrize("role", ["reviewer", "editor", "privacy_officer"])
def test_nobody_else_joins(client: Client, role: str):
    volunteer, second = somebody(), somebody()
    signed_in_as(client, role)

    response = client.post(page_of("volunteer_join", volunteer.pk, second.pk), {"reason": "x"})

    assert response.status_code in (403, 404)
    second.refresh_from_db()
    assert second.merged_into is None


def test_pages_about_people_who_are_not_alike_lead_back(client: Client):
    volunteer, other = somebody(), somebody(name="김철수", roman="KIM")
    signed_in_as(client, "volunteer_coordinator")

    response = client.post(
        page_of("volunteer_join", volunteer.pk, other.pk), {"reason": "x"}, follow=True
    )

    assert said(response) == []
    other.refresh_from_db()
    assert other.merged_into is None
