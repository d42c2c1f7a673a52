"""How long applications are kept, what a person gets of them, and that they really go."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oda_portal.mail.models import Message
from oda_portal.privacy import retention
from oda_portal.privacy.archive import archive_of
from oda_portal.privacy.closing import CannotCloseError, close_account
from oda_portal.privacy.destruction import destroy_all
from oda_portal.privacy.models import Consent, DestructionLedger, Hold
from oda_portal.seats.models import Pool
from tests.factories import OpeningFactory, RequiredDocumentFactory, StaffFactory
from tests.files.samples import picture, upload
from tests.volunteers.applicants import ABOUT, person, post_step, sent, written
from tests.volunteers.rounds import applicant, opening_in_review
from volunteers import actions
from volunteers.actions import UNSENT
from volunteers.models import Application, ApplicationFile, Opening, State, Volunteer

pytestmark = pytest.mark.django_db


def with_file(client: Client, application: Application) -> None:
    document = RequiredDocumentFactory(call=application.call)
    client.force_login(application.volunteer.user)
    post_step(
        client,
        application.call,
        "documents",
        {f"document_{document.pk}": upload("증명서.png", picture("PNG"))},
    )


def private_files() -> list[Path]:
    return [path for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()]


def night_after(moment, days: int) -> None:  # type: ignore[no-untyped-def]
    with time_machine.travel(moment + timedelta(days=days), tick=False):
        retention.destroy_due()


def test_a_draft_goes_thirty_days_after_the_call_with_its_files(client: Client):
    opening = OpeningFactory()
    application = written(opening.call, opening)
    with_file(client, application)
    closes = opening.call.closes_at

    night_after(closes, 24)
    assert Message.objects.filter(kind="retention_notice").count() == 1
    assert Application.objects.exists()
    night_after(closes, 32)

    assert not Application.objects.exists()
    assert not Volunteer.objects.exists()
    assert private_files() == []
    assert DestructionLedger.objects.filter(key="volunteers.unsent").exists()


def test_what_was_withdrawn_goes_after_thirty_days():
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    application.withdraw(by=application.volunteer.user)

    night_after(application.state_at, 29)
    assert Application.objects.exists()
    night_after(application.state_at, 31)

    assert not Application.objects.exists()
    assert Message.objects.filter(about_id=application.pk, kind="application_received").count() == 0


@pytest.mark.parametrize("act", ["not_select", None])
def test_without_a_place_it_goes_half_a_year_after_the_end(act: str | None):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    if act:
        getattr(application, act)(by=StaffFactory())

    night_after(opening.call.closes_at, 154)  # the notice
    night_after(opening.call.closes_at, 182)
    assert Application.objects.exists()
    night_after(opening.call.closes_at, 184)

    assert not Application.objects.exists()


def test_of_those_who_served_it_goes_five_years_after_their_return():
    opening = OpeningFactory(mode=Opening.Mode.FIRST_COME)
    application = sent(opening.call, opening)
    assert application.state == State.CONFIRMED
    returned = application.state_at.replace(
        year=opening.returns_on.year, month=opening.returns_on.month, day=opening.returns_on.day
    )

    night_after(returned, 5 * 365 - 31)
    assert Application.objects.exists()
    night_after(returned, 5 * 365 - 29)  # the notice
    night_after(returned, 5 * 365 + 3)

    assert not Application.objects.exists()


def test_closing_the_account_takes_everything_and_frees_the_place(client: Client):
    opening = OpeningFactory(mode=Opening.Mode.FIRST_COME, pool__capacity=1)
    application = written(opening.call, opening)
    with_file(client, application)
    from volunteers import actions, sending

    actions.send(application, sending.steps_of(application), by=application.volunteer.user)

    close_account(application.volunteer.user)

    assert not Application.objects.exists()
    assert not Volunteer.objects.exists()
    assert private_files() == []
    assert Pool.objects.get(opening=opening).taken == 0


def test_an_account_on_deployment_stays(client: Client):
    opening = OpeningFactory(mode=Opening.Mode.FIRST_COME)
    application = sent(opening.call, opening)
    application.deploy(by=StaffFactory())

    with pytest.raises(CannotCloseError):
        close_account(application.volunteer.user)

    assert Application.objects.exists()


def test_numbers_and_drafts_are_ciphers_in_the_table():
    opening = OpeningFactory()
    sent(opening.call, opening)

    with connection.cursor() as cursor:
        cursor.execute("select draft from volunteers_application")
        draft = cursor.fetchone()[0]
        cursor.execute("select mobile from volunteers_volunteer")
        mobile = cursor.fetchone()[0]

    assert "홍길동" not in draft
    assert "1234" not in mobile
    assert Volunteer.objects.get().mobile == "+82 10 1234 5678"
    assert json.loads(Application.objects.get().draft)["about"]["name"] == "홍길동"


def test_consents_are_kept_in_the_language_in_which_they_were_read():
    opening = OpeningFactory()
    application = written(opening.call, opening)
    values = {**application.written["consents"], "shown_in": "zh-hans"}
    application.write("consents", values, base=application.base_of("consents"))
    from volunteers import actions, sending

    actions.send(application, sending.steps_of(application), by=application.volunteer.user)

    assert set(Consent.objects.values_list("language", flat=True)) == {"zh-hans"}


def test_without_the_required_consent_nothing_is_sent(client: Client):
    opening = OpeningFactory()
    application = written(opening.call, opening)
    client.force_login(application.volunteer.user)

    response = post_step(
        client,
        opening.call,
        "consents",
        {**application.written["consents"], "consent_general": "no.1"},
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["consent_general"]


def test_optional_consents_may_be_left_open_or_refused(client: Client):
    opening = OpeningFactory()
    application = written(opening.call, opening)
    client.force_login(application.volunteer.user)

    response = post_step(client, opening.call, "consents", {"consent_general": "yes.1"})

    assert response.status_code == 302


def test_who_is_under_19_at_departure_names_a_guardian_who_agrees(client: Client):
    opening = OpeningFactory(call__min_age=16)
    user = person()
    application = written(opening.call, opening, user=user)
    about = {**application.written["about"], "born_on": "2009-01-01"}
    application.write("about", about, base=application.base_of("about"))
    client.force_login(user)

    response = post_step(client, opening.call, "consents", application.written["consents"])

    assert response.status_code == 422
    wrong = set(response.context["form"].errors)
    assert wrong == {"guardian_name", "guardian_mobile", "consent_guardian"}


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no row locks")
def test_destroying_locks_in_the_order_in_which_everybody_else_does():
    application = applicant(opening_in_review(1))
    with CaptureQueriesContext(connection) as asked:
        assert destroy_all(UNSENT, Application.objects.all(), rule="test") == 1

    locked = [query["sql"] for query in asked if " FOR " in query["sql"]]
    tables = [sql.partition(' FROM "')[2].partition('"')[0] for sql in locked]
    in_order = ["volunteers_call", "seats_pool", "volunteers_application"]
    assert [table for table in tables if table in in_order][:3] == in_order
    assert not Application.objects.filter(pk=application.pk).exists()


def a_draft_begun_by_mail(email: str) -> Application:
    """Before its writer had an account; they have not opened My page since."""
    document = RequiredDocumentFactory(call=OpeningFactory().call)
    draft = actions.begin_without_account(document.call, email=email, language="ko")
    draft.write("about", {**ABOUT, "name": "제갈나래"}, base=draft.base_of("about"))
    ApplicationFile.objects.create(
        application=draft,
        document=document,
        name="나래.pdf",
        size=5,
        file=ContentFile(b"bytes", "x"),
    )
    return draft


def test_a_draft_begun_by_mail_before_the_account_is_given_out():
    draft = a_draft_begun_by_mail("narae@example.org")
    user = person(email="narae@example.org")

    with zipfile.ZipFile(archive_of(user)) as archive:
        data, names = json.loads(archive.read("data.json")), archive.namelist()

    (given,) = data["volunteers.applications"]
    assert given["call"] == draft.call.slug
    assert given["written"]["about"]["name"] == "제갈나래"
    assert [row["email"] for row in data["volunteers.person"]] == ["narae@example.org"]
    assert [name for name in names if name.endswith("나래.pdf")]


def test_a_draft_begun_by_mail_before_the_account_goes_with_it():
    draft = a_draft_begun_by_mail("narae@example.org")
    others = a_draft_begun_by_mail("other@example.org")

    close_account(person(email="narae@example.org"))

    assert list(Application.objects.all()) == [others]
    assert list(Volunteer.objects.all()) == [others.volunteer]
    assert len(private_files()) == 1
    assert DestructionLedger.objects.filter(object_id=draft.pk, key=UNSENT).exists()


def test_a_draft_begun_by_mail_that_is_on_hold_keeps_the_account():
    draft = a_draft_begun_by_mail("narae@example.org")
    Hold.objects.create(
        content_type=ContentType.objects.get_for_model(draft), object_id=draft.pk, ground="law",
        reason="x", until=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip

    with pytest.raises(CannotCloseError):
        close_account(person(email="narae@example.org"))

    assert Application.objects.filter(pk=draft.pk).exists()
