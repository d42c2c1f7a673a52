"""The certificate of attendance: when, what it says, the mailed link, the public check."""

from __future__ import annotations

import io
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from forums.doors import acts, attendance
from forums.doors.certificates import KIND, valid_certificate
from forums.models import Registration
from oda_portal.certificates import actions, previews
from oda_portal.certificates.models import Batch, Certificate
from oda_portal.certificates.refusals import NotYetError
from oda_portal.mail import links
from oda_portal.mail.models import Message
from oda_portal.privacy.destruction import destroy_row
from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, StaffFactory, UserFactory
from tests.forums.test_check_in import edition, manager, with_place

pytestmark = pytest.mark.django_db


def attended(**fields: object) -> Registration:
    """Of an edition that ends today; a name in Hangul unless it is said."""
    OfficeFactory()
    registration = with_place(edition(), **{"name": "김하늘", **fields})
    acts.check_in(registration, key=uuid4(), by=StaffFactory())
    return Registration.objects.get(pk=registration.pk)


def link_of(message: Message) -> str:
    return links.issue(message)


def text_of(pdf: bytes) -> str:
    return " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())


# --- the rule ------------------------------------------------------------------------------------


def test_who_was_not_there_gets_none():
    registration = with_place(edition())

    with translation.override("en"), pytest.raises(NotYetError, match="not checked in"):
        actions.issue(KIND, registration, by=StaffFactory())
    assert not Certificate.objects.exists()


def test_before_the_last_day_nobody_gets_one(time_machine):
    registration = attended()
    program = registration.forum.program
    program.ends_on = program.starts_on.replace(year=program.starts_on.year + 1)
    program.save()

    with translation.override("en"), pytest.raises(NotYetError, match="last day"):
        actions.issue(KIND, Registration.objects.get(pk=registration.pk), by=StaffFactory())


def test_a_check_in_is_not_undone_under_a_certificate():
    registration, staff = attended(), StaffFactory()
    certificate = actions.issue(KIND, registration, by=staff)

    with pytest.raises(acts.RefusedError):
        acts.undo(registration, by=staff, reason="mistake")
    assert attendance.counts(registration.forum).arrived == 1

    certificate.revoke(by=staff, reason="mistake")
    assert acts.undo(registration, by=staff, reason="mistake")


# --- what it says, and to whom -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "name", "script", "title"),
    [
        ("ko", "김하늘", "hangul", "제6차 포럼"),
        ("en", "Nguyễn Thị Minh", "latin", "The 6th Forum"),
        ("zh-hans", "王小明", "hanzi", "第6届论坛"),
    ],
)
def test_it_says_who_was_where_and_goes_to_the_address_by_a_personal_link(
    client: Client, language: str, name: str, script: str, title: str
):
    registration = attended(name=name, language=language, email="guest@example.org")

    certificate = actions.issue(KIND, registration, by=StaffFactory())

    assert certificate.names == {script: name}
    assert certificate.sheets[language]["subject"] == title
    message = Message.objects.get(kind="attendance_certificate")
    assert (message.to, message.language, message.user) == ("guest@example.org", language, None)
    address = re.sub(r"^https?://[^/]+", "", link_of(message))
    page = client.get(address)
    assert page.status_code == 200
    assert title in page.content.decode()
    pdf = client.get(f"{address}?pdf")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert name in text_of(pdf.content)
    assert pdf.headers["Cache-Control"].find("no-store") >= 0


def test_who_has_an_account_finds_it_on_my_page_too(client: Client):
    user = UserFactory()
    registration = attended(user=user, email=user.email)

    certificate = actions.issue(KIND, registration, by=StaffFactory())

    client.force_login(user)
    assert certificate.code in client.get("/accounts/").content.decode()
    assert client.get(f"/certificates/{certificate.code}/pdf/").status_code == 200


def test_everybody_can_check_the_number(client: Client):
    certificate = actions.issue(KIND, attended(), by=StaffFactory())

    page = client.get(f"/certificates/{certificate.code}/").content.decode()

    assert "김○○" in page
    assert "김하늘" not in page
    assert "제6차 포럼" in page


def test_issuing_twice_is_once_and_one_mail():
    registration, staff = attended(), StaffFactory()

    first = actions.issue(KIND, registration, by=staff)

    assert actions.issue(KIND, registration, by=staff) == first
    assert Message.objects.filter(kind="attendance_certificate").count() == 1
    assert valid_certificate(registration) == first


def test_the_link_gives_no_file_once_it_is_revoked(client: Client):
    staff = StaffFactory()
    certificate = actions.issue(KIND, attended(), by=staff)
    address = re.sub(r"^https?://[^/]+", "", link_of(Message.objects.get()))
    certificate.revoke(by=staff, reason="mistake")

    answer = client.get(f"{address}?pdf")

    assert answer.headers["Content-Type"].startswith("text/html")
    assert "김하늘" not in answer.content.decode()


def test_the_certificate_stays_when_the_registration_goes(client: Client):
    registration = attended()
    certificate = actions.issue(KIND, registration, by=StaffFactory())

    destroy_row(registration)

    assert client.get(f"/certificates/{certificate.code}/").status_code == 200


# --- many ----------------------------------------------------------------------------------------


def test_a_batch_issues_to_who_was_there_and_says_why_not_to_others():
    OfficeFactory()
    forum, staff = edition(), StaffFactory()
    people = [with_place(forum, name=f"김하늘{n}") for n in range(3)]
    for one in people[:2]:
        acts.check_in(one, key=uuid4(), by=staff)

    batch = actions.start_batch(KIND, people, by=staff)
    while actions.work_off(batch):
        pass

    assert Certificate.objects.filter(kind=KIND).count() == 2
    assert Message.objects.filter(kind="attendance_certificate").count() == 2
    failed = Batch.objects.get().rows.get(state="failed")
    assert (failed.object_id, bool(failed.reason)) == (people[2].pk, True)


def test_staff_see_who_gets_which_mail_before_they_confirm():
    registration = attended(email="guest@example.org", language="en")

    with translation.override("en"):
        (foreseen,) = previews.foresee(KIND, [registration], language="en")

    assert foreseen.shown is not None
    assert "Your certificate of attendance is ready" in foreseen.shown.letter.subject
    assert "[personal link]" in foreseen.shown.letter.text
    assert not Message.objects.exists()


def test_forum_managers_see_the_certificates_of_forums_and_of_nothing_else(client: Client):
    mine = actions.issue(KIND, attended(), by=StaffFactory())
    other = Certificate.objects.create(
        code="K7QM-F4XW-P2RT", kind="volunteer_service", language="en", name_hangul="이바다"
    )
    sign_in_staff(client, manager())

    listed = client.get("/admin/certificates/certificate/").content.decode()

    assert mine.code in listed
    assert other.code not in listed
    assert client.get(f"/admin/certificates/certificate/{other.pk}/change/").status_code == 404
    assert client.get(f"/certificates/{mine.code}/pdf/").status_code == 200
    assert client.get(f"/certificates/{other.code}/pdf/").status_code == 404
