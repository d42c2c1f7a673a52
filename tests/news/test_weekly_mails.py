"""The weekly mail: its period, its list, never twice and never empty; calls under their label."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import Delivery, Subscription
from news.subscribing import addresses, announcing, digests, tasks
from oda_portal.mail.models import Message
from oda_portal.privacy import consent_texts
from tests.factories import CallFactory
from tests.letters import delivered
from tests.news.subscribers import MONDAY, TUESDAY, publish, subscriber, told
from volunteers.models import Call

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), datetime(2026, 11, 16, 0, 0, tzinfo=UTC)),
        (datetime(2026, 11, 29, 12, 0, tzinfo=UTC), datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_week_ends_on_monday_at_nine_in_korea(now: datetime, ends: datetime):
    assert digests.last_end(now) == ends


def test_the_weekly_mail_says_its_period_and_lists_by_kind(time_machine):
    time_machine.move_to(TUESDAY)
    subscriber("reader@example.org", covered_until=TUESDAY - timedelta(days=1, hours=3))
    story, press = publish(kind="story"), publish(kind="press")
    tasks.announce()
    tasks.send_digests()
    assert told() == []

    time_machine.move_to(MONDAY)
    tasks.send_digests()

    letter = delivered()[0]
    assert letter.subject == "News of 16–23 November 2026"
    body = str(letter.body)
    assert body.index("[Press release]") < body.index(press.title_en)
    assert body.index(press.title_en) < body.index("[Story]") < body.index(story.title_en)
    html = str(letter.alternatives[0][0])
    assert f'/en/news/{press.slug}/">http' in html


def test_a_weekly_mail_is_sent_once_and_not_when_it_would_be_empty(time_machine):
    time_machine.move_to(TUESDAY)
    subscriber("some@example.org", kinds=["press"])
    subscriber("none@example.org", kinds=["notice"])
    publish(kind="press")
    tasks.announce()

    time_machine.move_to(MONDAY)
    for _time in range(3):
        tasks.send_digests()
    time_machine.move_to(MONDAY + timedelta(days=7))
    tasks.send_digests()

    assert [address for address, _subject in told()] == ["some@example.org"]
    covered = set(Subscription.objects.values_list("covered_until", flat=True))
    assert covered == {digests.last_end(timezone.now())}


def test_weeks_without_a_timer_are_told_in_one_mail(time_machine):
    time_machine.move_to(TUESDAY)
    subscriber(covered_until=TUESDAY)
    publish(kind="press")
    time_machine.move_to(TUESDAY + timedelta(days=14))
    publish(kind="press")

    time_machine.move_to(MONDAY + timedelta(days=14, hours=30))
    tasks.send_digests()

    ((_address, subject),) = told()
    assert subject == "News of 17 November – 7 December 2026"
    assert Delivery.objects.count() == 2


def test_what_is_published_as_the_week_ends_is_told_in_the_next(time_machine):
    time_machine.move_to(TUESDAY)
    subscriber()
    publish()
    time_machine.move_to(MONDAY)
    late = publish()
    tasks.send_digests()
    assert late.title_en not in str(delivered()[0].body)

    time_machine.move_to(MONDAY + timedelta(days=7))
    tasks.send_digests()

    assert late.title_en in str(delivered()[1].body)
    assert len(mail.outbox) == 2


def test_a_weekly_mail_loses_what_was_taken_down_before_it_goes_out(time_machine):
    time_machine.move_to(TUESDAY)
    subscriber()
    gone, left = publish(), publish()
    time_machine.move_to(MONDAY)
    tasks.send_digests()

    gone.withdraw(by=None)
    tasks.announce()

    body = str(delivered()[0].body)
    assert left.title_en in body
    assert gone.title_en not in body


def test_changing_from_weekly_to_at_once_loses_nothing_and_repeats_nothing(client: Client):
    consent_texts.load(in_force=True)
    row = subscriber(covered_until=timezone.now() - timedelta(days=2))
    waiting = publish()
    tasks.announce()

    change = {"pace": "instant", "language": "en", "consent_news_promotion": "no.1"}
    client.post(addresses.path_to_change(row), change)
    fresh = publish()
    tasks.announce()
    client.post(addresses.path_to_change(row), {**change, "pace": "weekly"})
    digests.send_due(timezone.now() + timedelta(days=7))

    letters = delivered()
    assert len(letters) == 2
    assert waiting.title_en in str(letters[0].body)
    assert letters[1].subject == fresh.title_en


def test_questions_of_a_weekly_run_do_not_grow_with_the_people(time_machine):
    time_machine.move_to(TUESDAY)
    rows = [subscriber(kinds=["press"]) for _number in range(20)]
    publish(kind="press")
    announcing.notice()
    stock = digests.Stock.until(MONDAY)
    with CaptureQueriesContext(connection) as with_two:
        digests._queue(stock, rows[:2])
    with CaptureQueriesContext(connection) as with_eighteen:
        digests._queue(stock, rows[2:])

    # For each mail its row, in a savepoint of its own.
    assert len(with_eighteen) - len(with_two) == 16 * 3


# --- promotion ------------------------------------------------------------------------------------


def test_calls_go_to_those_who_agreed_alone_and_under_the_label(time_machine):
    time_machine.move_to(TUESDAY)
    subscriber("no@example.org")
    subscriber("yes@example.org", promotion=True)
    subscriber("at-once@example.org", promotion=True, pace="instant")
    call = CallFactory(opens_at=TUESDAY, closes_at=MONDAY + timedelta(days=20))
    publish()
    tasks.announce()
    time_machine.move_to(MONDAY)
    tasks.send_digests()
    time_machine.move_to(MONDAY + timedelta(days=7))
    tasks.send_digests()

    letters = {letter.to[0]: letter for letter in delivered() if "News of" in letter.subject}

    assert sorted(letters) == ["at-once@example.org", "no@example.org", "yes@example.org"]
    for address, letter in letters.items():
        promotes = address != "no@example.org"
        assert letter.subject.startswith("(광고) ") is promotes
        assert (call.title_en in str(letter.body)) is promotes


def test_without_calls_there_is_no_label(time_machine):
    time_machine.move_to(TUESDAY)
    subscriber(promotion=True, covered_until=TUESDAY)
    publish()
    time_machine.move_to(MONDAY)
    tasks.send_digests()

    ((_address, subject),) = told()
    assert subject.startswith("News of")


GAP = "\n\n\n"


@pytest.mark.parametrize(
    ("language", "opening", "more"),
    [
        ("ko", "2026. 11. 17.~11. 23. 사이에 새로 나온 모집 공고입니다.", "모집 공고 모두 보기:"),
        ("en", "New calls for volunteers, 17–23 November 2026.", "See all calls here:"),
        ("zh-hans", "新发布的招募公告", "查看全部招募公告："),
    ],
)
def test_a_mail_of_calls_alone_speaks_of_calls_and_leads_to_them(
    time_machine, language: str, opening: str, more: str
):
    time_machine.move_to(TUESDAY)
    subscriber(promotion=True, language=language, covered_until=TUESDAY)
    CallFactory(opens_at=TUESDAY + timedelta(hours=1), closes_at=MONDAY + timedelta(days=20))
    time_machine.move_to(MONDAY)
    tasks.send_digests()

    (letter,) = delivered()

    body = str(letter.body)
    prefix = "" if language == "ko" else f"/{language}"
    assert opening in body
    assert more in body
    assert f"{prefix}/volunteers/calls/\n" in body
    assert "/news/\n" not in body
    assert GAP not in body


@pytest.mark.parametrize("promotion", [False, True])
@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_a_mail_of_news_has_no_gaps_with_calls_and_without(
    time_machine, language: str, promotion: bool
):
    time_machine.move_to(TUESDAY)
    subscriber(promotion=promotion, language=language, covered_until=TUESDAY)
    call = CallFactory(opens_at=TUESDAY + timedelta(hours=1), closes_at=MONDAY + timedelta(days=20))
    article = publish()
    time_machine.move_to(MONDAY)
    tasks.send_digests()

    (letter,) = delivered()

    body = str(letter.body)
    assert GAP not in body
    assert article.get_absolute_url() in body
    assert (call.get_absolute_url() in body) is promotion
    assert body.index(article.get_absolute_url()) < body.index("/news/\n")
    assert "<p></p>" not in str(letter.alternatives[0][0])


@pytest.mark.parametrize("gone", ["withdrawn", "closed"])
def test_a_weekly_mail_loses_a_call_that_nobody_can_answer_any_more(time_machine, gone: str):
    time_machine.move_to(TUESDAY)
    subscriber(promotion=True, covered_until=TUESDAY)
    later = MONDAY + timedelta(days=20)
    call, left = (
        CallFactory(opens_at=TUESDAY + timedelta(hours=1), closes_at=later) for _call in range(2)
    )
    article = publish()
    time_machine.move_to(MONDAY)
    tasks.send_digests()

    if gone == "withdrawn":
        call.withdraw(by=None)
    else:
        Call.objects.filter(pk=call.pk).update(closes_at=MONDAY)
    tasks.announce()

    (letter,) = delivered()
    body = str(letter.body)
    assert call.get_absolute_url() not in body
    assert left.get_absolute_url() in body
    assert article.get_absolute_url() in body
    assert letter.subject.startswith("(광고) ")


def test_a_weekly_mail_without_its_only_call_has_no_label_and_without_both_is_not_sent(
    time_machine,
):
    time_machine.move_to(TUESDAY)
    subscriber("both@example.org", promotion=True, covered_until=TUESDAY)
    subscriber("calls@example.org", promotion=True, pace="instant", covered_until=TUESDAY)
    call = CallFactory(opens_at=TUESDAY + timedelta(hours=1), closes_at=MONDAY + timedelta(days=9))
    article = publish()
    Delivery.objects.all().delete()
    Message.objects.all().delete()
    time_machine.move_to(MONDAY)
    tasks.send_digests()
    assert Message.objects.filter(kind="news_digest").count() == 2

    call.withdraw(by=None)
    assert announcing.recall() == 2
    assert announcing.recall() == 0

    (message,) = Message.objects.filter(kind="news_digest")
    assert message.to == "both@example.org"
    assert message.context["label"] == message.context["calls"] == ""
    assert message.context["opening"] == "What is new, 17–23 November 2026."

    article.withdraw(by=None)
    assert announcing.recall() == 1
    assert not Message.objects.filter(kind="news_digest").exists()


def test_a_weekly_mail_of_calls_and_a_withdrawn_article_leads_to_the_calls(time_machine):
    time_machine.move_to(TUESDAY)
    subscriber(promotion=True, covered_until=TUESDAY)
    call = CallFactory(opens_at=TUESDAY + timedelta(hours=1), closes_at=MONDAY + timedelta(days=9))
    article = publish()
    time_machine.move_to(MONDAY)
    tasks.send_digests()

    article.withdraw(by=None)
    tasks.announce()

    (letter,) = delivered()
    body = str(letter.body)
    assert "New calls for volunteers, 17–23 November 2026." in body
    assert call.get_absolute_url() in body
    assert "/en/volunteers/calls/\n" in body
    assert article.title_en not in body
    assert GAP not in body
