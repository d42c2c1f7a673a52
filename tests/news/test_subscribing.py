"""Asking for news by email, confirming it, changing it, and leaving by every door."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from news.models import Subscription
from news.models.subscriptions import State
from news.subscribing import addresses
from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy import consent_texts, consents
from tests.factories import ArticleFactory, CountryFactory, ProgramFactory, ThemeFactory
from tests.letters import delivered
from tests.news.subscribers import FORM, ask, mailed_link, subscriber

pytestmark = pytest.mark.django_db


def only() -> Subscription:
    return Subscription.objects.get()


# --- asking ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_the_form_shows_every_facet_and_nothing_ticked(client: Client, prefix: str):
    consent_texts.load(in_force=True)
    program = ProgramFactory()
    program.themes.add(ThemeFactory())
    article = ArticleFactory()
    article.countries.add(CountryFactory())

    page = client.get(f"{prefix}/news/subscribe/").content.decode()

    for name in ("kinds", "countries", "themes", "programs", "consent_subscription"):
        assert f'name="{name}"' in page
    assert " checked" not in page


@pytest.mark.thorough
@pytest.mark.parametrize("page", ["form", "change", "leave"])
def test_a_page_asks_as_much_of_the_database_with_many_choices(
    client: Client, uncached_queries, page: str
):
    consent_texts.load(in_force=True)

    def programs(number: int) -> list:
        made = []
        for _number in range(number):
            made.append(ProgramFactory())
            made[-1].themes.add(ThemeFactory())
            ArticleFactory().countries.add(CountryFactory())
        return made

    row = subscriber(kinds=["press"], programs=programs(1))
    address = {
        "form": FORM,
        "change": addresses.path_to_change(row),
        "leave": addresses.path_to_leave(row),
    }[page]
    few = uncached_queries(client, address)
    row.programs.add(*programs(20))

    assert uncached_queries(client, address) == few <= 14


def test_without_a_consent_text_in_force_nobody_can_subscribe(client: Client):
    consent_texts.load(in_force=False)

    page = client.post(FORM, {"email": "reader@example.org", "pace": "weekly", "language": "en"})

    assert page.status_code == 409
    assert not Subscription.objects.exists()


def test_asking_keeps_what_was_chosen_and_sends_one_link(client: Client):
    country, theme, program = CountryFactory(), ThemeFactory(), ProgramFactory()
    program.themes.add(theme)
    ArticleFactory().countries.add(country)

    page = ask(
        client, kinds=["press", "story"], countries=[country.code], themes=[theme.slug],
        programs=[program.code], email="Reader@Example.org", consent_news_promotion="yes.1",
    ).content.decode()  # fmt: skip

    row = only()
    assert "reader@example.org" in page
    assert (row.email, row.state, row.pace) == ("reader@example.org", State.WAITING, "weekly")
    assert (row.kinds, row.promotion) == (["press", "story"], True)
    assert list(row.countries.all()) == [country]
    assert list(row.themes.all()) == [theme]
    assert list(row.programs.all()) == [program]
    assert consents.has_given(row, "subscription")
    letter = delivered()[0]
    assert letter.subject == "Confirm your subscription"
    assert "List-Unsubscribe" not in letter.extra_headers


@pytest.mark.parametrize(
    "answers",
    [
        {"email": ""},
        {"email": "nobody"},
        {"email": "reader@example.org\nBcc: all@example.org"},
        {"email": "reader@example.org, other@example.org"},
        {"email": "reader\x00@example.org"},
        {"email": "reäder@example.org"},
        {"email": "a" * 300 + "@example.org"},
        {"pace": "hourly"},
        {"language": "fr"},
        {"kinds": ["rumour"]},
        {"countries": ["ZZ' OR 1=1"]},
        {"themes": ["9" * 40]},
        {"programs": ["\x00"]},
        {"old_enough": ""},
        {"consent_subscription": ""},
        {"consent_subscription": "no.1"},
        {"consent_news_promotion": "yes.7"},
    ],
)
def test_bad_input_is_answered_and_keeps_nothing(client: Client, answers: dict):
    ProgramFactory().themes.add(ThemeFactory())
    ArticleFactory().countries.add(CountryFactory())

    response = ask(client, **answers)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Subscription.objects.exists()
    assert not Message.objects.exists()


def test_nobody_learns_whether_an_address_is_known(client: Client):
    subscriber("known@example.org")

    pages = {
        ask(client, email=email).content.decode().replace(email, "…")
        for email in ("known@example.org", "fresh@example.org", "known@example.org")
    }

    assert len(pages) == 1
    sent = Message.objects.order_by("pk").values_list("to", "kind")
    assert list(sent) == [
        ("known@example.org", "subscription_exists"),
        ("fresh@example.org", "subscription_confirm"),
    ]


def test_a_known_address_gets_the_way_to_its_own_page(client: Client):
    row = subscriber("known@example.org")
    ask(client, email="known@example.org", kinds=["press"])

    page = client.get(mailed_link("subscription_exists"), follow=True)

    assert page.redirect_chain[-1][0].endswith(addresses.path_to_change(row))
    row.refresh_from_db()
    assert row.kinds == []


def test_asking_again_before_confirming_changes_what_waits_and_sends_no_second_mail(client: Client):
    ask(client, kinds=["press"])
    ask(client, kinds=["story"], pace="instant")

    assert (only().kinds, only().pace) == (["story"], "instant")
    assert Message.objects.count() == 1


def test_an_address_gets_five_mails_a_day_at_most(client: Client, time_machine):
    consent_texts.load(in_force=True)
    begin = timezone.now()
    for quarter in range(8):
        time_machine.move_to(begin + timedelta(minutes=15 * quarter))
        ask(client)

    assert Message.objects.count() == 5


def test_a_mailbox_is_not_filled_by_addresses_that_lead_to_it():
    for number in range(15):
        browser = Client(REMOTE_ADDR=f"203.0.113.{number}")
        ask(browser, email=f"reader+{number}@example.org")

    assert Message.objects.count() == 10


def test_a_known_address_costs_the_same_work_and_keeps_none_of_it(client: Client):
    """How long the answer takes must not tell what the page does not say."""
    country = CountryFactory()
    ArticleFactory().countries.add(country)
    new = {"countries": [country.code], "language": "ko", "consent_news_promotion": "yes.1"}
    known = subscriber("known@example.org")
    ask(client, email="first@example.org")

    asked = []
    for email in ("new@example.org", "known@example.org"):
        with CaptureQueriesContext(connection) as queries:
            ask(client, email=email, **new)
        asked.append(
            sum(" consent" in query["sql"] or "INSERT" in query["sql"] for query in queries)
        )

    known.refresh_from_db()
    assert (known.language, known.promotion, known.countries.count()) == ("en", False, 0)
    assert not consents.has_given(known, "subscription")
    letter = next(letter for letter in delivered() if letter.to == ["known@example.org"])
    assert letter.subject == "You already get our updates"
    assert asked[1] >= asked[0] - 1  # the row of the new one


def test_a_household_asks_ten_times_an_hour_at_most(client: Client):
    pages = [ask(client, email=f"reader{number}@example.org") for number in range(12)]

    assert [page.status_code for page in pages] == [200] * 10 + [429] * 2
    assert Subscription.objects.count() == 10


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'",
    reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
)
def test_fifty_forms_at_once_are_one_subscription_and_one_mail():
    consent_texts.load(in_force=True)
    start = Barrier(25)

    def post(number: int) -> int:
        try:
            browser = Client(REMOTE_ADDR=f"10.0.0.{number}")
            start.wait(timeout=30)
            return ask(browser).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(25) as threads:
        answers = list(threads.map(post, range(50)))

    assert answers == [200] * 50
    assert Subscription.objects.count() == 1
    assert Message.objects.count() == 1


def test_an_address_has_one_live_subscription_by_the_database_too():
    subscriber("reader@example.org", state=State.ENDED, ended_at=timezone.now())
    subscriber("reader@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        subscriber("reader@example.org")


# --- confirming -----------------------------------------------------------------------------------


def test_only_the_button_behind_the_link_confirms(client: Client):
    ask(client)
    link = mailed_link("subscription_confirm")

    looked = client.get(link)
    assert only().state == State.WAITING
    assert "All news" in looked.content.decode()

    client.post(link)
    client.post(link)

    row = only()
    assert row.state == State.ACTIVE
    assert row.reconfirm_by - row.confirmed_at == timedelta(days=730)
    assert row.covered_until == row.confirmed_at
    assert "Your subscription is confirmed." in client.get(link).content.decode()
    moves = Transition.objects.filter(object_id=row.pk, field="state")
    assert list(moves.values_list("from_state", "to_state")) == [("waiting", "active")]


def test_a_link_that_is_too_old_confirms_nothing(client: Client, time_machine):
    ask(client)
    link = mailed_link("subscription_confirm")
    time_machine.move_to(timezone.now() + timedelta(days=7, minutes=1))

    response = client.post(link)

    assert response.status_code == 410
    assert reverse("subscribing:subscribe") in response.content.decode()
    assert only().state == State.WAITING


def test_a_forged_link_confirms_nothing(client: Client):
    ask(client)
    link = mailed_link("subscription_confirm")
    forged = [f"{link[:-5]}AAAA/", "/mail/x/", f"/mail/{'A' * 32}/"]

    assert {client.post(address).status_code for address in forged} == {404}
    assert only().state == State.WAITING


def test_the_link_of_one_that_has_ended_begins_nothing(client: Client):
    ask(client)
    link = mailed_link("subscription_confirm")
    only().end(by=None)

    page = client.post(link, follow=True)

    assert only().state == State.ENDED
    assert "This subscription has ended" in page.content.decode()


# --- changing -------------------------------------------------------------------------------------


def test_whoever_holds_the_address_changes_what_is_sent(client: Client):
    consent_texts.load(in_force=True)
    row = subscriber(kinds=["press"])
    page = addresses.path_to_change(row)
    assert 'value="press" id="id_kinds_1" checked' in _squeezed(client.get(page))

    sent = {"kinds": ["story"], "pace": "weekly", "language": "ko",
            "consent_news_promotion": "yes.1"}  # fmt: skip
    client.post(page, sent)
    client.post(page, sent)

    row.refresh_from_db()
    assert (row.kinds, row.language, row.promotion) == (["story"], "ko", True)
    assert consents.has_given(row, "news_promotion")
    assert len(consents.latest(row)) == 1


def test_taking_the_consent_to_promotion_back_leaves_the_news(client: Client):
    consent_texts.load(in_force=True)
    row = subscriber(promotion=True)
    text = consents.current_texts(["news_promotion"])[0]
    given = consents.give(row, text, given=True, by=None)

    consents.take_back(given, by=None)

    row.refresh_from_db()
    assert (row.promotion, row.state) == (False, State.ACTIVE)


def _squeezed(response) -> str:
    return " ".join(response.content.decode().split())


FORGED = [
    (uuid.UUID(int=1), "x"),
    (uuid.UUID(int=1), addresses.signature_of(uuid.UUID(int=1))),
    (uuid.UUID(int=1), "한"),
]


@pytest.mark.parametrize("page", ["change", "leave"])
def test_forged_addresses_open_nothing_and_change_nothing(client: Client, page: str):
    row = subscriber()
    right = addresses.signature_of(row.key)
    forged = [*FORGED, (row.key, "x"), (row.key, right[:-1]), (row.key, right.swapcase()),
              (row.key, addresses.signature_of(uuid.UUID(int=2)))]  # fmt: skip

    for key, signature in forged:
        address = reverse(f"subscribing:{page}", args=[key, signature])
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 404
            assert "This link does not work" in answer.content.decode() or "링크" in (
                answer.content.decode()
            )
    row.refresh_from_db()
    assert row.state == State.ACTIVE


def test_a_subscription_that_waits_is_opened_by_its_confirmation_alone(client: Client):
    ask(client)

    for path in (addresses.path_to_change(only()), addresses.path_to_leave(only())):
        assert client.get(path).status_code == client.post(path).status_code == 404
    assert only().state == State.WAITING


# --- leaving --------------------------------------------------------------------------------------


def test_looking_at_the_page_to_leave_changes_nothing(client: Client):
    row = subscriber()

    assert client.get(addresses.path_to_leave(row)).status_code == 200
    client.head(addresses.path_to_leave(row))

    row.refresh_from_db()
    assert row.state == State.ACTIVE


def test_one_click_of_a_mail_program_ends_it_without_cookie_or_token():
    consent_texts.load(in_force=True)
    row = subscriber(kinds=["press"], themes=[ThemeFactory()])
    consents.give(row, consents.current_texts(["subscription"])[0], given=True, by=None)
    program = Client(enforce_csrf_checks=True)

    answers = [
        program.post(addresses.path_to_leave(row), {"List-Unsubscribe": "One-Click"})
        for _time in range(2)
    ]

    row.refresh_from_db()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (row.state, row.kinds, row.themes.count()) == (State.ENDED, [], 0)
    assert not consents.has_given(row, "subscription")
    assert Transition.objects.filter(object_id=row.pk, to_state="ended").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_fifty_clicks_at_once_end_it_once():
    row = subscriber()
    start = Barrier(25)

    def post(_number: int) -> int:
        try:
            start.wait(timeout=30)
            return Client().post(addresses.path_to_leave(row)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(25) as threads:
        assert list(threads.map(post, range(50))) == [200] * 50
    assert Transition.objects.filter(object_id=row.pk, to_state="ended").count() == 1


def test_mails_that_wait_are_not_sent_to_whoever_has_left(client: Client):
    ask(client)
    row = only()
    row.confirm(by=None)

    client.post(addresses.path_to_leave(row))

    assert delivered() == []
    assert not Message.objects.exists()


def test_after_leaving_one_may_subscribe_again(client: Client):
    row = subscriber("reader@example.org")
    client.post(addresses.path_to_leave(row))
    ask(client)

    client.post(mailed_link("subscription_confirm"))

    states = Subscription.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [State.ENDED, State.ACTIVE]


def test_the_addresses_of_a_subscription_stand_in_no_page_of_theirs_for_others(client: Client):
    page = client.get(addresses.path_to_leave(subscriber()))

    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in page.headers["Cache-Control"]
