"""Thirty people in three languages: link, form, waiting list, offer, change, door, certificate.

Everybody does by hand what their mails and pages offer, and nobody has an account.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NamedTuple

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forums.doors import attendance
from forums.doors.certificates import KIND
from forums.models import Forum, Registration
from forums.models.registrations import State
from forums.registering import reminders
from oda_portal.accounts.roles import set_up_roles
from oda_portal.certificates import actions as certificates
from oda_portal.privacy import consent_texts
from oda_portal.seats import actions as seats
from oda_portal.seats.models import Pool
from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, StaffFactory
from tests.letters import delivered

from .registering import ANSWERS, asking, at_hour, open_forum, session_with

pytestmark = pytest.mark.django_db

PLACES = 20
LANGUAGES = {"ko": "", "en": "/en", "zh-hans": "/zh-hans"}
NAMES = {"ko": "김하늘", "en": "Amara Okafor", "zh-hans": "王小明"}
# Of each mail the words by which its receiver knows it.
SAYS = {
    "confirmed": {"ko": "참가 신청이 확정되었습니다", "en": "You are registered", "zh-hans": "报名成功"},
    "waiting": {"ko": "대기 명단에 올랐습니다", "en": "on the waiting list", "zh-hans": "已加入候补名单"},
    "offered": {"ko": "자리가 났습니다", "en": "A place is free", "zh-hans": "有空余名额"},
    "near": {"ko": "곧 열립니다", "en": "Coming up", "zh-hans": "即将举行"},
}  # fmt: skip


class Person(NamedTuple):
    email: str
    language: str
    client: Client

    @property
    def prefix(self) -> str:
        return LANGUAGES[self.language]

    def letters(self) -> list[EmailMultiAlternatives]:
        return [letter for letter in delivered() if letter.to == [self.email]]

    def link(self) -> str:
        """In the newest letter."""
        body = str(self.letters()[-1].body)
        found = re.search(rf"{re.escape(settings.SITE_URL)}(\S*/mail/\S+)", body)
        assert found
        assert found[1].startswith(f"{self.prefix}/mail/")
        return found[1]

    def was_told(self, what: str) -> bool:
        words = SAYS[what][self.language]
        return any(words in letter.subject for letter in self.letters())

    def page(self) -> tuple[str, str]:
        """The address and the words of their own page, by the link of the newest letter."""
        answer = self.client.get(self.link(), follow=True)
        assert answer.status_code == 200
        return answer.redirect_chain[-1][0], answer.content.decode()

    def row(self) -> Registration:
        rows = Registration.objects.select_related("forum__program", "forum__pool")
        return rows.get(email=self.email)


def crowd(number: int) -> list[Person]:
    codes = list(LANGUAGES)
    return [Person(f"p{n}@example.org", codes[n % 3], Client()) for n in range(number)]


def come(person: Person, slug: str, **answers: object) -> None:
    """Ask for the link, follow it, send the form twice."""
    begin = f"{person.prefix}/forums/{slug}/register/"
    asked = person.client.post(begin, asking(person.email))
    assert asked.status_code == 200
    link = person.link()
    assert person.client.get(link).status_code == 200
    form = {**ANSWERS, "name": NAMES[person.language], "language": person.language, **answers}
    assert person.client.post(link, form).status_code == 302
    assert person.client.post(link, form).status_code == 302


@pytest.mark.thorough
def test_thirty_people_in_three_languages(client: Client):
    consent_texts.load(in_force=True)
    set_up_roles()
    OfficeFactory()
    forum = open_forum(places=PLACES, in_days=20)
    workshop = session_with(5, forum)
    people = crowd(30)
    for person in people:
        # Of the first twenty, ten want the workshop with its five places.
        number = people.index(person)
        wants = {"sessions": [workshop.pk]} if number < PLACES and number % 2 == 0 else {}
        come(person, forum.slug, **wants)

    confirmed, waiting = people[:PLACES], people[PLACES:]
    assert all(person.row().state == State.CONFIRMED for person in confirmed)
    assert [person.row().place_in_line for person in waiting] == list(range(1, 11))
    assert all(person.was_told("confirmed") for person in confirmed)
    assert all(person.was_told("waiting") for person in waiting)
    assert Pool.objects.get(forum_session=workshop).taken == 5

    gone, stays = confirmed[:6], confirmed[6:]
    _six_cancel(gone)
    assert _take_the_workshop(stays) == 3  # as many of those who cancelled had been in it
    newcomers = _four_accept_one_declines_one_is_silent(waiting)

    coming = [*stays, *newcomers]
    assert Registration.objects.confirmed().count() == len(coming)
    assert Pool.objects.get(forum=forum).taken <= PLACES

    _reminded(forum, coming, [*gone, *waiting[4:]])
    _at_the_door(client, forum, coming[:-2], turned_away=[gone[0], waiting[-1]])
    _certified(client, forum, coming[:-2], coming[-2:])


def _six_cancel(people: list[Person]) -> None:
    for person in people:
        address, words = person.page()
        assert person.row().number in words
        assert person.client.get(f"{address}cancel/").status_code == 200
        person.client.post(f"{address}cancel/")
        person.client.post(f"{address}cancel/")
        assert person.row().state == State.CANCELLED


def _take_the_workshop(people: list[Person]) -> int:
    """Whoever was offered a place in it says yes on their page; how many."""
    taken = 0
    for person in people:
        address, words = person.page()
        if found := re.search(r'name="accept_session" value="(\d+)"', words):
            answer = person.client.post(address, {"accept_session": found[1]}, follow=True)
            assert 'name="accept_session"' not in answer.content.decode()
            taken += 1
    return taken


def _four_accept_one_declines_one_is_silent(waiting: list[Person]) -> list[Person]:
    """The six first of the line were offered a place; then two more are, and say yes late."""
    offered, rest = waiting[:6], waiting[6:]
    assert all(person.was_told("offered") for person in offered)
    assert not any(person.was_told("offered") for person in rest)
    for person in offered[:4]:
        address, _words = person.page()
        person.client.post(address, {"accept": "1"})
        person.client.post(address, {"accept": "1"})
        assert person.row().state == State.CONFIRMED
        assert person.was_told("confirmed")
    address, _words = offered[4].page()
    offered[4].client.post(address, {"decline": "1"})
    assert rest[0].row().state == State.OFFERED
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        assert seats.expire_due() == 2  # nobody of the two who were left has answered
        address, words = offered[5].page()
        assert 'name="again"' in words
        assert rest[1].row().state == State.OFFERED
        address, _words = rest[1].page()
        rest[1].client.post(address, {"accept": "1"})
    return [*offered[:4], rest[1]]


def _reminded(forum: Forum, coming: list[Person], others: list[Person]) -> None:
    with time_machine.travel(at_hour(forum) - timedelta(hours=12)):
        assert reminders.remind() == len(coming)
        assert reminders.remind() == 0
        assert all(person.was_told("near") for person in coming)
        expected = {person.email for person in coming}
        assert not any(p.was_told("near") for p in others if p.email not in expected)


def _at_the_door(
    client: Client,
    forum: Forum,
    coming: list[Person],
    *,
    turned_away: list[Person],
) -> None:
    """Half by the QR, half by typing the number; each twice."""
    staff = StaffFactory(is_superuser=False)
    staff.groups.add(Group.objects.get(name="forum_manager"))
    with time_machine.travel(at_hour(forum, 9)):
        sign_in_staff(client, staff)
        for place, person in enumerate(coming):
            for _time in range(2):
                _check_in(client, person.row(), by_qr=place % 2 == 0)
            assert person.row().arrived == 1
        for person in turned_away:
            _check_in(client, person.row(), by_qr=True)
            assert person.row().arrived == 0
        # On the page of their own the person reads that they are in, and cannot cancel any more.
        address, words = coming[0].page()
        assert f"{address}cancel/" not in words
        assert attendance.counts(forum).arrived == len(coming)


def _check_in(client: Client, row: Registration, *, by_qr: bool) -> None:
    if by_qr:
        address = reverse("forums:check_in_ticket", args=[row.forum.slug, row.number])
        page = client.get(address).content.decode()
        key = re.search(r'name="key" value="([^"]+)"', page)
        client.post(address, {"key": key[1] if key else "", "people": "1"})
    else:
        door = reverse("forums:check_in_door", args=[row.forum.slug])
        page = client.get(door).content.decode()
        key = re.search(r'name="key" value="([^"]+)"', page)
        client.post(door, {"number": row.number.lower(), "key": key[1] if key else ""})


def _certified(client: Client, forum: Forum, came: list[Person], stayed_away: list[Person]) -> None:
    staff = StaffFactory()
    with time_machine.travel(at_hour(forum, 17) + timedelta(days=1)):
        for person in came:
            certificate = certificates.issue(KIND, person.row(), by=staff)
            assert (
                client.get(f"{person.prefix}/certificates/{certificate.code}/").status_code == 200
            )
            # Their mail leads to the file, without an account.
            assert person.client.get(person.link(), follow=True).status_code == 200
        for person in stayed_away:
            with pytest.raises(certificates.RefusedError):
                certificates.issue(KIND, person.row(), by=staff)
