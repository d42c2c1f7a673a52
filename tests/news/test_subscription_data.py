"""Subscribers' data: what staff see of them, what a person gets and ends, and how they go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from news.models import Delivery, Subscription
from news.models.subscriptions import State
from news.subscribing import addresses, tasks
from news.subscribing.privacy import ENDED, UNCONFIRMED
from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy import archive, consent_texts, consents, retention
from oda_portal.privacy.closing import close_account
from oda_portal.privacy.destruction import destroy
from oda_portal.privacy.models import AccessSubject, Consent, DestructionLedger
from oda_portal.privacy.registry import entry_of
from tests.doors import sign_in_staff
from tests.factories import ArticleFactory, StaffFactory
from tests.letters import delivered
from tests.news.subscribers import ask, mailed_link, publish, subscriber
from tests.volunteers.applicants import person

pytestmark = pytest.mark.django_db


# --- in the back office ---------------------------------------------------------------------------


def test_the_list_shows_masked_addresses_and_each_look_is_recorded(client: Client):
    row = subscriber("reader@example.org")
    sign_in_staff(client, StaffFactory())

    page = client.get(reverse("admin:news_subscription_changelist")).content.decode()

    assert "r••••@example.org" in page
    assert "reader@example.org" not in page
    looks = AccessSubject.objects.filter(label="news.subscription", object_id=row.pk)
    assert looks.count() == 1
    client.get(reverse("admin:news_subscription_change", args=[row.pk]))
    assert looks.count() == 2


@pytest.mark.thorough
def test_the_list_asks_as_much_with_many(client: Client, uncached_queries):
    sign_in_staff(client, StaffFactory())
    subscriber()
    page = reverse("admin:news_subscription_changelist")
    one = uncached_queries(client, page)
    for _number in range(20):
        subscriber()

    assert uncached_queries(client, page) == one


def test_staff_end_a_subscription_for_whoever_asks_with_a_reason(client: Client):
    row = subscriber()
    staff = StaffFactory()
    sign_in_staff(client, staff)
    page = reverse("admin:news_subscription_end", args=[row.pk])

    client.get(page)
    row.refresh_from_db()
    assert row.state == State.ACTIVE

    client.post(page, {"reason": "asked by telephone"})
    client.post(page, {"reason": "once more"})

    row.refresh_from_db()
    assert row.state == State.ENDED
    moves = Transition.objects.filter(object_id=row.pk, to_state="ended")
    assert list(moves.values_list("by", "reason")) == [(staff.pk, "asked by telephone")]


# --- on My page -----------------------------------------------------------------------------------


def test_my_page_lists_the_subscriptions_of_confirmed_addresses(client: Client):
    user = person(email="me@example.org")
    EmailAddress.objects.create(user=user, email="not-yet@example.org", verified=False)
    mine, foreign = subscriber("me@example.org"), subscriber("not-yet@example.org")
    client.force_login(user)

    page = client.get(reverse("accounts:my_page")).content.decode()

    assert addresses.path_to_change(mine) in page
    assert addresses.path_to_change(foreign) not in page


def test_a_person_gets_what_was_asked_for_and_sent():
    user = person(email="me@example.org")
    row = subscriber("me@example.org", kinds=["press"], pace="instant")
    article = ArticleFactory(kind="press")
    tasks.announce()

    (given,) = entry_of(ENDED).export(user)

    assert given["email"] == "me@example.org"
    assert [sent["article__slug"] for sent in given["sent"]] == [article.slug]
    assert given["state"] == row.state
    assert archive.archive_of(user)


def test_closing_the_account_ends_it_and_leaves_no_address():
    consent_texts.load(in_force=True)
    user = person(email="me@example.org")
    row = subscriber("me@example.org", pace="instant")
    consents.give(row, consents.current_texts(["subscription"])[0], given=True, by=user)
    ArticleFactory()
    tasks.announce()

    close_account(user)
    ArticleFactory()
    tasks.announce()

    assert not Subscription.objects.exists()
    assert not Delivery.objects.exists()
    assert not Message.objects.filter(kind="news_instant").exists()
    assert Consent.objects.get().user is None


def test_who_asked_while_signed_in_finds_the_consent_under_my_data(client: Client):
    user = person(email="me@example.org")
    client.force_login(user)
    ask(client, email="me@example.org", consent_news_promotion="yes.1")
    ask(client, email="somebody@example.org")

    theirs = Consent.objects.filter(user=user).values_list("kind", flat=True)

    assert sorted(theirs) == ["news_promotion", "subscription"]


# --- how they go ----------------------------------------------------------------------------------


def test_what_was_never_confirmed_is_destroyed_after_a_week(client: Client, time_machine):
    ask(client)
    subscriber("active@example.org")
    begin = timezone.now()

    time_machine.move_to(begin + timedelta(days=6, hours=23))
    retention.destroy_due()
    assert Subscription.objects.count() == 2

    time_machine.move_to(begin + timedelta(days=7, hours=1))
    retention.destroy_due()

    assert [row.email for row in Subscription.objects.all()] == ["active@example.org"]
    assert not Message.objects.filter(to="reader@example.org").exists()
    assert DestructionLedger.objects.filter(key=UNCONFIRMED).count() == 1


def test_what_ended_keeps_nothing_but_the_proof_and_goes_after_three_years(time_machine):
    row = subscriber(kinds=["press"], pace="instant")
    ArticleFactory(kind="press")
    tasks.announce()

    row.end(by=None)
    assert not Delivery.objects.exists()

    time_machine.move_to(timezone.now() + timedelta(days=3 * 365 - 1))
    retention.destroy_due()
    assert Subscription.objects.filter(pk=row.pk).exists()
    time_machine.move_to(timezone.now() + timedelta(days=2))
    retention.destroy_due()

    assert not Subscription.objects.exists()


def test_what_was_sent_and_asked_for_goes_when_it_ends(client: Client):
    ask(client, kinds=["press"])
    confirmed = mailed_link("subscription_confirm")
    client.post(confirmed)
    Subscription.objects.update(pace="instant", kinds=["press"])
    publish(title_en="What they read")
    tasks.announce()
    delivered()
    assert Message.objects.filter(kind="news_instant", state="sent").count() == 1

    client.post(addresses.path_to_leave(Subscription.objects.get()))

    (kept,) = Message.objects.all()
    assert (kept.kind, kept.context["wishes"]) == ("subscription_confirm", "")
    assert client.get(confirmed).status_code == 200


def test_destroying_one_takes_its_mails_along():
    row = subscriber(pace="instant")
    ArticleFactory()
    tasks.announce()
    assert Message.objects.count() == 1

    destroy(entry_of(ENDED), row.pk, rule="test")

    assert not Message.objects.exists()
