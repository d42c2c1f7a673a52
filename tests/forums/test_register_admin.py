"""Registrations in the back office: read, exported, cancelled, put in order, told; and places."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forums.models import Registration
from forums.models.registrations import State
from oda_portal.accounts.roles import set_up_roles
from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy.models import AccessRecord, Act
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.factories import ForumFactory, UserFactory
from tests.privacy.showing import shown_for_a_reason

from .registering import fresh, open_forum, registered, session_with

pytestmark = pytest.mark.django_db
LIST = "/admin/forums/registration/"


@pytest.fixture
def manager(client: Client):  # type: ignore[no-untyped-def]
    """Whoever works for the forum, signed in."""
    from django.contrib.auth.models import Group

    set_up_roles()
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name="forum_manager"))
    sign_in_staff(client, user)
    return user


def shown(page) -> str:  # type: ignore[no-untyped-def]
    assert page.status_code == 200
    return page.content.decode()


def stamp_of(page: str) -> str:
    return page.split('name="shown" value="')[1].split('"')[0]


def test_the_list_shows_states_and_leaves_a_look(client: Client, manager):
    forum, other = open_forum(places=1), open_forum()
    first, second = registered(forum, "a@example.org", name="김하늘"), registered(forum, "b@x.org")
    registered(other, "c@example.org", name="다른이")

    page = shown(client.get(f"{LIST}?forum={forum.pk}"))

    assert first.number in page
    assert second.number in page
    assert "다른이" not in page
    look = AccessRecord.objects.filter(act=Act.LIST).latest("pk")
    assert look.subjects.count() == 2
    waiting = shown(client.get(f"{LIST}?forum={forum.pk}&state=waiting"))
    assert first.number not in waiting
    assert second.number in waiting
    for absurd in ("?forum=x", "?state=x", "?forum=99999999999999999999"):
        assert client.get(LIST + absurd).status_code in (200, 302)


def test_a_page_shows_needs_and_leaves_a_look(client: Client, manager):
    row = registered(open_forum(), "a@example.org", needs="휠체어 자리")

    masked = shown(client.get(f"{LIST}{row.pk}/change/"))
    page = shown(shown_for_a_reason(client, f"{LIST}{row.pk}/change/"))

    assert "휠체어 자리" in page
    assert "휠체어" not in masked
    assert AccessRecord.objects.filter(act=Act.DETAIL).exists()
    assert "휠체어" not in shown(client.get(LIST))


def test_an_export_wants_a_reason_and_holds_no_needs(client: Client, manager):
    row = registered(open_forum(), "a@example.org", needs="휠체어", name="=cmd()")
    chosen = {"action": "export_selected", "_selected_action": [row.pk]}

    assert "휠체어" not in shown(client.post(LIST, chosen))
    refused = client.post(LIST, {**chosen, "sure": "1", "reason": ""})
    assert refused["Content-Type"].startswith("text/html")
    file = client.post(LIST, {**chosen, "sure": "1", "reason": "이름표"})

    text = b"".join(file).decode("utf-8-sig")
    assert row.number in text
    assert "휠체어" not in text
    assert "\n=cmd()" not in text
    assert ",=cmd()" not in text
    assert AccessRecord.objects.get(act=Act.EXPORT).reason == "이름표"


def test_cancelling_for_somebody_shows_the_mail_and_wants_a_reason(client: Client, manager):
    forum = open_forum(places=1)
    first, second = registered(forum, "a@example.org", language="en"), registered(forum, "b@x.org")
    address = f"{LIST}{first.pk}/cancel/"

    page = client.get(address)
    assert "We have cancelled your registration." in shown(page)
    assert [offer.registration for offer in page.context["offers"]] == [second]
    sent = filled(page)
    shown(client.post(address, {**sent, "reason": ""}))
    client.post(address, {"reason": "전화로 부탁"})
    assert fresh(first).state == State.CONFIRMED
    client.post(address, {**sent, "reason": "전화로 부탁"})
    client.post(address, {**sent, "reason": "전화로 부탁"})

    assert fresh(first).state == State.CANCELLED
    assert fresh(second).state == State.OFFERED
    moved = Transition.objects.get(field="state", to_state="cancelled")
    assert (moved.by, moved.reason) == (manager, "전화로 부탁")
    assert Message.objects.filter(kind="registration_cancelled").count() == 1


def test_the_order_of_the_line_is_overruled_with_a_reason(client: Client, manager):
    forum = open_forum(places=1)
    first, second, third = (registered(forum, f"{name}@example.org") for name in "abc")

    shown(client.post(f"{LIST}{third.pk}/line/", {"place": "1", "reason": ""}))
    assert fresh(third).place_in_line == 2
    client.post(f"{LIST}{third.pk}/line/", {"place": "1", "reason": "발표자"})

    assert (fresh(third).place_in_line, fresh(second).place_in_line) == (1, 2)
    assert Transition.objects.get(field="place in line").reason == "발표자"
    assert client.get(f"{LIST}{first.pk}/line/").status_code == 404


def test_places_are_shown_with_who_gets_one_before_they_are_set(client: Client, manager):
    forum = open_forum(places=1)
    session = session_with(1, forum)
    registered(forum, "a@example.org")
    second = registered(forum, "b@example.org", language="en", name="Second Person")
    address = reverse("admin:forums_registration_places", args=[forum.pk])
    wanted = {"event": "2", "hours": "48", f"session_{session.pk}": "5"}

    assert str(session) in shown(client.get(address))
    first_look = shown(client.post(address, wanted))
    assert "Second Person" in first_look
    assert "A place is free" in first_look
    assert fresh(second).state == State.WAITING
    forged = client.post(address, {**wanted, "event": "3", "shown": stamp_of(first_look)})
    assert "Second Person" in shown(forged)
    assert fresh(second).state == State.WAITING

    client.post(address, {**wanted, "shown": stamp_of(first_look)})

    assert fresh(second).state == State.OFFERED
    forum.pool.refresh_from_db()
    session.pool.refresh_from_db()
    assert (forum.pool.capacity, forum.pool.offer_hours, session.pool.capacity) == (2, 48, 5)


@pytest.mark.parametrize("value", ["0", "-1", "x", "", "1000000000000", "1"])
def test_places_that_cannot_be_are_refused(client: Client, manager, value: str):
    forum = open_forum(places=3)
    registered(forum, "a@example.org", size=2)
    address = reverse("admin:forums_registration_places", args=[forum.pk])

    page = shown(client.post(address, {"event": value, "hours": "72"}))

    assert "errorlist" in page or "error" in page
    forum.pool.refresh_from_db()
    assert forum.pool.capacity == 3


def test_an_edition_without_places_gets_some(client: Client, manager):
    forum = ForumFactory()
    address = reverse("admin:forums_registration_places", args=[forum.pk])
    wanted = {"event": "200", "hours": "72"}

    client.post(address, {**wanted, "shown": stamp_of(shown(client.post(address, wanted)))})

    forum.refresh_from_db()
    assert forum.pool.capacity == 200


@pytest.mark.parametrize("is_off", [False, True])
def test_everybody_is_told_once_after_the_letters_were_shown(client: Client, manager, is_off: bool):
    forum = open_forum(places=2)
    rows = [registered(forum, f"{code}@example.org", language=code) for code in ("ko", "en")]
    rows.append(registered(forum, "waits@example.org", language="zh-hans"))
    gone = registered(forum, "gone@example.org")
    cancel = f"{LIST}{gone.pk}/cancel/"
    client.post(cancel, {"reason": "x", "shown": stamp_of(shown(client.get(cancel)))})
    Message.objects.all().delete()
    if is_off:
        forum.program.cancelled_at = timezone.now()
        forum.program.save()
    address = reverse("admin:forums_registration_tell", args=[forum.pk])
    texts = {"text_ko": "한 시간 늦게", "text_en": "An hour later", "text_zh_hans": "晚一小时"}

    page = shown(client.post(address, texts))
    assert page.count("An hour later") >= 2  # as a letter and in the field
    assert not Message.objects.exists()
    client.post(
        address, {**texts, "text_en": "Something else", "sure": "1", "shown": stamp_of(page)}
    )
    assert not Message.objects.exists()
    for _time in range(2):
        client.post(address, {**texts, "sure": "1", "shown": stamp_of(page)})

    told = Message.objects.order_by("pk")
    assert [mail.to for mail in told] == [row.email for row in rows]
    assert {mail.kind for mail in told} == {"event_cancelled" if is_off else "event_changed"}
    assert "晚一小时" in str(told[2].context)


def test_a_frozen_edition_is_read_and_not_changed(client: Client, manager):
    forum = open_forum(places=1)
    row = registered(forum, "a@example.org")
    registered(forum, "b@example.org")
    type(forum).objects.update(frozen_at=timezone.now())

    for page in ("places", "tell"):
        address = reverse(f"admin:forums_registration_{page}", args=[forum.pk])
        assert client.get(address).status_code == 404
    assert client.post(f"{LIST}{row.pk}/cancel/", {"reason": "x"}).status_code == 404
    assert row.number in shown(client.get(LIST))


@pytest.mark.parametrize("role", ["editor", "privacy_officer", "reviewer"])
def test_others_change_nothing(client: Client, role: str):
    from django.contrib.auth.models import Group

    set_up_roles()
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    sign_in_staff(client, user)
    forum = open_forum()
    row = registered(forum, "a@example.org")

    for address in (
        reverse("admin:forums_registration_places", args=[forum.pk]),
        reverse("admin:forums_registration_tell", args=[forum.pk]),
        f"{LIST}{row.pk}/cancel/",
        f"{LIST}{row.pk}/line/",
    ):
        assert client.post(address, {"reason": "x", "place": "1"}).status_code in (403, 404)
    assert client.get(LIST).status_code == (200 if role == "privacy_officer" else 403)
    assert fresh(row).state == State.CONFIRMED


def test_the_page_of_the_edition_leads_to_its_registrations(client: Client, manager):
    forum = open_forum()
    registered(forum, "a@example.org")

    page = shown(client.get(f"/admin/forums/forum/{forum.pk}/change/"))

    assert f"{LIST}?forum={forum.pk}" in page
    assert reverse("admin:forums_registration_places", args=[forum.pk]) in page
    assert Registration.objects.count() == 1
