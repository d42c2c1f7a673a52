"""The back office: found, looked at, revoked, reissued; batches started, watched, cancelled."""

from __future__ import annotations

from functools import partial

import pytest
from django.contrib.admin.sites import site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from oda_portal.accounts.models import User
from oda_portal.certificates import actions
from oda_portal.certificates.admin import starting
from oda_portal.certificates.models import Batch, Certificate
from oda_portal.mail.models import Message
from oda_portal.privacy.models import AccessRecord
from tests.accounts.test_roles import member
from tests.admin.forms import filled
from tests.certificates.samples import KIND, a_certificate, a_holder, a_kind, facts
from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db
State = Certificate.State


def page_of(name: str, *args: object, language: str = "ko") -> str:
    with translation.override(language):
        return reverse(f"admin:certificates_{name}", args=args)


def coordinator(client: Client) -> User:
    staff = member("volunteer_coordinator")
    sign_in_staff(client, staff)
    return staff


def looks(act: str) -> list[set[str]]:
    """Whose data was looked at in this way, oldest first."""
    rows = AccessRecord.objects.filter(act=act).order_by("pk").prefetch_related("subjects")
    return [{str(subject) for subject in row.subjects.all()} for row in rows]


# --- finding ------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["number", "typed", "김철수", "Cheolsu", "金哲", "Чхольсу"])
def test_a_certificate_is_found_by_number_and_by_name(client: Client, words: str):
    certificate = a_certificate()
    a_certificate(facts=lambda user: facts(names={"hangul": "이영희"}))
    coordinator(client)
    asked = {"number": certificate.code, "typed": certificate.code.replace("-", "").lower()}

    response = client.get(page_of("certificate_changelist"), {"q": asked.get(words, words)})

    assert list(response.context["cl"].result_list) == [certificate]
    assert len(looks("list")[-1]) == 2  # the certificate, and the account of its holder


@pytest.mark.parametrize("state", State.values)
def test_the_list_is_filtered_by_state(client: Client, state: str):
    staff = StaffFactory()
    rows = [a_certificate() for _turn in range(3)]
    actions.revoke(rows[1], by=staff, reason="x")
    with a_kind():
        actions.reissue(rows[2], by=staff, reason="x")
    coordinator(client)

    response = client.get(page_of("certificate_changelist"), {"state": state})

    assert {row.state for row in response.context["cl"].result_list} == {state}


@pytest.mark.thorough
def test_the_list_asks_as_often_for_many_as_for_one(client: Client):
    coordinator(client)

    def queries() -> int:
        client.get(page_of("certificate_changelist"))
        with CaptureQueriesContext(connection) as asked:
            client.get(page_of("certificate_changelist"))
        return len([query for query in asked if 'cache"' not in query["sql"]])

    a_certificate()
    with_one = queries()
    for _turn in range(3):
        a_certificate()

    assert queries() == with_one


def test_a_certificates_page_is_a_look_at_it_and_its_holder(client: Client):
    certificate = a_certificate()
    coordinator(client)

    client.get(page_of("certificate_change", certificate.pk))

    [seen] = looks("detail")
    assert len(seen) == 2


# --- revoking and reissuing ---------------------------------------------------------------------


def test_revoke_shows_the_effect_asks_for_a_reason_and_sends_nothing(client: Client):
    certificate = a_certificate()
    staff = coordinator(client)
    Message.objects.all().delete()
    page = page_of("certificate_revoke", certificate.pk)
    shown = client.get(page)
    assert shown.context["effect"]

    refused = client.post(page, filled(shown, reason=""))
    client.post(page, filled(shown, reason="시간을 잘못 적음"))

    assert refused.context["form"].errors["reason"]
    certificate.refresh_from_db()
    assert (certificate.state, certificate.reason) == (State.REVOKED, "시간을 잘못 적음")
    assert certificate.revoked_by == staff
    assert not Message.objects.exists()
    assert len(looks("edit")) == 1


def test_reissue_shows_what_is_printed_and_told_then_does_it(client: Client):
    holder = a_holder()
    certificate = a_certificate(holder)
    User.objects.filter(pk=holder.pk).update(name="김철호")
    coordinator(client)
    Message.objects.all().delete()
    page = page_of("certificate_reissue", certificate.pk)
    with a_kind():
        shown = client.get(page)
        assert Certificate.objects.count() == 1
        html = shown.content.decode()
        assert "김철호" in html
        assert "Your certificate is ready" in html

        client.post(page, filled(shown, reason="이름을 고침"))

    certificate.refresh_from_db()
    assert certificate.state == State.REISSUED
    assert certificate.replaced_by.name_hangul == "김철호"
    assert Message.objects.get().to == holder.email


def test_reissue_says_why_not_and_does_nothing(client: Client):
    holder = a_holder(name="김철수")
    certificate = a_certificate(holder)
    User.objects.filter(pk=holder.pk).update(name="")
    coordinator(client)
    page = page_of("certificate_reissue", certificate.pk)
    with a_kind():
        shown = client.get(page)
        posted = client.post(page, {"reason": "x"})

    assert shown.context["why_not"] == "The hours are missing."
    assert "The hours are missing." in posted.content.decode()
    certificate.refresh_from_db()
    assert certificate.state == State.VALID


def test_two_staff_revoke_once(client: Client):
    certificate = a_certificate()
    coordinator(client)
    page = page_of("certificate_revoke", certificate.pk)
    for reason in ("first", "second"):
        client.post(page, {"reason": reason})

    certificate.refresh_from_db()
    assert certificate.reason == "first"


@pytest.mark.parametrize("page", ["certificate_revoke", "certificate_reissue"])
@pytest.mark.parametrize("role", ["privacy_officer", "editor", "reviewer", "administrator"])
def test_other_roles_end_nothing(client: Client, page: str, role: str):
    certificate = a_certificate()
    sign_in_staff(client, member(role))
    with a_kind():
        response = client.post(page_of(page, certificate.pk), {"reason": "x"})

    assert response.status_code == 403
    certificate.refresh_from_db()
    assert certificate.state == State.VALID


@pytest.mark.parametrize("page", ["certificate_revoke", "batch_cancel", "batch_progress"])
def test_what_is_not_there_is_not_found(client: Client, page: str):
    sign_in_staff(client, StaffFactory())

    assert client.get(page_of(page, 4711)).status_code == 404
    assert client.get(page_of(page, "x")).status_code == 404


# --- batches ------------------------------------------------------------------------------------


def worked_off(done: int, waiting: int, failing: int = 0) -> Batch:
    OfficeFactory()
    people = [a_holder() for _turn in range(done + waiting)]
    failing_people = [a_holder(name="") for _turn in range(failing)]
    with a_kind():
        batch = actions.start_batch(KIND, [*failing_people, *people], by=StaffFactory())
        actions.work_off(batch, most=done + failing)
    return batch


def test_the_page_of_a_batch_shows_how_far_it_is_without_a_script(client: Client):
    batch = worked_off(1, 2, failing=1)
    coordinator(client)

    response = client.get(page_of("batch_change", batch.pk))

    html = response.content.decode()
    assert '<progress id="batch-progress" max="4" value="2">' in html
    assert f'href="{page_of("batch_change", batch.pk)}"' in html
    assert "The hours are missing." in html
    assert page_of("batch_cancel", batch.pk) in html


def test_who_could_not_get_one_is_looked_at(client: Client):
    batch = worked_off(1, 0, failing=2)
    coordinator(client)

    client.get(page_of("batch_change", batch.pk))

    assert len(looks("detail")[-1]) == 3


def test_progress_is_numbers_alone_and_no_look(client: Client):
    batch = worked_off(1, 1, failing=1)
    coordinator(client)
    before = AccessRecord.objects.count()

    response = client.get(page_of("batch_progress", batch.pk))

    html = response.content.decode()
    assert "data-running" in html
    assert 'max="3" value="2"' in html
    assert "person" not in html
    assert "no-store" in response.headers["Cache-Control"]
    assert AccessRecord.objects.count() == before


def test_progress_of_a_batch_that_is_over_says_so(client: Client):
    batch = worked_off(1, 0)
    coordinator(client)
    with a_kind():
        actions.work_off(batch)

    html = client.get(page_of("batch_progress", batch.pk)).content.decode()

    assert "data-running" not in html


def test_cancelling_asks_first_and_happens_once(client: Client):
    batch = worked_off(1, 2)
    coordinator(client)
    page = page_of("batch_cancel", batch.pk)
    client.get(page)
    batch.refresh_from_db()
    assert batch.is_running

    client.post(page)
    client.post(page)

    batch.refresh_from_db()
    assert batch.state == Batch.State.CANCELLED


@pytest.mark.parametrize("role", ["privacy_officer", "editor", "reviewer"])
def test_other_roles_see_and_cancel_no_batch(client: Client, role: str):
    batch = worked_off(0, 1)
    sign_in_staff(client, member(role))

    answers = [
        client.get(page_of("batch_change", batch.pk)),
        client.get(page_of("batch_progress", batch.pk)),
        client.post(page_of("batch_cancel", batch.pk)),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    batch.refresh_from_db()
    assert batch.is_running


# --- starting, from another list ----------------------------------------------------------------


@pytest.fixture
def issue_action(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """The list of accounts offers it, as an app would for a list of its own."""
    action = partial(starting.issue_selected, kind_name=KIND)
    action.__name__ = "issue"  # type: ignore[attr-defined]
    monkeypatch.setattr(site._registry[User], "actions", (action,))


def start(client: Client, *subjects: User, **posted: str):  # type: ignore[no-untyped-def]
    chosen = {"_selected_action": [str(subject.pk) for subject in subjects]}
    page = reverse("admin:accounts_user_changelist")
    return client.post(page, {"action": "issue", **chosen, **posted})


def test_starting_shows_who_gets_what_and_who_does_not_yet(client: Client, issue_action):
    OfficeFactory()
    getting, refused = a_holder(name="김철수"), a_holder(name="")
    present, staff = a_holder(name="박영수"), StaffFactory()
    sign_in_staff(client, staff)
    with a_kind():
        actions.issue(KIND, present, by=staff)
        Message.objects.all().delete()
        response = start(client, getting, refused, present)

    shown = response.context
    assert [row.subject for row in shown["getting"]] == [getting]
    assert [(row.subject, row.why_not) for row in shown["refused"]] == [
        (refused, "The hours are missing.")
    ]
    assert [row.subject for row in shown["present"]] == [present]
    assert [letter.letter.subject for letter in shown["letters"]] == ["Your certificate is ready"]
    assert "Your certificate is ready" in response.content.decode()
    assert not Batch.objects.exists()
    assert not Message.objects.exists()
    assert len(looks("list")[-1]) == 3


def test_starting_once_confirmed_leads_to_the_progress(client: Client, issue_action):
    OfficeFactory()
    staff, person = StaffFactory(), a_holder()
    sign_in_staff(client, staff)
    with a_kind():
        response = start(client, person, sure="yes")

    batch = Batch.objects.get()
    assert response.url == page_of("batch_change", batch.pk)
    assert (batch.asked_by, batch.rows.get().object_id) == (staff, person.pk)


def test_starting_is_for_who_may(client: Client, issue_action):
    OfficeFactory()
    sign_in_staff(client, member("privacy_officer"))
    with a_kind():
        response = start(client, a_holder(), sure="yes")

    assert response.status_code == 403
    assert not Batch.objects.exists()
