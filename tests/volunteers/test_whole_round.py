"""A whole round as people and staff go it, day by day: from the applications to the certificates.

Twelve people write in three languages for four places. What a page of this way refuses, and every
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
from volunteers.models import (
    Story,
    SurveyAnswer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """Goes on from now; `days_later` moves it."""
    with time_machine.travel(datetime.now().astimezone(), tick=True) as coordinates:
        yield coordinates


def test_a_whole_round_from_the_applications_to_the_certificates(
    clock: time_machine.Coordinates,
):
    opening = a_call()
    call = opening.call
    people = apply(opening)
    invited, unfit = people[:10], people[10:]
    chosen, reserves, others = invited[:4], invited[4:7], invited[7:]
    by_link, by_page, unwilling, _silent = chosen

    # The call is over: documents are read, without names.
    days_later(clock, opening, 15)
    reviewers = [reviewing.reviewer(preferred_language=code) for code in LANGUAGES]
    in_bulk(office(), "screen", *people)
    scores = {row.pk: (5 if row in invited else 1, 4) for row in people}
    lines = review(call, "documents", reviewers, scores)
    assert {line["row"].rank for line in lines} == {1, 11}
    assert Review.objects.filter(state=ReviewState.SUBMITTED).count() == 24
    asked = Message.objects.filter(kind="review_assigned")
    assert set(asked.values_list("language", flat=True)) == set(LANGUAGES)

    # The ten best are invited, and choose a time.
    staff = office()
    slots = offer_interviews(staff, call)
    in_bulk(staff, "invite", *invited)
    assert told("interview_invite") == languages_of(*invited)
    choose(invited, slots)

    # Interviews are over and scored; what is decided is known to nobody.
    days_later(clock, opening, 26)
    ranks = {row.pk: (5 - number // 4, 4) for number, row in enumerate(invited)}
    lines = review(call, "interview", reviewers[:2], ranks)
    assert [line["row"].rank for line in lines] == [1] * 4 + [5] * 4 + [9] * 2
    staff = office()
    page = in_bulk(staff, "select", *chosen, reason="1–4")
    letters = {
        notice.application.pk: notice.shown.letter.text for notice in page.context["notices"]
    }
    in_bulk(staff, "keep_in_reserve", *reserves)
    in_bulk(staff, "not_select", *others, *unfit)
    sent_before = Message.objects.count()
    assert decisions.release_due() == 0
    for row in people:
        page = browser(row).get(own(row, "application_detail"))
        assert UNDER_REVIEW[row.language] in page.context["sentence"]
    assert Message.objects.count() == sent_before

    # The minute has come: everybody is told, in one mail each.
    clock.move_to(call.released_at + timedelta(minutes=1))
    assert (decisions.release_due(), decisions.release_due()) == (12, 0)
    assert Message.objects.count() == sent_before + 12
    assert told("application_place") == languages_of(*chosen, *reserves)
    assert told("application_result") == languages_of(*others, *unfit)
    assert taken_places(opening) == 4
    mailed = {mail.to[0]: mail for mail in delivered()}
    for row in chosen:
        assert letters[row.pk].splitlines()[2] in mailed[row.volunteer.email].body

    # One says yes by the link, one on the page, one says no, and one says nothing.
    Client().post(link("application_place", by_link), {"yes": "1"})
    browser(by_page).post(own(by_page, "reply"), {"yes": "1"})
    browser(unwilling).post(own(unwilling, "reply"), {"no": "1"})
    assert told("reserve_offered") == languages_of(reserves[0])
    Client().post(link("reserve_offered", reserves[0]), {"yes": "1"})
    clock.move_to(call.confirm_by + timedelta(minutes=1))
    assert (expire_due(), expire_due()) == (1, 0)
    assert told("reserve_offered") == languages_of(*reserves[:2])
    browser(reserves[1]).post(own(reserves[1], "reply"), {"yes": "1"})
    assert states(*chosen, *reserves) == [
        "confirmed", "confirmed", "declined", "declined", "confirmed", "confirmed", "reserve",
    ]  # fmt: skip
    assert fresh(reserves[2]).place_in_line == 1
    assert taken_places(opening) == 4

    # Those four get ready; the city learns of whoever agreed to it.
    going = [fresh(row) for row in (by_link, by_page, *reserves[:2])]
    staff = office()
    get_ready(going, staff)
    board = staff.get(page_of("call_readiness", call.pk))
    assert [team.light for team, _rows in board.context["shown"]] == ["green"]
    url = page_of("call_readiness_roster", call.pk, opening.pk)
    roster = staff.post(url, filled(staff.get(url), reason="Lodging", form="csv"))
    text = b"".join(roster.streaming_content).decode()
    assert [roman for _name, roman, _code in PEOPLE if roman in text] == [
        "HONG GILDONG", "SERIK AIDANA", "LI MEI",
    ]  # fmt: skip
    assert AccessRecord.objects.get(act="export").reason == "Lodging"

    # They leave, work for five days, come back, and are thanked.
    days_later(clock, opening, 87)
    in_bulk(office(), "deploy", *going)
    days_later(clock, opening, 93)
    staff = office()
    hours = {cell(row, day_of(opening, number)): "8" for row in going for number in range(5)}
    post_sheet(staff, sheet(opening), **hours)
    in_bulk(staff, "complete", *going)
    assert told("deployment_thanks") == languages_of(*going)
    url = sheet(opening, "_approve")
    staff.post(url, filled(staff.post(url, {"person": [row.pk for row in going]})))

    # Each gets one certificate, which says what is true and can be checked.
    certificates = certify(staff, opening, going)
    assert told("certificate_issued") == {
        certificate.pk: row.language for row, certificate in zip(going, certificates, strict=True)
    }
    for row, certificate in zip(going, certificates, strict=True):
        client = browser(row)
        says(client, row, certificate)
        url = own(row, "survey")
        client.post(url, {**filled(client.get(url)), **SURVEY})
    assert SurveyAnswer.objects.filter(opening=opening).count() == 4
    url = own(by_page, "story")
    browser(by_page).post(url, {**filled(browser(by_page).get(url)), **STORY})
    assert Story.objects.get().application == by_page
    assert (
        states(*people)
        == ["completed"] * 2
        + ["declined"] * 2
        + ["completed"] * 2
        + ["reserve"]
        + ["not_selected"] * 5
    )

    # Whoever of the office looked at somebody is on record.
    seen = dict(looks("list")) | dict(looks("detail")) | dict(looks("edit"))
    assert {
        "reviews.review", "volunteers.application select",
        "volunteers.readiness", "volunteers.attendance", "volunteers.servicerecord approve",
    } <= seen.keys()  # fmt: skip
    assert set(Transition.objects.filter(reason="1–4").values_list("to_state", flat=True)) == {
        "select", "selected",
    }  # fmt: skip
