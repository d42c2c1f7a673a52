"""Sending: once whatever is clicked, with the place that was taken, and files that are private."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from oda_portal.mail.models import Message
from oda_portal.seats.models import Pool
from tests.factories import CallFactory, OpeningFactory, RequiredDocumentFactory
from tests.faults.line import line
from tests.files.samples import picture, upload
from tests.volunteers.applicants import address, person, post_step, sent, written
from volunteers import actions
from volunteers.models import Application, ApplicationFile, Opening, State

pytestmark = pytest.mark.django_db


def first_come(capacity: int, call=None, **fields) -> Opening:
    call = call or CallFactory()
    return OpeningFactory(
        call=call, mode=Opening.Mode.FIRST_COME, pool__capacity=capacity, **fields
    )


def taken(opening: Opening) -> int:
    return Pool.objects.get(opening=opening).taken


def test_the_same_form_sent_twenty_times_is_one_application(client: Client):
    opening = OpeningFactory()
    application = written(opening.call, opening)
    client.force_login(application.volunteer.user)

    answers = {client.post(address("apply_send", opening.call)).url for _time in range(20)}

    application.refresh_from_db()
    assert answers == {application.get_absolute_url()}
    assert Application.objects.count() == 1
    assert Message.objects.filter(kind="application_received").count() == 1
    assert len(application.receipt) == 11


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'",
    reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
)
def test_the_same_form_sent_twenty_times_at_once_is_one_application():
    opening = first_come(10)
    application = written(opening.call, opening)
    user, start = application.volunteer.user, Barrier(20)
    seconds: list[float] = []

    def post(_number: int) -> str:
        try:
            browser = Client()
            browser.force_login(user)
            start.wait(timeout=30)
            began = time.monotonic()
            answer = browser.post(address("apply_send", opening.call)).url
            seconds.append(time.monotonic() - began)
            return answer
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        answers = set(threads.map(post, range(20)))

    more = Message.objects.filter(kind="application_received").count() - 1
    print(line("the same form twenty times at once", 20, repeated=more, seconds=seconds))
    assert answers == {application.get_absolute_url()}
    assert Message.objects.filter(kind="application_received").count() == 1
    assert taken(opening) == 1


def test_first_come_gives_the_place_at_once():
    opening = first_come(1)

    application = sent(opening.call, opening)

    assert application.state == State.CONFIRMED
    assert taken(opening) == 1


def test_first_come_that_is_full_is_refused_with_everything_kept(client: Client):
    opening = first_come(1)
    sent(opening.call, opening)
    late = written(opening.call, opening)
    client.force_login(late.volunteer.user)

    response = client.post(address("apply_send", opening.call, language="en"))

    late.refresh_from_db()
    assert response.status_code == 409
    assert "The last place has just been taken." in response.content.decode()
    assert (late.state, late.receipt, late.sent_at) == (State.DRAFT, None, None)
    assert late.written["about"]["name"] == "홍길동"
    assert not Message.objects.filter(kind="application_received", about_id=late.pk).exists()
    assert taken(opening) == 1


def test_first_come_falls_back_on_the_next_choice():
    full, free = first_come(0), None
    free = first_come(1, call=full.call)

    application = sent(full.call, full, free)

    assert application.state == State.CONFIRMED
    assert taken(free) == 1


def test_first_come_that_is_full_leaves_what_is_decided_by_selection():
    full = first_come(0)
    by_selection = OpeningFactory(call=full.call)

    application = sent(full.call, full, by_selection)

    assert application.state == State.SUBMITTED


def test_first_come_is_told_of_the_place_and_not_of_a_selection():
    opening = first_come(1)
    sent(opening.call, opening)

    context = Message.objects.get(kind="application_received").context

    assert context["result"].startswith("Your place is confirmed.")
    assert "change" not in context["result"]


def test_first_come_after_a_selection_waits_for_the_selection():
    by_selection = OpeningFactory()
    free = first_come(1, call=by_selection.call)

    application = sent(by_selection.call, by_selection, free)

    assert application.state == State.SUBMITTED
    assert taken(free) == 0


def test_sending_again_without_a_change_says_so(client: Client):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    client.force_login(application.volunteer.user)

    page = client.post(address("apply_send", opening.call, language="en"), follow=True)

    application.refresh_from_db()
    assert "You have already applied to this call." in page.content.decode()
    assert application.changed_at is None


def test_files_stay_as_they_were_sent(client: Client):
    application, field = with_document(client)
    post_step(client, application.call, "documents", {field: upload("one.png", picture("PNG"))})
    client.post(address("apply_send", application.call))
    row = ApplicationFile.objects.get()

    client.post(
        address("apply_step", application.call, "documents"),
        {field: upload("two.png", picture("PNG"))},
    )
    removed = client.post(address("remove_file", application.call, str(row.document_id)))

    assert removed.status_code == 404
    assert ApplicationFile.objects.get().name == "one.png"


def test_withdrawing_frees_the_place_and_says_so_by_mail(client: Client):
    opening = first_come(1)
    application = sent(opening.call, opening)
    client.force_login(application.volunteer.user)

    client.post(f"{application.get_absolute_url()}withdraw/")
    client.post(f"{application.get_absolute_url()}withdraw/")

    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    assert taken(opening) == 0
    assert Message.objects.filter(kind="application_withdrawn").count() == 1


def test_applying_again_opens_the_same_row_with_the_same_receipt(client: Client):
    opening = OpeningFactory()
    application = sent(opening.call, opening)
    receipt = application.receipt
    client.force_login(application.volunteer.user)
    client.post(f"{application.get_absolute_url()}withdraw/")

    client.post(address("begin", opening.call))
    client.post(address("apply_send", opening.call))

    found = Application.objects.get()
    assert (found.pk, found.state, found.receipt) == (application.pk, State.SUBMITTED, receipt)
    assert Message.objects.filter(kind="application_received").count() == 2


def test_changing_to_first_come_after_sending_takes_the_place(client: Client):
    by_selection = OpeningFactory()
    free = first_come(1, call=by_selection.call)
    application = sent(by_selection.call, by_selection)
    client.force_login(application.volunteer.user)
    post_step(client, by_selection.call, "openings", {"choice_1": str(free.pk)})

    client.post(address("apply_send", by_selection.call))

    application.refresh_from_db()
    assert application.state == State.CONFIRMED
    assert [choice.opening for choice in application.choices.all()] == [free]
    assert taken(free) == 1


# --- files ----------------------------------------------------------------------------------------


def with_document(client: Client) -> tuple[Application, str]:
    opening = OpeningFactory()
    document = RequiredDocumentFactory(call=opening.call)
    application = written(opening.call, opening)
    client.force_login(application.volunteer.user)
    return application, f"document_{document.pk}"


def private_files() -> list[str]:
    folder = Path(settings.PRIVATE_ROOT)
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_is_stored_encoded_anew_and_given_to_its_owner_alone(client: Client):
    application, field = with_document(client)
    post_step(client, application.call, "documents", {field: upload("증명서.png", picture("PNG"))})

    row = ApplicationFile.objects.get()
    path = f"/volunteers/files/{row.uuid}/"
    mine, other, stranger = client.get(path), Client(), Client()
    other.force_login(person())

    assert mine.status_code == 200
    assert mine.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in mine.headers["Cache-Control"]
    assert mine.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in mine.headers["Content-Security-Policy"]
    assert other.get(path).status_code == 404
    assert stranger.get(path).url.startswith("/accounts/login/")


def test_a_file_that_is_replaced_leaves_nothing_behind(
    client: Client, django_capture_on_commit_callbacks
):
    application, field = with_document(client)
    for name in ("one.png", "two.png"):
        with django_capture_on_commit_callbacks(execute=True):
            post_step(client, application.call, "documents", {field: upload(name, picture("PNG"))})

    row = ApplicationFile.objects.get()
    assert row.name == "two.png"
    assert private_files() == [Path(row.file.name).name]


def test_a_file_can_be_removed(client: Client, django_capture_on_commit_callbacks):
    application, field = with_document(client)
    post_step(client, application.call, "documents", {field: upload("one.png", picture("PNG"))})
    row = ApplicationFile.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("remove_file", application.call, str(row.document_id)))

    assert not ApplicationFile.objects.exists()
    assert private_files() == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.exe", b"MZ\x90"),
        ("page.html", b"<script>alert(1)</script>"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("paper.pdf", b"no pdf at all"),
        ("paper.docx", b"PK\x03\x04 broken"),
        ("photo.jpg", b"GIF89a"),
        ("empty.pdf", b""),
        ("sheet.xlsx", b"PK\x03\x04"),
    ],
)
def test_a_bad_file_is_named_and_everything_else_kept(client: Client, name: str, content: bytes):
    application, bad = with_document(client)
    other = RequiredDocumentFactory(call=application.call)
    files = {bad: upload(name, content), f"document_{other.pk}": upload("ok.png", picture("PNG"))}

    response = post_step(client, application.call, "documents", files)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [bad]
    assert [row.name for row in ApplicationFile.objects.all()] == ["ok.png"]
    assert len(private_files()) == 1


def test_a_file_of_ten_megabytes_and_more_is_refused(client: Client):
    application, field = with_document(client)
    large = upload("large.pdf", b"%PDF-1.4\n" + b"0" * (10 * 1024 * 1024))

    response = post_step(client, application.call, "documents", {field: large})

    assert response.status_code == 422
    assert not ApplicationFile.objects.exists()


def test_a_resident_number_in_a_file_name_is_refused(client: Client):
    application, field = with_document(client)
    file = upload("990307-1234567.png", picture("PNG"))

    response = post_step(client, application.call, "documents", {field: file})

    assert response.status_code == 422
    assert not ApplicationFile.objects.exists()
    assert private_files() == []


def test_files_cannot_be_changed_after_the_deadline(client: Client):
    application, field = with_document(client)
    post_step(client, application.call, "documents", {field: upload("one.png", picture("PNG"))})
    call = application.call
    row = ApplicationFile.objects.get()
    call.opens_at, call.closes_at = call.opens_at.replace(year=2020), call.opens_at
    call.save()

    client.post(
        address("apply_step", call, "documents"), {field: upload("two.png", picture("PNG"))}
    )
    removed = client.post(address("remove_file", call, str(row.document_id)))

    assert removed.status_code == 404
    assert ApplicationFile.objects.get().name == "one.png"


# --- discarding -----------------------------------------------------------------------------------


def test_discarding_a_draft_destroys_it_with_its_files(
    client: Client, django_capture_on_commit_callbacks
):
    application, field = with_document(client)
    post_step(client, application.call, "documents", {field: upload("one.png", picture("PNG"))})

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{application.get_absolute_url()}withdraw/")

    assert not Application.objects.exists()
    assert private_files() == []


def test_what_was_sent_is_never_discarded():
    opening = OpeningFactory()
    application = sent(opening.call, opening)

    assert actions.discard(application) is False
    assert Application.objects.exists()
