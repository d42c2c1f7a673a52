"""What goes to whom and when: facets, languages, once each, whatever runs twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import Announcement, Article, Delivery
from news.models.subscriptions import CONSENT_LASTS, State
from news.subscribing import addresses, announcing, digests, instant, renewing, tasks
from news.subscribing.matching import Facets, is_about
from oda_portal.mail.models import Message
from oda_portal.mail.models import State as MailState
from oda_portal.privacy import consent_texts, consents
from oda_portal.publishing.models import Status
from tests.factories import (
    ArticleFactory,
    CityFactory,
    CountryFactory,
    ProgramFactory,
    ThemeFactory,
)
from tests.letters import delivered
from tests.news.subscribers import (
    MONDAY,
    TUESDAY,
    ask,
    links_in,
    mailed_link,
    publish,
    subscriber,
    told,
)

pytestmark = pytest.mark.django_db

# --- which articles -------------------------------------------------------------------------------

ARTICLE = Facets(frozenset(["press"]), frozenset([1, 2]), frozenset([5]), frozenset([9]))


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Facets(frozenset()), True),
        (Facets(frozenset(["press", "story"])), True),
        (Facets(frozenset(["story"])), False),
        (Facets(frozenset(), frozenset([2, 3])), True),
        (Facets(frozenset(), frozenset([3])), False),
        (Facets(frozenset(["press"]), frozenset([1])), True),
        (Facets(frozenset(["story"]), frozenset([1])), False),
        (Facets(frozenset(["press"]), frozenset([3])), False),
        (Facets(frozenset(["press"]), frozenset([1]), frozenset([5]), frozenset([9])), True),
        (Facets(frozenset(["press"]), frozenset([1]), frozenset([6]), frozenset([9])), False),
        (Facets(frozenset(["press"]), frozenset([1]), frozenset([5]), frozenset([8])), False),
        (Facets(frozenset(), frozenset(), frozenset([5, 6]), frozenset([8, 9])), True),
    ],
)
def test_facets_are_and_across_and_or_within(wanted: Facets, fits: bool):
    assert is_about(wanted, ARTICLE) is fits


def test_what_was_chosen_on_the_page_decides_who_gets_an_article():
    country, other, theme, program = (
        CountryFactory(), CountryFactory(), ThemeFactory(), ProgramFactory(),
    )  # fmt: skip
    for name, wishes in {
        "all": {},
        "kind": {"kinds": ["press"]},
        "other-kind": {"kinds": ["story", "photo"]},
        "country": {"countries": [country, other]},
        "other-country": {"countries": [other]},
        "theme": {"themes": [theme]},
        "kind-and-country": {"kinds": ["press"], "countries": [country]},
        "other-kind-and-country": {"kinds": ["notice"], "countries": [country]},
        "program": {"programs": [program]},
    }.items():
        subscriber(f"{name}@example.org", pace="instant", **wishes)
    article = publish(kind="press")
    # A city's country is the article's as well.
    article.cities.add(CityFactory(country=country))
    article.themes.add(theme)

    tasks.announce()

    got = {address.split("@")[0] for address, _subject in told()}
    assert got == {"all", "kind", "country", "theme", "kind-and-country"}


def test_an_article_is_news_from_the_minute_that_it_is_public(time_machine):
    time_machine.move_to(TUESDAY)
    subscriber(pace="instant")
    article = publish(publish_at=TUESDAY + timedelta(hours=1))
    ArticleFactory(status=Status.DRAFT)

    time_machine.move_to(TUESDAY + timedelta(minutes=59))
    tasks.announce()
    assert told() == []

    time_machine.move_to(TUESDAY + timedelta(minutes=61))
    tasks.announce()
    assert len(told()) == 1
    assert Announcement.objects.get().public_at == article.publish_at


def test_what_is_older_than_the_confirmation_is_not_sent(client: Client):
    publish()
    ask(client, pace="instant")
    client.post(mailed_link("subscription_confirm"))
    fresh = publish()
    tasks.announce()

    assert [letter.subject for letter in delivered()[1:]] == [fresh.title_en]


def test_a_record_of_long_ago_is_no_news():
    subscriber(pace="instant")
    article = publish()
    Article.objects.update(registered_at=article.registered_at - timedelta(days=31))

    tasks.announce()
    digests.send_due(timezone.now() + timedelta(days=8))

    assert told() == []


def test_a_revised_article_and_one_published_again_are_not_sent_twice():
    subscriber(pace="instant")
    article = publish()
    tasks.announce()
    article.revised_at = timezone.now()
    article.save()
    article.withdraw(by=None)
    tasks.announce()
    article.publish(by=None)
    tasks.announce()

    assert len(told()) == 1


def test_an_article_taken_down_before_it_goes_out_is_not_sent_and_later_is():
    subscriber(pace="instant")
    article = publish()
    tasks.announce()
    article.withdraw(by=None)
    tasks.announce()
    assert told() == []
    assert not Message.objects.exists()

    article.publish(by=None)
    tasks.announce()
    tasks.announce()

    assert len(told()) == 1


def test_an_article_taken_down_while_its_mails_go_out_is_not_sent_and_later_is():
    subscriber(pace="instant")
    article = publish()
    tasks.announce()
    article.withdraw(by=None)

    assert told() == []
    assert not Message.objects.exists()

    article.publish(by=None)
    tasks.announce()
    assert len(told()) == 1


def test_whoever_got_it_before_it_was_taken_down_does_not_get_it_again():
    first, second = subscriber(pace="instant"), subscriber(pace="instant")
    article = publish()
    tasks.announce()
    gone_out = {"state": MailState.SENT, "sent_at": timezone.now()}
    Message.objects.filter(about_id=first.pk).update(**gone_out)
    article.withdraw(by=None)
    tasks.announce()

    article.publish(by=None)
    tasks.announce()

    sent_to = [first.email, second.email]
    assert list(Message.objects.order_by("pk").values_list("to", flat=True)) == sent_to


# --- in which language ----------------------------------------------------------------------------


def test_each_reader_gets_it_in_their_language_with_the_address_in_it():
    for language in ("ko", "en", "zh-hans"):
        subscriber(f"{language}@example.org", language=language, pace="instant")
    article = publish()
    tasks.announce()

    letters = {letter.to[0].split("@")[0]: letter for letter in delivered()}

    titles = {"ko": article.title_ko, "en": article.title_en, "zh-hans": article.title_zh_hans}
    prefix = {"ko": "", "en": "/en", "zh-hans": "/zh-hans"}
    for language, letter in letters.items():
        assert letter.subject == titles[language]
        assert links_in(letter)[0] == f"{prefix[language]}/news/{article.slug}/"
    assert len(letters) == 3


def test_a_text_in_another_language_is_marked():
    subscriber(language="zh-hans", pace="instant")
    publish(title_en="", title_zh_hans="", summary_en="", summary_zh_hans="")
    tasks.announce()

    letter = delivered()[0]

    assert letter.subject.startswith("새 소식")
    assert "한국어" in str(letter.body)


def test_a_title_can_put_nothing_into_the_headers():
    subscriber(pace="instant")
    publish(title_en="News\r\nBcc: all@example.org")
    tasks.announce()

    letter = delivered()[0]

    assert letter.subject == "News Bcc: all@example.org"
    assert letter.bcc == []


# --- once -----------------------------------------------------------------------------------------


def test_running_twice_sends_once():
    for _number in range(3):
        subscriber(pace="instant")
    publish()

    for _time in range(3):
        tasks.announce()

    assert len(told()) == 3
    assert Delivery.objects.count() == 3


def test_an_announcement_that_was_interrupted_goes_on(monkeypatch):
    monkeypatch.setattr(instant, "HANDFUL", 2)
    for _number in range(5):
        subscriber(pace="instant")
    publish()
    announcing.notice()
    pk = Announcement.objects.get().pk
    assert instant._handful(pk) == 2

    tasks.announce()

    assert Message.objects.count() == Delivery.objects.count() == 5
    assert len({address for address, _subject in told()}) == 5


@pytest.mark.thorough
def test_questions_of_a_handful_do_not_grow_with_the_people(django_assert_max_num_queries):
    for _number in range(2):
        subscriber(pace="instant")
    # The first mails of a process ask for what all others use.
    publish()
    announcing.notice()
    instant.send_due()
    few, many = publish(), None
    announcing.notice()
    with CaptureQueriesContext(connection) as with_two:
        instant.send_due()
    for _number in range(18):
        subscriber(pace="instant")
    many = publish()
    announcing.notice()
    with CaptureQueriesContext(connection) as with_twenty:
        instant.send_due()

    assert few != many
    # One more for each mail: the row in the outbox.
    assert len(with_twenty) - len(with_two) == 18


# --- leaving --------------------------------------------------------------------------------------


def test_every_mail_says_how_to_leave_in_headers_and_in_words(client: Client, time_machine):
    time_machine.move_to(TUESDAY)
    instantly, weekly = subscriber(pace="instant"), subscriber()
    publish()
    tasks.announce()
    time_machine.move_to(MONDAY)
    tasks.send_digests()

    for row in (instantly, weekly):
        (letter,) = [one for one in delivered() if one.to == [row.email]]
        leave = letter.extra_headers["List-Unsubscribe"]
        assert leave == f"<http://localhost:8000/en{_bare(addresses.path_to_leave(row))}>"
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert links_in(letter)[1 if row is instantly else -2].endswith(
            _bare(addresses.path_to_change(row))
        )
        one_click = Client(enforce_csrf_checks=True)
        answer = one_click.post(
            leave.strip("<>").partition("localhost:8000")[2],
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200
        row.refresh_from_db()
        assert row.state == State.ENDED


def _bare(path: str) -> str:
    return path.removeprefix("/en")


def test_staff_do_not_read_the_address_to_leave(admin_client: Client):
    from oda_portal.mail.admin.outbox import shown

    row = subscriber(pace="instant")
    publish()
    tasks.announce()

    text = shown(Message.objects.get())[1]

    assert addresses.signature_of(row.key) not in text


# --- every two years ------------------------------------------------------------------------------


def test_consent_is_asked_for_again_and_kept_by_whoever_answers(client: Client, time_machine):
    consent_texts.load(in_force=True)
    row = subscriber(reconfirm_by=timezone.now() + timedelta(days=29))
    for _time in range(2):
        tasks.renew_subscriptions()
    assert len(told()) == 1

    link = mailed_link("subscription_renew")
    client.get(link)
    client.post(link, {"consent_subscription": "no.1", "consent_news_promotion": "no.1"})
    row.refresh_from_db()
    assert row.renewal_asked_at is not None

    client.post(link, {"consent_subscription": "yes.1", "consent_news_promotion": "yes.1"})

    row.refresh_from_db()
    assert row.reconfirm_by > timezone.now() + CONSENT_LASTS - timedelta(minutes=1)
    assert (row.renewal_asked_at, row.promotion) == (None, True)
    assert consents.has_given(row, "subscription")


def test_whoever_does_not_answer_gets_no_more(time_machine):
    row = subscriber(reconfirm_by=timezone.now() + timedelta(days=29))
    tasks.renew_subscriptions()
    delivered()

    time_machine.move_to(timezone.now() + timedelta(days=30))
    tasks.renew_subscriptions()

    row.refresh_from_db()
    assert row.state == State.ENDED


def test_nobodys_ends_before_they_had_time_to_answer():
    row = subscriber(reconfirm_by=timezone.now() - timedelta(days=3))

    for _time in range(2):
        renewing.run()

    row.refresh_from_db()
    assert row.state == State.ACTIVE
    assert Message.objects.filter(kind="subscription_renew").count() == 1
