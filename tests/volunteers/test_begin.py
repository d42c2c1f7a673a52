"""Before the form: the self-check, the mailed link, and drafts that find their account."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from oda_portal.mail import links
from oda_portal.mail.models import Message
from oda_portal.privacy import consent_texts
from tests.factories import ApplicationFactory, CallFactory, ConditionFactory, OpeningFactory
from tests.volunteers.applicants import ABOUT, address, person, post_step
from volunteers.models import Application, Volunteer

pytestmark = pytest.mark.django_db


def years_ago(years: int) -> str:
    today = timezone.localdate()
    return today.replace(year=today.year - years, day=min(today.day, 28)).isoformat()


def test_under_14_is_told_how_a_guardian_may_and_nothing_is_kept(client: Client):
    call = OpeningFactory(call__min_age=10).call
    client.force_login(person())

    response = client.post(address("check", call, language="en"), {"born_on": years_ago(13)})

    page = response.content.decode()
    assert "Ask a parent or guardian" in page
    assert years_ago(13) not in str(dict(client.session))
    assert not Volunteer.objects.exists()
    assert client.post(address("begin", call)).url == address("check", call)


def test_too_young_on_the_day_is_told_so_with_the_day(client: Client):
    call = CallFactory(min_age=19, age_on=date(2027, 7, 1))

    response = client.post(address("check", call, language="en"), {"born_on": "2008-07-02"})

    assert "You must be 19 or older on 1 July 2027" in response.content.decode()


def test_old_enough_on_the_very_day_may_apply(client: Client):
    call = CallFactory(min_age=19, age_on=date(2027, 7, 1))

    response = client.post(address("check", call), {"born_on": "2008-07-01"})

    assert response.url == address("begin", call)


def test_a_condition_that_is_not_met_says_why_not(client: Client):
    condition = ConditionFactory(refusal_en="Please see the calls of your own city.")
    values = {"born_on": "1990-01-01", f"condition_{condition.pk}": "no"}

    response = client.post(address("check", condition.call, language="en"), values)

    assert "Please see the calls of your own city." in response.content.decode()


@pytest.mark.parametrize(
    "born", ["", "yesterday", "2999-01-01", "1850-01-01", "2001-02-30", "1" * 10_000, "\x00"]
)
def test_a_day_that_is_none_is_said_to_be_none(client: Client, born: str):
    response = client.post(address("check", CallFactory()), {"born_on": born})
    assert "born_on" in response.context["form"].errors


@pytest.mark.parametrize(
    "typed",
    ["1999. 3. 7.", "1999-03-07", "7 March 1999", "1999年3月7日", "19990307", "1999년 3월 7일"],
)
def test_a_day_is_read_as_people_write_it(client: Client, typed: str):
    call = CallFactory(min_age=27, age_on=date(2026, 3, 7))
    assert client.post(address("check", call), {"born_on": typed}).status_code == 302
    call.age_on = date(2026, 3, 6)
    call.save()
    assert client.post(address("check", call), {"born_on": typed}).status_code == 200


@pytest.mark.parametrize(("opens", "closes", "word"), [(1, 2, "opens at"), (-2, -1, "closed at")])
def test_a_call_that_is_not_open_takes_nobody(client: Client, opens: int, closes: int, word: str):
    now = timezone.now()
    call = CallFactory(opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes))
    client.force_login(person())

    for name in ("check", "begin"):
        response = client.post(address(name, call, language="en"), {"born_on": "1990-01-01"})
        assert response.status_code == 409
        assert f"It {word}" in response.content.decode()
    assert not Application.objects.exists()


def test_a_draft_call_does_not_exist(client: Client):
    call = CallFactory(status="draft")
    client.force_login(person())
    for name in ("call_detail", "check", "begin", "apply_send", "call_calendar"):
        assert client.get(address(name, call)).status_code == 404


# --- by mail --------------------------------------------------------------------------------------


def passed(client: Client, call) -> None:
    client.post(address("check", call), {"born_on": "1990-01-01"})


def link_in(message: Message) -> str:
    """The personal link, as the mail carries it."""
    return links.issue(message).removeprefix("http://localhost:8000")


def test_a_link_begins_a_draft_that_the_account_then_finds(client: Client):
    consent_texts.load(in_force=True)
    call = OpeningFactory().call
    passed(client, call)
    client.post(address("begin", call), {"email": "new@example.org"})
    link = link_in(Message.objects.get(kind="application_begin"))
    looked = Client()
    looked.get(link)
    assert not Application.objects.exists()  # a scanner only looks

    phone = Client()
    phone.post(link)
    response = post_step(phone, call, "about", ABOUT)
    assert response.url == address("apply_step", call, "openings")
    assert Client().get(address("apply_step", call, "about")).status_code == 302
    application = Application.objects.get()
    assert application.volunteer.user is None
    refused = phone.post(address("apply_send", call))
    application.refresh_from_db()
    assert refused.status_code == 200
    assert application.sent_at is None

    user = person(email="new@example.org")
    phone.force_login(user)
    mine = phone.get("/volunteers/mine/")

    application.refresh_from_db()
    assert application.volunteer.user == user
    assert application.get_absolute_url() in mine.content.decode()


def test_a_draft_is_not_found_by_an_account_with_another_or_unverified_address(client: Client):
    from allauth.account.models import EmailAddress

    application = ApplicationFactory(volunteer__user=None, volunteer__email="new@example.org")
    pretender = person()
    EmailAddress.objects.create(user=pretender, email="new@example.org", verified=False)
    client.force_login(pretender)

    client.get("/volunteers/mine/")

    application.refresh_from_db()
    assert application.volunteer.user is None
    assert client.get(application.get_absolute_url()).status_code == 404


def test_asking_for_a_link_again_and_again_sends_one_and_is_limited(client: Client):
    call = CallFactory()
    passed(client, call)

    statuses = [
        client.post(address("begin", call), {"email": "new@example.org"}).status_code
        for _time in range(7)
    ]

    assert statuses == [200] * 5 + [429] * 2
    assert Message.objects.filter(kind="application_begin").count() == 1


def test_a_draft_of_two_addresses_becomes_one_persons(client: Client):
    user = person()
    own = ApplicationFactory(volunteer__user=user)
    other = ApplicationFactory(volunteer__user=None, volunteer__email=user.email)
    client.force_login(user)

    client.get("/volunteers/mine/")

    other.refresh_from_db()
    assert other.volunteer == own.volunteer


def test_two_drafts_for_one_call_become_one_with_the_steps_of_both(client: Client):
    consent_texts.load(in_force=True)
    user = person()
    own = ApplicationFactory(volunteer__user=user)
    other = ApplicationFactory(call=own.call, volunteer__user=None, volunteer__email=user.email)
    for row, step in ((own, "about"), (other, "about"), (other, "experience")):
        row.write(step, {"text": f"{step} of {row.pk}"}, base=row.base_of(step))
    client.force_login(user)

    client.get("/volunteers/mine/")

    merged = Application.objects.get()
    assert merged.volunteer == own.volunteer
    assert merged.written == {
        "about": {"text": f"about of {own.pk}"},
        "experience": {"text": f"experience of {other.pk}"},
    }
    assert Volunteer.objects.count() == 1


def test_the_link_leads_who_has_applied_to_their_account(client: Client):
    call = OpeningFactory().call
    user = person(email="new@example.org")
    ApplicationFactory(call=call, volunteer__user=user)
    passed(client, call)
    client.post(address("begin", call), {"email": "new@example.org"})

    response = Client().post(link_in(Message.objects.get(kind="application_begin")))

    assert response.url.startswith("/accounts/login/")
    assert Application.objects.count() == 1


def test_the_link_finds_the_same_draft_again_until_its_time_is_over(client: Client):
    """Begun on a phone, gone on with at a desk (docs/adr/0015)."""
    call = OpeningFactory().call
    passed(client, call)
    client.post(address("begin", call), {"email": "new@example.org"})
    message = Message.objects.get(kind="application_begin")
    link = link_in(message)
    phone, desk, late = Client(), Client(), Client()

    assert phone.post(link).url == desk.post(link).url == address("begin", call)
    assert desk.get(address("begin", call)).url == address("apply_step", call, "about")
    assert Application.objects.count() == 1
    assert timedelta(days=2) < message.link_expires_at - timezone.now() <= timedelta(days=3)

    Message.objects.update(link_expires_at=timezone.now())
    assert late.post(link).status_code == 410


def test_strangers_find_nothing(client: Client):
    application = ApplicationFactory()
    paths = [
        application.get_absolute_url(),
        f"{application.get_absolute_url()}withdraw/",
        "/volunteers/files/00000000-0000-4000-8000-000000000000/",
        "/mail/" + "A" * 32 + "/",
    ]
    client.force_login(person())
    assert [client.get(path).status_code for path in paths] == [404] * len(paths)
    # Whoever is signed out is asked to sign in, whether there is something or not.
    unknown = "/volunteers/mine/00000000-0000-4000-8000-000000000000/"
    for path in (paths[0], unknown):
        assert Client().get(path).url == f"/accounts/login/?next={path}"
