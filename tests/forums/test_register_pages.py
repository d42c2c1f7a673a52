"""Registering by a mailed link or with an account, and the pages of one registration."""

from __future__ import annotations

import uuid
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forums.models import Need, Registration
from forums.models.registrations import State
from forums.registering import acts, addresses, sessions
from oda_portal.mail.models import Message
from oda_portal.privacy import consent_texts, consents
from tests.factories import ForumFactory, ProgramFactory, UserFactory
from tests.letters import delivered

from .registering import (
    ANSWERS,
    agreed,
    ask_for_link,
    asking,
    details,
    fresh,
    mailed_link,
    open_forum,
    registered,
    session_with,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _texts() -> None:
    consent_texts.load(in_force=True)


def only() -> Registration:
    return Registration.objects.select_related("forum__program", "forum__pool").get()


def member(email: str = "member@example.org", **values):  # type: ignore[no-untyped-def]
    user = UserFactory(email=email, **values)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


# --- without an account ----------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_an_address_a_link_a_form_and_a_ticket(client: Client, prefix: str):
    forum = open_forum()

    link = ask_for_link(client, forum, "Visitor@Example.org", prefix=prefix)
    form = client.get(link)
    assert form.status_code == 200
    assert "visitor@example.org" in form.content.decode()
    assert not Registration.objects.exists()  # looking registers nobody

    done = client.post(link, {**ANSWERS, "size": "3"}, follow=True)

    row = only()
    assert done.redirect_chain[-1][0].endswith(addresses.path_to(row))
    assert (row.email, row.size, row.language, row.user) == ("visitor@example.org", 3, "en", None)
    assert row.state == State.CONFIRMED
    page = done.content.decode()
    assert row.number in page
    assert "ticket.svg" in page
    assert consents.has_given(row, "attendance")
    assert not consents.has_given(row, "attendance_needs")
    ticket = client.get(addresses.path_to(row, "qr"))
    assert ticket["Content-Type"] == "image/svg+xml"
    assert b"<svg" in ticket.content
    assert "no-store" in ticket["Cache-Control"]


def test_the_confirmation_leads_to_the_page_with_the_ticket(client: Client):
    forum = open_forum()
    client.post(ask_for_link(client, forum, "a@example.org"), ANSWERS)

    page = client.get(mailed_link("a@example.org"), follow=True)

    assert only().number in page.content.decode()
    assert page.redirect_chain


def test_the_page_with_the_ticket_leads_to_a_calendar_that_there_is(client: Client):
    forum = open_forum()
    own = addresses.path_to(registered(forum, "a@example.org"))
    calendar = reverse("forums:programme_calendar", args=[forum.slug])

    assert f'href="{calendar}"' in client.get(own).content.decode()
    assert client.get(calendar)["Content-Type"].startswith("text/calendar")

    forum.program.precision = "month"
    forum.program.save()
    assert f'href="{calendar}"' not in client.get(own).content.decode()


def test_the_same_form_twice_and_the_link_once_more_are_one_registration(client: Client):
    forum = open_forum()
    link = ask_for_link(client, forum, "a@example.org")

    first = client.post(link, ANSWERS)
    second = client.post(link, {**ANSWERS, "name": "다른 이름"})
    third = client.get(link)

    assert first.url == second.url == third.url
    assert only().name == "김하늘"


def test_the_page_says_the_same_of_an_address_that_is_registered(client: Client):
    forum = open_forum()
    registered(forum, "known@example.org")

    pages = [
        client.post(f"/en/forums/{forum.slug}/register/", asking(email)).content.decode()
        for email in ("known@example.org", "fresh@example.org")
    ]

    assert pages[0].replace("known@", "fresh@") == pages[1]
    link = mailed_link("known@example.org")
    assert client.get(link).url.endswith(addresses.path_to(only()))


def test_asking_again_within_minutes_sends_one_link_and_a_mailbox_has_its_limit(client: Client):
    forum = open_forum()
    address = f"/forums/{forum.slug}/register/"

    for _time in range(3):
        client.post(address, asking("a@example.org"))
    for number in range(8):
        client.post(address, asking(f"b+{number}@example.org"))

    assert Message.objects.filter(to="a@example.org").count() == 1
    assert Message.objects.filter(to__startswith="b+").count() <= 5


def test_one_network_asks_for_so_many_links_an_hour(client: Client):
    forum = open_forum()
    answers = [
        client.post(f"/forums/{forum.slug}/register/", asking(f"{number}@example.org"))
        for number in range(41)
    ]

    assert [page.status_code for page in answers] == [200] * 40 + [429]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "가" * 81),
        ("name", "900101-1234567"),
        ("size", "0"),
        ("size", "6"),
        ("size", "many"),
        ("needs", "900101-1234567"),
        ("needs", "x" * 501),
        ("needs", "휠체어"),  # without the consent to keep it
        ("language", "fr"),
        ("consent_attendance", "no.1"),
        ("consent_attendance", ""),
        ("old_enough", ""),
        ("sessions", "123456"),
        ("sessions", "x"),
    ],
)
def test_bad_input_is_said_and_nothing_is_lost(client: Client, field: str, value: str):
    forum = open_forum()
    session_with(5, forum)
    link = ask_for_link(client, forum, "a@example.org", prefix="/en")
    sent = {**ANSWERS, "affiliation": "부산대학교", field: value}

    page = client.post(link, sent)

    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert "부산대학교" in page.content.decode()
    assert not Registration.objects.exists()


def test_needs_are_kept_with_their_consent(client: Client):
    forum = open_forum()
    link = ask_for_link(client, forum, "a@example.org")

    client.post(link, {**ANSWERS, "needs": "휠체어", "consent_attendance_needs": "yes.1"})

    assert Need.objects.get().text == "휠체어"
    assert "휠체어" not in str(list(Message.objects.values_list("context", flat=True)))


def test_two_sessions_at_the_same_time_are_refused(client: Client):
    forum = open_forum()
    first, second = session_with(5, forum), session_with(5, forum)
    link = ask_for_link(client, forum, "a@example.org", prefix="/en")

    page = client.post(link, {**ANSWERS, "sessions": [first.pk, second.pk]})

    assert "at the same time" in page.content.decode()
    assert not Registration.objects.exists()


# --- with an account -------------------------------------------------------------------------------


def test_whoever_is_signed_in_goes_straight_to_the_form(client: Client):
    forum, user = open_forum(), member(name="이바다")
    client.force_login(user)

    page = client.get(f"/forums/{forum.slug}/register/")
    assert 'value="이바다"' in page.content.decode()
    client.post(f"/forums/{forum.slug}/register/", ANSWERS)

    row = only()
    assert (row.user, row.email) == (user, "member@example.org")
    assert list(Registration.objects.visible_to(user)) == [row]
    own = client.get("/accounts/")
    assert addresses.path_to(row) in own.content.decode()
    assert client.get(f"/forums/{forum.slug}/register/").url == addresses.path_to(row)


def test_an_address_that_was_not_confirmed_gets_a_link_like_any_other(client: Client):
    forum, user = open_forum(), UserFactory(email="claimed@example.org")
    client.force_login(user)

    page = client.post(f"/forums/{forum.slug}/register/", ANSWERS)

    assert page.status_code == 200
    assert not Registration.objects.exists()


def test_another_account_that_follows_the_link_does_not_own_what_it_makes(client: Client):
    forum = open_forum()
    link = ask_for_link(client, forum, "a@example.org")
    client.force_login(member("other@example.org"))

    client.post(link, ANSWERS)

    assert only().user is None


# --- when it cannot be -------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
@pytest.mark.parametrize("phase", ["before", "after", "never"])
def test_a_registration_that_is_not_open_says_so(client: Client, prefix: str, phase: str):
    forum, now = open_forum(), timezone.now()
    if phase == "before":
        forum.registration_opens_at = now + timedelta(days=1)
    elif phase == "after":
        forum.registration_closes_at = now - timedelta(minutes=1)
    else:
        forum.registration_opens_at = forum.registration_closes_at = None
    forum.save()

    page = client.get(f"{prefix}/forums/{forum.slug}/register/")

    assert page.status_code == 409
    assert forum.get_absolute_url().removeprefix("/en") in page.content.decode()


def test_a_form_that_comes_after_the_end_is_not_lost_without_a_word(client: Client):
    forum = open_forum()
    link = ask_for_link(client, forum, "a@example.org", prefix="/en")
    type(forum).objects.update(registration_closes_at=timezone.now())

    page = client.post(link, ANSWERS)

    assert page.status_code == 409
    assert "It closed at" in page.content.decode()
    assert not Registration.objects.exists()


def test_nobody_learns_of_an_event_that_is_not_public(client: Client):
    hidden = ForumFactory(program=ProgramFactory(kind="forum", modality="", status="draft"))

    assert client.get(f"/forums/{hidden.slug}/register/").status_code == 404
    assert client.get("/forums/nothing/register/").status_code == 404


def test_without_a_consent_text_in_force_nobody_can_register(client: Client):
    forum = open_forum()
    link = ask_for_link(client, forum, "a@example.org")
    type(consents.current_texts(["attendance"])[0]).objects.update(valid_from=None)

    assert client.post(link, ANSWERS).status_code == 409
    assert not Registration.objects.exists()


# --- the page of a registration -----------------------------------------------------------------------


class Forms(HTMLParser):
    """Names of the buttons of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):  # type: ignore[no-untyped-def]
        values = dict(attrs)
        if tag == "button" and values.get("name"):
            self.names.append(values["name"])


def buttons(client: Client, row: Registration) -> list[str]:
    page = client.get(addresses.path_to(row)).content.decode()
    return [name for name in Forms(page).names if name != "theme"]


def test_the_page_offers_what_can_be_done_and_does_it(client: Client):
    forum = open_forum(places=1)
    first, second = registered(forum, "a@example.org"), registered(forum, "b@example.org")
    agreed(first)

    assert buttons(client, second) == ["decline"]
    client.post(addresses.path_to(first, "cancel"))
    assert buttons(client, second) == ["accept", "decline"]
    client.post(addresses.path_to(second), {"accept": "1"})
    assert fresh(second).state == State.CONFIRMED
    assert buttons(client, first) == ["again"]
    client.post(addresses.path_to(first), {"again": "1"})
    assert fresh(first).state == State.WAITING
    client.post(addresses.path_to(first), {"decline": "1"})
    assert fresh(first).state == State.CANCELLED


def test_whoever_took_the_consent_back_is_led_to_the_form_that_asks_for_it(client: Client):
    forum = open_forum()
    row = agreed(registered(forum, "a@example.org"))
    consents.withdraw(row, "attendance", by=None)

    assert buttons(client, row) == []
    begin = f"/forums/{forum.slug}/register/"
    assert f'href="{begin}"' in client.get(addresses.path_to(row)).content.decode()
    delivered()  # the letters so far
    client.post(ask_for_link(client, forum, "a@example.org"), ANSWERS)

    assert fresh(row).state == State.CONFIRMED
    assert consents.has_given(row, "attendance")


@pytest.mark.parametrize("how", ["button", "form"])
def test_coming_again_and_again_sends_no_mails_without_end(client: Client, how: str):
    forum = open_forum()
    link = ask_for_link(client, forum, "a@example.org")
    client.post(link, ANSWERS)
    own = f"/en{addresses.path_to(only())}"

    for _time in range(8):
        client.post(f"{own}cancel/")
        if how == "button":
            page = client.post(own, {"again": "1"}, follow=True)
        else:
            page = client.post(f"/en{link}", ANSWERS, follow=True)

    assert "too often today" in page.content.decode()
    assert fresh(only()).state == State.CANCELLED
    assert Message.objects.filter(kind="registration_confirmed").count() == 1 + 5
    assert Message.objects.filter(kind="registration_cancelled").count() == 1 + 5


def test_an_answer_that_comes_too_late_is_told(client: Client):
    forum = open_forum(places=1)
    row = registered(forum, "a@example.org")

    page = client.post("/en" + addresses.path_to(row), {"accept": "1"}, follow=True)

    assert "This is no longer possible" in page.content.decode()


def test_looking_at_a_page_cancels_nothing(client: Client):
    row = registered(open_forum(), "a@example.org")

    assert client.get(addresses.path_to(row, "cancel")).status_code == 200
    assert fresh(row).state == State.CONFIRMED
    client.post(addresses.path_to(row, "cancel"))
    client.post(addresses.path_to(row, "cancel"))
    assert fresh(row).state == State.CANCELLED
    assert Message.objects.filter(kind="registration_cancelled").count() == 1


def test_details_and_sessions_are_changed_by_the_link(client: Client):
    forum = open_forum(places=3)
    one, two = session_with(5, forum), session_with(5, forum, hour=14)
    row = registered(forum, "a@example.org", chosen=[one], needs="통역")
    address = addresses.path_to(row, "change")

    page = client.get(address).content.decode()
    assert "통역" in page
    assert f'value="{one.pk}" id="id_sessions_0" checked' in page
    changed = {**ANSWERS, "name": "박나무", "size": "2", "sessions": [two.pk]}
    client.post(address, changed)

    row = fresh(row)
    assert (row.name, row.size) == ("박나무", 2)
    assert not Need.objects.exists()
    assert [held.session for held in sessions.held_by(row)] == [two]
    full = client.post(address, {**changed, "size": "5"})
    assert "error-summary" in full.content.decode()
    assert fresh(row).size == 2


def test_sessions_are_accepted_and_left_by_the_page(client: Client):
    forum = open_forum()
    small = session_with(1, forum)
    first = registered(forum, "a@example.org", chosen=[small])
    second = registered(forum, "b@example.org", chosen=[small])

    client.post(addresses.path_to(first), {"leave_session": str(small.pk)})
    assert buttons(client, second) == ["accept_session", "leave_session"]
    client.post(addresses.path_to(second), {"accept_session": str(small.pk)})

    assert [held.is_held for held in sessions.held_by(fresh(second))] == [True]
    for forged in ("999999", "x", "", str(session_with(3, forum).pk)):
        client.post(addresses.path_to(second), {"leave_session": forged})
    assert [held.is_held for held in sessions.held_by(fresh(second))] == [True]


@pytest.mark.parametrize("page", ["", "change/", "cancel/", "ticket.svg"])
def test_a_forged_address_opens_nothing(client: Client, page: str):
    row = registered(open_forum(), "a@example.org")
    right = addresses.signature_of(row.uuid)

    for key, signature in ((row.uuid, "x" * 24), (uuid.uuid4(), right), (row.uuid, "é")):
        address = f"/mail/registrations/{key}/{signature}/{page}"
        assert client.get(address).status_code == 404
        if page != "ticket.svg":
            assert client.post(address).status_code == 404
    assert fresh(row).state == State.CONFIRMED


def test_who_has_no_place_has_no_ticket(client: Client):
    forum = open_forum(places=1)
    registered(forum, "a@example.org")
    row = registered(forum, "b@example.org")

    assert client.get(addresses.path_to(row, "qr")).status_code == 404
    assert "ticket.svg" not in client.get(addresses.path_to(row)).content.decode()


def test_own_pages_are_kept_by_nobody_and_name_their_address_nowhere(client: Client):
    row = registered(open_forum(), "a@example.org")

    page = client.get(addresses.path_to(row))

    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "strict-origin"
    assert "noindex" in page["X-Robots-Tag"]
    assert 'rel="canonical"' not in page.content.decode()


@pytest.mark.thorough
def test_own_pages_ask_as_much_of_the_database_with_many_sessions(client: Client, uncached_queries):
    forum = open_forum()
    chosen = [session_with(5, forum, hour=8)]
    row = registered(forum, "a@example.org", chosen=chosen)
    paths = [addresses.path_to(row, page) for page in ("own", "change")]
    few = [uncached_queries(client, path) for path in paths]
    chosen += [session_with(5, forum, hour=hour) for hour in range(9, 20)]
    acts.change(fresh(row), details=details(), chosen=chosen, by=None)

    assert [uncached_queries(client, path) for path in paths] == few
    assert max(few) <= 24


def test_the_box_on_the_page_of_the_event_follows_the_clock(client: Client):
    forum = open_forum()

    assert (
        f"/forums/{forum.slug}/register/" in client.get(forum.get_absolute_url()).content.decode()
    )
