"""At the door: by number, by the QR code’s address, by name; parts of a party; undoing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forums.doors import acts
from forums.doors.qr import qr_address, qr_svg
from forums.models import Arrival, Forum, Need, Registration
from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from oda_portal.audit.models import Transition
from oda_portal.privacy.models import AccessRecord
from oda_portal.seats.actions import release, take
from oda_portal.seats.waiting import wait
from tests.doors import sign_in_staff
from tests.factories import (
    ForumFactory,
    PoolFactory,
    ProgramFactory,
    RegistrationFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def edition(days: int = 0, **fields: Any) -> Forum:
    """An edition that is on today, or was or will be `days` from now."""
    day = timezone.localdate() + timedelta(days=days)
    program = ProgramFactory(
        kind="forum", modality="", starts_on=day, ends_on=day, title_ko="제6차 포럼",
        title_en="The 6th Forum", title_zh_hans="第6届论坛",
    )  # fmt: skip
    return ForumFactory(program=program, pool=PoolFactory(capacity=100), **fields)


def with_place(forum: Forum, **fields: Any) -> Registration:
    registration = RegistrationFactory(forum=forum, **fields)
    assert take(forum.pool, registration, size=registration.size)
    return registration


def manager() -> User:
    set_up_roles()
    person = StaffFactory(is_superuser=False)
    person.groups.add(Group.objects.get(name="forum_manager"))
    return person


@pytest.fixture
def staff(client: Client) -> User:
    person = manager()
    sign_in_staff(client, person)
    return person


def door(forum: Forum) -> str:
    return reverse("forums:check_in_door", args=[forum.slug])


def ticket(registration: Registration) -> str:
    return reverse("forums:check_in_ticket", args=[registration.forum.slug, registration.number])


def typed(number: str, **more: object) -> dict[str, object]:
    return {"number": number, "key": uuid4().hex, **more}


# --- the QR code ---------------------------------------------------------------------------------


def test_the_qr_code_holds_the_address_of_the_ticket(settings):
    registration = with_place(edition())

    assert qr_address(registration) == f"{settings.SITE_URL}{ticket(registration)}"
    assert qr_svg(registration).startswith("<svg")
    assert "style=" not in qr_svg(registration)


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_whoever_is_no_staff_is_told_what_the_code_is_for_and_nothing_of_anybody(
    client: Client, prefix: str
):
    registration = with_place(edition(), name="김하늘", affiliation="부산대학교")
    invented = reverse("forums:check_in_ticket", args=["nowhere", "22222222"])

    shown = client.get(prefix + ticket(registration))
    same = client.get(prefix + invented)

    assert shown.status_code == same.status_code == 200
    page, other = shown.content.decode(), same.content.decode()
    assert "김하늘" not in page
    assert "부산대학교" not in page
    here, there = ticket(registration), invented
    assert page.replace(here, there) == other
    assert not AccessRecord.objects.exists()


def test_a_citizen_who_is_signed_in_sees_the_same_and_cannot_check_in(client: Client):
    registration = with_place(edition(), name="김하늘")
    client.force_login(UserFactory())

    page = client.post(ticket(registration), {"people": 1, "key": uuid4().hex})

    assert "김하늘" not in page.content.decode()
    registration.refresh_from_db()
    assert registration.arrived == 0


def test_staff_without_the_permission_are_told_the_same_and_the_door_is_unknown(client: Client):
    registration = with_place(edition(), name="김하늘")
    sign_in_staff(client, StaffFactory(is_superuser=False))

    assert "김하늘" not in client.get(ticket(registration)).content.decode()
    assert client.get(door(registration.forum)).status_code == 404


def test_staff_without_the_second_step_are_asked_for_it(client: Client):
    registration = with_place(edition())
    client.force_login(manager())

    answer = client.get(ticket(registration))

    assert answer.status_code == 302
    assert "next=" in answer.url


# --- coming in -----------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_check_in_ticket_shows_who_it_is_and_lets_them_in(client: Client, staff: User, prefix: str):
    registration = with_place(edition(), name="김하늘", size=1)
    Need.objects.create(registration=registration, text="휠체어 자리")

    page = client.get(prefix + ticket(registration)).content.decode()
    assert "김하늘" in page
    assert "휠체어 자리" in page
    registration.refresh_from_db()
    assert registration.arrived == 0

    client.post(prefix + ticket(registration), {"people": 1, "key": uuid4().hex})

    registration.refresh_from_db()
    assert registration.arrived == 1
    assert registration.arrived_at
    assert Transition.objects.get(field="people in").to_state == "1"
    acts_of_looks = set(AccessRecord.objects.values_list("act", flat=True))
    assert acts_of_looks == {"detail", "edit"}


def test_a_typed_number_is_read_however_it_is_written(client: Client, staff: User):
    registration = with_place(edition())
    number = f" {registration.number[:4].lower()}-{registration.number[4:]} "

    answer = client.post(door(registration.forum), typed(number))

    assert answer.status_code == 302
    registration.refresh_from_db()
    assert registration.arrived == 1


def test_a_ticket_in_small_letters_leads_to_its_address(client: Client, staff: User):
    registration = with_place(edition())
    small = ticket(registration).replace(registration.number, registration.number.lower())

    assert client.get(small).url == ticket(registration)


def test_twice_is_once_and_says_when_it_was(client: Client, staff: User):
    registration = with_place(edition())
    client.post(door(registration.forum), typed(registration.number))
    registration.refresh_from_db()
    came_at = timezone.localtime(registration.arrived_at).strftime("%H:%M")

    page = client.post(door(registration.forum), typed(registration.number), follow=True)

    assert came_at in page.content.decode()
    assert Arrival.objects.count() == 1
    assert Transition.objects.filter(field="people in").count() == 1


def test_the_same_act_sent_again_counts_once_although_some_are_still_expected(
    client: Client, staff: User
):
    registration = with_place(edition(), size=5)
    act = typed(registration.number, people=2)

    for _turn in range(3):
        client.post(door(registration.forum), act)

    registration.refresh_from_db()
    assert registration.arrived == 2


def test_a_party_arrives_in_parts_and_never_more_than_there_are(client: Client, staff: User):
    registration = with_place(edition(), size=3)
    client.post(door(registration.forum), typed(registration.number, people=2))

    too_many = client.post(door(registration.forum), typed(registration.number, people=2))
    assert too_many.status_code == 422
    registration.refresh_from_db()
    assert registration.arrived == 2

    client.post(door(registration.forum), typed(registration.number))
    registration.refresh_from_db()
    assert registration.arrived == 3
    assert [arrival.people for arrival in Arrival.objects.order_by("pk")] == [2, 1]


def test_what_a_browser_kept_is_noted_for_when_they_came(client: Client, staff: User):
    registration = with_place(edition())

    client.post(door(registration.forum), typed(registration.number, kept=60))

    registration.refresh_from_db()
    late = timezone.now() - registration.arrived_at
    assert timedelta(seconds=59) < late < timedelta(seconds=90)


def test_the_page_s_script_gets_the_answer_and_the_count(client: Client, staff: User):
    forum = edition()
    registration = with_place(forum, name="김하늘")
    with_place(forum, size=4)
    by_script = {"X-Requested-With": "check-in"}

    answer = client.post(door(forum), typed(registration.number), headers=by_script)

    said = answer.json()
    assert answer.status_code == 200
    assert (said["state"], said["arrived"], said["expected"]) == ("in", 1, 5)
    assert "김하늘" in said["said"]
    counted = client.get(reverse("forums:check_in_count", args=[forum.slug])).json()
    assert counted == {"arrived": 1, "expected": 5}


# --- who may not come in -------------------------------------------------------------------------


def refused(client: Client, forum: Forum, number: str) -> str:
    answer = client.post(
        "/en" + door(forum), typed(number), headers={"X-Requested-With": "check-in"}
    )
    assert answer.status_code == 422
    assert answer.json()["state"] == "refused"
    assert not Arrival.objects.exists()
    return answer.json()["said"]


def test_a_forged_number_is_unknown_on_both_pages(client: Client, staff: User):
    forum = edition()

    assert "no registration with this number" in refused(client, forum, "22222222")
    assert "eight letters" in refused(client, forum, "' OR 1=1")
    for number in ("22222222", "x"):
        address = reverse("forums:check_in_ticket", args=[forum.slug, number])
        assert client.get(address).status_code == 404


def test_a_ticket_of_another_edition_says_which_and_names_nobody(client: Client, staff: User):
    other = with_place(edition(), name="김하늘")
    forum = edition()

    assert "another event: The 6th Forum" in refused(client, forum, other.number)
    address = reverse("forums:check_in_ticket", args=[forum.slug, other.number])
    page = client.get(address)
    assert page.status_code == 404
    assert "김하늘" not in page.content.decode()
    assert ticket(other) in page.content.decode()


def test_who_cancelled_waits_or_has_not_confirmed_stays_outside(client: Client, staff: User):
    forum = edition()
    forum.pool.capacity = 1
    forum.pool.save()
    cancelled = with_place(forum)
    release(forum.pool, cancelled)
    assert cancelled.cancel(by=None)
    with_place(forum)
    waiting = RegistrationFactory(forum=forum)
    wait(forum.pool, waiting)

    assert "was cancelled" in refused(client, forum, cancelled.number)
    assert "waiting list" in refused(client, forum, waiting.number)
    for registration in (cancelled, waiting):
        answer = client.post(ticket(registration), {"people": 1, "key": uuid4().hex})
        assert answer.status_code == 302
        registration.refresh_from_db()
        assert registration.arrived == 0


@pytest.mark.parametrize(("days", "sentence"), [(3, "check-in opens then"), (-3, "and is over")])
def test_on_another_day_the_door_is_closed(client: Client, staff: User, days: int, sentence: str):
    registration = with_place(edition(days))

    assert sentence in refused(client, registration.forum, registration.number)
    page = client.get("/en" + ticket(registration)).content.decode()
    assert sentence in page
    assert "data-check-in data-number" not in page


def test_what_was_kept_on_the_last_day_still_counts_after_midnight(client: Client, staff: User):
    registration = with_place(edition(-1))

    client.post(door(registration.forum), typed(registration.number, kept=24 * 3600))

    registration.refresh_from_db()
    assert registration.arrived == 1


def test_somebody_who_was_there_can_be_noted_afterwards_for_a_reason(client: Client, staff: User):
    registration = with_place(edition(-3))

    without = client.post(ticket(registration), {"people": 1, "key": uuid4().hex})
    assert without.status_code == 422

    act = {"people": 1, "key": uuid4().hex, "reason": "서명부에 있음"}
    client.post(ticket(registration), act)

    registration.refresh_from_db()
    assert registration.arrived == 1
    assert Transition.objects.get(field="people in").reason == "서명부에 있음"


def test_a_cancelled_and_a_frozen_edition_let_nobody_in(client: Client, staff: User):
    cancelled, frozen = with_place(edition()), with_place(edition())
    cancelled.forum.program.cancelled_at = timezone.now()
    cancelled.forum.program.save()
    frozen.forum.freeze(by=staff)

    assert "This event was cancelled" in refused(client, cancelled.forum, cancelled.number)
    assert "This edition is closed" in refused(client, frozen.forum, frozen.number)


# --- undoing -------------------------------------------------------------------------------------


def test_check_in_undo_asks_for_a_reason_and_says_so_in_the_trail(client: Client, staff: User):
    registration = with_place(edition(), size=2)
    act = typed(registration.number)
    client.post(door(registration.forum), act)
    address = reverse("forums:check_in_undo", args=[registration.forum.slug, registration.number])

    assert client.post(address, {"reason": ""}).status_code == 422
    registration.refresh_from_db()
    assert registration.arrived == 2

    client.post(address, {"reason": "잘못 눌렀음"})

    registration.refresh_from_db()
    assert (registration.arrived, registration.arrived_at) == (0, None)
    trail = Transition.objects.filter(field="people in").first()
    assert (trail.from_state, trail.to_state, trail.reason) == ("2", "0", "잘못 눌렀음")
    # What a browser sends once more brings nobody back.
    client.post(door(registration.forum), act)
    registration.refresh_from_db()
    assert registration.arrived == 0
    assert acts.undo(registration, by=staff, reason="again") is False


# --- the door's page -----------------------------------------------------------------------------


def test_check_in_door_finds_by_name_organisation_and_email(client: Client, staff: User):
    forum = edition()
    wanted = with_place(forum, name="Nguyễn Thị Minh", affiliation="부산대학교", email="minh@a.kr")
    with_place(forum, name="김하늘", affiliation="동아대학교")

    for words in ("minh", "부산대", "minh@", "Nguyễn 부산"):
        page = client.get(door(forum), {"q": words}).content.decode()
        found = page.split('id="found"')[1].split("</ul>")[0]
        assert ticket(wanted) in found
        assert "김하늘" not in found
    assert AccessRecord.objects.filter(act="list").count() == 4
    assert 'id="found"' not in client.get(door(forum), {"q": "nobody"}).content.decode()


@pytest.mark.thorough
def test_check_in_door_asks_as_often_for_many_as_for_one(
    client: Client, staff: User, uncached_queries
):
    one, many = edition(), edition()
    for forum, number in ((one, 1), (many, 12)):
        for n in range(number):
            registration = with_place(forum, name=f"김하늘 {n}")
            acts.check_in(registration, key=uuid4(), by=staff)

    few = uncached_queries(client, f"{door(one)}?q=김")
    more = uncached_queries(client, f"{door(many)}?q=김")

    assert few == more
    assert more < 20


def test_check_in_list_puts_today_first_and_leaves_out_what_nobody_registers_for(
    client: Client, staff: User
):
    today, later, other = edition(), edition(5), ForumFactory()

    page = client.get("/en" + reverse("forums:check_in_list")).content.decode()

    assert page.index(door(today)) < page.index("On other days") < page.index(door(later))
    assert door(other) not in page


def test_my_page_leads_staff_to_the_door_on_the_day(client: Client, staff: User):
    today, later = edition(), edition(5)

    page = client.get(reverse("accounts:my_page")).content.decode()

    assert door(today) in page
    assert door(later) not in page


def test_who_did_not_come_is_said_when_it_is_over_and_not_before(client: Client, staff: User):
    today, past = edition(), edition(-1)
    for forum in (today, past):
        with_place(forum, name="김하늘")
        RegistrationFactory(forum=forum)

    before = client.get("/en" + door(today), {"q": "김하늘"}).content.decode()
    after = client.get("/en" + door(past), {"q": "김하늘"}).content.decode()

    assert "Did not attend" not in before
    assert "nobody came" not in before
    assert "Did not attend" in after
    assert "<dt>Registrations of which nobody came</dt><dd>1</dd>" in after


def test_on_the_last_day_the_door_leads_to_the_certificates_of_those_who_were_there(
    client: Client, staff: User
):
    on, later = edition(), edition(3)

    assert f"forum={on.pk}&amp;" in client.get(door(on)).content.decode()
    assert f"forum={later.pk}&amp;" not in client.get(door(later)).content.decode()


def test_the_page_of_an_edition_leads_to_its_door(client: Client, staff: User):
    forum = edition()

    page = client.get(reverse("admin:forums_forum_change", args=[forum.pk])).content.decode()

    assert door(forum) in page
