"""The web process is killed, the broker hangs, the disk is full: one application, one receipt."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client

from oda_portal.mail.models import Message
from oda_portal.seats.models import Pool, Seat
from tests.factories import OpeningFactory, RequiredDocumentFactory
from tests.faults.line import line
from tests.files.samples import full_disk, picture, upload
from tests.processes import silent_broker, web
from tests.volunteers.applicants import address, post_step, written
from tests.volunteers.pressing import Press, on_postgresql, user_of, wait_for_lock
from volunteers.models import Application, ApplicationFile, Opening, State


@pytest.fixture(autouse=True)
def _content_types():  # type: ignore[no-untyped-def]
    """Numbers of models change from test to test; nobody may remember those of the last."""
    ContentType.objects.clear_cache()


def first_come() -> Opening:
    return OpeningFactory(mode=Opening.Mode.FIRST_COME, pool__capacity=5)


def rows(application: Application) -> dict[str, object]:
    application.refresh_from_db()
    received = Message.objects.filter(kind="application_received", about_id=application.pk)
    return {
        "state": application.state,
        "receipt": application.receipt,
        "mails": received.count(),
        "seats": Seat.objects.filter(object_id=application.pk, state="held").count(),
    }


@pytest.mark.thorough
@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_killed_inside_the_transaction_nothing_is_sent_and_again_is_once(tmp_path: Path):
    opening = first_come()
    application = written(opening.call, opening)
    print("before", rows(application))
    with web(tmp_path) as server:
        with transaction.atomic():
            # The place is the last step: receipt and mail are written, and not committed.
            Pool.objects.select_for_update().get(opening=opening)
            press = Press(server, address("apply_send", opening.call), user_of(application))
            wait_for_lock()
            server.kill()
        press.join(timeout=20)
    assert press.answer is None
    killed = rows(application)
    print("after the kill", killed)
    assert killed == {"state": State.DRAFT, "receipt": None, "mails": 0, "seats": 0}

    with web(tmp_path) as server:
        status = server.post(address("apply_send", opening.call), user_of(application)).status

    after = rows(application)
    print("sent again", after)
    print(line("web killed inside the transaction", 1, repeated=int(after["mails"]) - 1, errors=1))
    assert status == 302
    assert (after["state"], after["mails"], after["seats"]) == (State.CONFIRMED, 1, 1)
    assert Pool.objects.get(opening=opening).taken == 1


@pytest.mark.thorough
@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_killed_after_commit_before_the_answer_again_gives_the_same_receipt(tmp_path: Path):
    opening = first_come()
    application = written(opening.call, opening)
    with silent_broker() as hanging, web(tmp_path, redis_url=hanging) as server:
        # The bell for the worker holds the answer back for two seconds: the kill comes within.
        press = Press(server, address("apply_send", opening.call), user_of(application))
        for _try in range(400):
            if rows(application)["receipt"]:
                break
            threading.Event().wait(0.02)
        server.kill()
        press.join(timeout=20)
    assert press.answer is None
    killed = rows(application)
    print("after the kill", killed)
    assert (killed["state"], killed["mails"], killed["seats"]) == (State.CONFIRMED, 1, 1)

    with web(tmp_path) as server:
        answer = server.post(address("apply_send", opening.call), user_of(application))

    again = rows(application)
    more = int(again["mails"]) - 1
    print(line("web killed after commit, before the answer", 1, repeated=more, errors=1))
    assert (answer.status, answer.location) == (302, application.get_absolute_url())
    assert again == killed


@pytest.mark.thorough
@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_broker_that_hangs_holds_nobody_and_loses_nothing(tmp_path: Path):
    opening = first_come()
    application = written(opening.call, opening)

    with silent_broker() as hanging, web(tmp_path, redis_url=hanging) as server:
        path = address("apply_send", opening.call)
        begun = time.monotonic()
        answer = server.post(path, user_of(application), timeout=8)
        took = time.monotonic() - begun

    after = rows(application)
    assert answer.status == 302
    assert after["receipt"]
    assert after["mails"] == 1
    counted = {"lost": int(not after["receipt"]), "repeated": int(after["mails"]) - 1}
    errors = int(answer.status != 302)
    print(line("Redis hangs, an application is sent", 1, **counted, errors=errors, seconds=[took]))


@pytest.mark.django_db
def test_a_full_disk_is_said_beside_the_file_and_everything_else_kept(client: Client):
    opening = OpeningFactory()
    document = RequiredDocumentFactory(call=opening.call)
    application = written(opening.call, opening)
    client.force_login(application.volunteer.user)
    path = address("apply_step", opening.call, "documents", language="en")
    client.get(path)
    file = upload("large.png", picture("PNG", size=(900, 900)))

    with full_disk(room=500):
        response = client.post(path, {f"document_{document.pk}": file})

    assert response.status_code == 422
    assert "We could not store the file." in response.content.decode()
    assert not ApplicationFile.objects.exists()
    assert [path for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()] == []
    application.refresh_from_db()
    assert application.written["about"]["name"] == "홍길동"
    again = post_step(
        client,
        opening.call,
        "documents",
        {f"document_{document.pk}": upload("a.png", picture("PNG"))},
    )
    assert again.status_code == 302
