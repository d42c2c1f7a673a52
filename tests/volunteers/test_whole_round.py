"""A whole round as people and staff go it, day by day: from the applications to the certificates.

Forty people write in three languages for four places. What a page of this way refuses, and every
other way, stands in the tests of each part; here is seen that the parts fit together.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy.models import AccessRecord
from oda_portal.reviews import decisions
from oda_portal.reviews.models import Review, ReviewState
from oda_portal.seats.actions import expire_due
from tests.admin.forms import filled
from tests.letters import delivered
from tests.reviews import rounds as reviewing
from tests.volunteers.rounds import states
from tests.volunteers.served import cell, day_of, post_sheet, sheet
from tests.volunteers.staff import looks, page_of
from tests.volunteers.test_stories import WORDS as STORY
from tests.volunteers.test_survey import GOOD as SURVEY
from tests.volunteers.whole_round import (
    LANGUAGES,
    PEOPLE,
    UNDER_REVIEW,
    a_call,
    apply,
    browser,
    certify,
    choose,
    days_later,
    fresh,
    get_ready,
    in_bulk,
    languages_of,
    link,
    offer_interviews,
    office,
    own,
    review,
    says,
    taken_places,
    told,
)
from volunteers.models import Application, Story, SurveyAnswer

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """Goes on from now; `days_later` moves it."""
    with time_machine.travel(datetime.now().astimezone(), tick=True) as coordinates:
        yield coordinates


class Round:
    """The opening of the round, its people in the order of their scores, and the clock."""

    def __init__(self, clock: time_machine.Coordinates) -> None:
        self.clock = clock
        self.opening = a_call()
        self.call = self.opening.call
        self.people = apply(self.opening)
        self.invited, self.unfit = self.people[:10], self.people[10:]
        self.chosen, self.reserves = self.invited[:4], self.invited[4:7]
        self.others = self.invited[7:]
        self.reviewers = [reviewing.reviewer(preferred_language=code) for code in LANGUAGES]

    def days_later(self, days: int) -> None:
        days_later(self.clock, self.opening, days)

    @property
    def going(self) -> list[Application]:
        """Two of those who were selected, and the first two of the reserve list."""
        return [fresh(row) for row in (*self.chosen[:2], *self.reserves[:2])]


@pytest.mark.thorough
def test_a_whole_round_from_the_applications_to_the_certificates(
    clock: time_machine.Coordinates,
):
    played = Round(clock)
    documents_are_read_without_names(played)
    the_best_choose_a_time_for_an_interview(played)
    letters = what_is_decided_is_known_to_nobody(played)
    everybody_is_told_in_one_mail_each(played, letters)
    places_are_answered_and_passed_on(played)
    those_who_go_get_ready(played)
    they_leave_come_back_and_are_thanked(played)
    each_gets_one_certificate_that_can_be_checked(played)
    everybody_stands_where_they_should_and_looks_are_on_record(played)


def documents_are_read_without_names(played: Round) -> None:
    played.days_later(15)
    in_bulk(office(), "screen", *played.people)
    scores = {row.pk: (5 if row in played.invited else 1, 4) for row in played.people}
    lines = review(played.call, "documents", played.reviewers, scores)
    assert {line["row"].rank for line in lines} == {1, 11}
    assert Review.objects.filter(state=ReviewState.SUBMITTED).count() == 2 * len(PEOPLE)
    asked = Message.objects.filter(kind="review_assigned")
    assert set(asked.values_list("language", flat=True)) == set(LANGUAGES)


def the_best_choose_a_time_for_an_interview(played: Round) -> None:
    staff = office()
    slots = offer_interviews(staff, played.call)
    in_bulk(staff, "invite", *played.invited)
    assert told("interview_invite") == languages_of(*played.invited)
    choose(played.invited, slots)


def what_is_decided_is_known_to_nobody(played: Round) -> dict[int, str]:
    """The letters that staff were shown before they selected, by application."""
    played.days_later(26)
    ranks = {row.pk: (5 - number // 4, 4) for number, row in enumerate(played.invited)}
    lines = review(played.call, "interview", played.reviewers[:2], ranks)
    assert [line["row"].rank for line in lines] == [1] * 4 + [5] * 4 + [9] * 2
    staff, sent_before = office(), Message.objects.count()
    page = in_bulk(staff, "select", *played.chosen, reason="1–4")
    in_bulk(staff, "keep_in_reserve", *played.reserves)
    in_bulk(staff, "not_select", *played.others, *played.unfit)
    assert decisions.release_due() == 0
    for row in played.people:
        sentence = browser(row).get(own(row, "application_detail")).context["sentence"]
        assert UNDER_REVIEW[row.language] in sentence
    assert Message.objects.count() == sent_before
    notices = page.context["notices"]
    return {notice.application.pk: notice.shown.letter.text for notice in notices}


def everybody_is_told_in_one_mail_each(played: Round, letters: dict[int, str]) -> None:
    sent_before = Message.objects.count()
    played.clock.move_to(played.call.released_at + timedelta(minutes=1))
    assert (decisions.release_due(), decisions.release_due()) == (len(PEOPLE), 0)
    assert Message.objects.count() == sent_before + len(PEOPLE)
    assert told("application_place") == languages_of(*played.chosen, *played.reserves)
    assert told("application_result") == languages_of(*played.others, *played.unfit)
    assert taken_places(played.opening) == 4
    mailed = {mail.to[0]: mail for mail in delivered()}
    for row in played.chosen:
        assert letters[row.pk].splitlines()[2] in mailed[row.volunteer.email].body


def places_are_answered_and_passed_on(played: Round) -> None:
    """One says yes by the link, one on the page, one says no, and one says nothing."""
    by_link, by_page, unwilling, _silent = played.chosen
    reserves = played.reserves
    Client().post(link("application_place", by_link), {"yes": "1"})
    browser(by_page).post(own(by_page, "reply"), {"yes": "1"})
    browser(unwilling).post(own(unwilling, "reply"), {"no": "1"})
    assert told("reserve_offered") == languages_of(reserves[0])
    Client().post(link("reserve_offered", reserves[0]), {"yes": "1"})
    played.clock.move_to(played.call.confirm_by + timedelta(minutes=1))
    assert (expire_due(), expire_due()) == (1, 0)
    assert told("reserve_offered") == languages_of(*reserves[:2])
    browser(reserves[1]).post(own(reserves[1], "reply"), {"yes": "1"})
    assert states(*played.chosen, *reserves) == [
        "confirmed", "confirmed", "declined", "declined", "confirmed", "confirmed", "reserve",
    ]  # fmt: skip
    assert fresh(reserves[2]).place_in_line == 1
    assert taken_places(played.opening) == 4


def those_who_go_get_ready(played: Round) -> None:
    """The partner city learns of whoever agreed to it."""
    staff = office()
    get_ready(played.going, staff)
    board = staff.get(page_of("call_readiness", played.call.pk))
    assert [team.light for team, _rows in board.context["shown"]] == ["green"]
    url = page_of("call_readiness_roster", played.call.pk, played.opening.pk)
    roster = staff.post(url, filled(staff.get(url), reason="Lodging", form="csv"))
    text = b"".join(roster.streaming_content).decode()
    assert [roman for _name, roman, _code in PEOPLE if roman in text] == [
        "HONG GILDONG", "SERIK AIDANA", "LI MEI",
    ]  # fmt: skip
    assert AccessRecord.objects.get(act="export").reason == "Lodging"


def they_leave_come_back_and_are_thanked(played: Round) -> None:
    opening, going = played.opening, played.going
    played.days_later(87)
    in_bulk(office(), "deploy", *going)
    played.days_later(93)
    staff = office()
    hours = {cell(row, day_of(opening, number)): "8" for row in going for number in range(5)}
    post_sheet(staff, sheet(opening), **hours)
    in_bulk(staff, "complete", *going)
    assert told("deployment_thanks") == languages_of(*going)
    url = sheet(opening, "_approve")
    staff.post(url, filled(staff.post(url, {"person": [row.pk for row in going]})))


def each_gets_one_certificate_that_can_be_checked(played: Round) -> None:
    going = played.going
    certificates = certify(office(), played.opening, going)
    pairs = list(zip(going, certificates, strict=True))
    assert told("certificate_issued") == {paper.pk: row.language for row, paper in pairs}
    for row, paper in pairs:
        client = browser(row)
        says(client, row, paper)
        url = own(row, "survey")
        client.post(url, {**filled(client.get(url)), **SURVEY})
    assert SurveyAnswer.objects.filter(opening=played.opening).count() == 4
    writer = going[1]
    url = own(writer, "story")
    browser(writer).post(url, {**filled(browser(writer).get(url)), **STORY})
    assert Story.objects.get().application == writer


def everybody_stands_where_they_should_and_looks_are_on_record(played: Round) -> None:
    served, gone = ["completed"] * 2, ["declined"] * 2
    unsuccessful = ["not_selected"] * (len(PEOPLE) - 7)
    assert states(*played.people) == [*served, *gone, *served, "reserve", *unsuccessful]
    seen = dict(looks("list")) | dict(looks("detail")) | dict(looks("edit"))
    assert {
        "reviews.review", "volunteers.application select",
        "volunteers.readiness", "volunteers.attendance", "volunteers.servicerecord approve",
    } <= seen.keys()  # fmt: skip
    assert set(Transition.objects.filter(reason="1–4").values_list("to_state", flat=True)) == {
        "select", "selected",
    }  # fmt: skip
