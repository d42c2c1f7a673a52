"""The web process is killed, or its disk is full, while a draft, a file or a withdrawal is written."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition
from oda_portal.files import staging, sweeping
from oda_portal.mail.models import Message
from oda_portal.seats.models import Pool, Seat
from tests.factories import OpeningFactory, RequiredDocumentFactory
from tests.faults.line import line
from tests.files.samples import picture, upload
from tests.processes import silent_broker, web
from tests.volunteers.applicants import address, sent, written
from tests.volunteers.pressing import (
    Press,
    on_postgresql,
    user_of,
    wait_for_lock,
    wait_until_alone,
)
from volunteers.models import Application, ApplicationFile, Opening, RequiredDocument, State

pytestmark = [on_postgresql, pytest.mark.django_db(transaction=True)]

ORPHANED_FOR = staging.MAX_AGE.total_seconds() + 60


@pytest.fixture(autouse=True)
def _content_types():  # type: ignore[no-untyped-def]
    """Numbers of models change from test to test; nobody may remember those of the last."""
    ContentType.objects.clear_cache()


@pytest.fixture
def application() -> Application:
    opening = OpeningFactory()
    return written(opening.call, opening)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def experience(application: Application, text: str) -> dict[str, Any]:
    values = {"base": application.base_of("experience"), "experience": text}
    return {"body": urlencode(values).encode()}


def file_form(document: RequiredDocument, name: str, content: bytes) -> dict[str, Any]:
    body = encode_multipart(BOUNDARY, {f"document_{document.pk}": upload(name, content)})
    return {"body": body, "kind": MULTIPART_CONTENT}


def stored() -> list[str]:
    """Files of the private folder, also those that wait and those put aside."""
    root = Path(settings.PRIVATE_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def rows(application: Application) -> dict[str, Any]:
    application.refresh_from_db()
    about = Message.objects.filter(about_id=application.pk)
    return {
        "state": application.state,
        "experience": application.written.get("experience", {}).get("experience"),
        "files": list(application.files.values_list("name", "file")),
        "transitions": Transition.objects.filter(object_id=application.pk).count(),
        "mails": sorted(about.values_list("kind", flat=True)),
        "seats": Seat.objects.filter(object_id=application.pk, state="held").count(),
    }


def say(case: str, press: Press, *, lost: bool, repeated: int = 0) -> None:
    print(line(case, 1, lost=int(lost), repeated=repeated, errors=int(press.answer is None)))


def sweep_after_hours() -> list[str]:
    """What lies in the private folder after the timed sweep, without what is put aside."""
    root = Path(settings.PRIVATE_ROOT)
    for name in stored():
        os.utime(root / name, (time.time() - ORPHANED_FOR,) * 2)
    sweeping.sweep_originals()
    staging.sweep_staged()
    return [name for name in stored() if not name.startswith(sweeping.ASIDE)]


# --- a draft --------------------------------------------------------------------------------------


@pytest.mark.thorough
def test_killed_before_a_draft_is_written_it_is_as_it_was_and_again_it_is_saved(
    application: Application, tmp_path: Path
):
    path = address("apply_step", application.call, "experience")
    form = experience(application, "Three years")
    before = rows(application)
    print("before", before)
    with web(tmp_path) as server:
        with transaction.atomic():
            Application.objects.select_for_update().get(pk=application.pk)
            press = Press(server, path, user_of(application), **form)
            wait_for_lock()
            server.kill()
        press.join(timeout=20)
    wait_until_alone()
    print("after the kill", rows(application))

    assert press.answer is None
    assert rows(application) == before
    client = signed_in(user_of(application))
    values = {"base": application.base_of("experience"), "experience": "Three years"}
    assert client.post(path, values).status_code == 302
    after = rows(application)
    assert after["experience"] == "Three years"
    more = len(after["mails"]) - len(before["mails"]) - 1  # one says that it was saved
    say("killed before a draft is written", press, lost=not after["experience"], repeated=more)


@pytest.mark.thorough
def test_killed_after_a_draft_was_written_before_the_answer_nothing_is_lost(
    application: Application, tmp_path: Path
):
    path = address("apply_step", application.call, "experience")
    form = experience(application, "Three years")
    print("before", rows(application))
    with silent_broker() as hanging, web(tmp_path, redis_url=hanging) as server:
        # The bell for the mail about the draft holds the answer back: the kill comes within.
        press = Press(server, path, user_of(application), **form)
        for _try in range(400):
            if rows(application)["mails"]:
                break
            threading.Event().wait(0.02)
        server.kill()
        press.join(timeout=20)
    wait_until_alone()
    killed = rows(application)
    print("after the kill", killed)

    assert press.answer is None
    assert (killed["experience"], killed["mails"]) == ("Three years", ["application_draft"])
    # Sent again from the page that is still open, it is the same and no conflict.
    again = signed_in(user_of(application)).post(
        path, form["body"].decode(), content_type="application/x-www-form-urlencoded"
    )
    assert again.status_code == 302
    after = rows(application)
    assert after == killed
    more = len(after["mails"]) - 1
    say("killed after a draft was written", press, lost=not after["experience"], repeated=more)


# --- a file ---------------------------------------------------------------------------------------


@pytest.mark.thorough
def test_killed_when_a_file_is_stored_and_its_row_is_not_there_is_neither(
    application: Application, tmp_path: Path
):
    document = RequiredDocumentFactory(call=application.call)
    path = address("apply_step", application.call, "documents")
    before = rows(application)
    print("before", before, stored())
    with web(tmp_path) as server:
        with transaction.atomic():
            # A row in the way: the server's own waits until it is known what becomes of this one.
            ApplicationFile.objects.create(
                application=application, document=document, file="x", name="x", size=1
            )
            form = file_form(document, "cv.png", picture("PNG"))
            press = Press(server, path, user_of(application), **form)
            wait_for_lock()
            assert len(stored()) == 1
            server.kill()
            transaction.set_rollback(True)
        press.join(timeout=20)
    wait_until_alone()
    print("after the kill", rows(application), stored())

    assert press.answer is None
    assert rows(application) == before
    assert sweep_after_hours() == []
    client = signed_in(user_of(application))
    file = {f"document_{document.pk}": upload("cv.png", picture("PNG"))}
    assert client.post(path, file).status_code == 302
    whole = sweep_after_hours()
    assert whole == [application.files.get().file.name]
    say("killed while a file is stored", press, lost=not whole, repeated=len(whole) - 1)


@pytest.mark.thorough
def test_killed_while_a_file_is_replaced_the_old_one_is_whole(
    application: Application, tmp_path: Path
):
    document = RequiredDocumentFactory(call=application.call)
    path = address("apply_step", application.call, "documents")
    client = signed_in(user_of(application))
    client.post(path, {f"document_{document.pk}": upload("old.png", picture("PNG"))})
    before = rows(application)
    print("before", before, stored())
    with web(tmp_path) as server:
        with transaction.atomic():
            Application.objects.select_for_update().get(pk=application.pk)
            form = file_form(document, "new.png", picture("PNG", size=(30, 30)))
            press = Press(server, path, user_of(application), **form)
            wait_for_lock()
            server.kill()
        press.join(timeout=20)
    wait_until_alone()
    print("after the kill", rows(application), stored())

    assert press.answer is None
    assert rows(application) == before
    old = application.files.get()
    whole = sweep_after_hours()
    assert whole == [old.file.name]
    say("killed while a file is replaced", press, lost=not whole, repeated=len(whole) - 1)
    with Image.open(old.file) as image:
        assert image.size == (60, 40)


# --- a withdrawal ---------------------------------------------------------------------------------


@pytest.mark.thorough
def test_killed_inside_a_withdrawal_the_place_is_kept_and_again_it_is_free(tmp_path: Path):
    opening = OpeningFactory(mode=Opening.Mode.FIRST_COME, pool__capacity=5)
    application = sent(opening.call, opening)
    path = f"{application.get_absolute_url()}withdraw/"
    before = rows(application)
    print("before", before)
    with web(tmp_path) as server:
        with transaction.atomic():
            # The state is written before the place is given back.
            Seat.objects.select_for_update().get(object_id=application.pk)
            press = Press(server, path, user_of(application))
            wait_for_lock()
            server.kill()
        press.join(timeout=20)
    wait_until_alone()
    print("after the kill", rows(application))

    assert press.answer is None
    assert rows(application) == before
    assert before["seats"] == Pool.objects.get().taken == 1
    assert signed_in(user_of(application)).post(path).status_code == 302
    after = rows(application)
    print("sent again", after)
    assert (after["state"], after["seats"]) == (State.WITHDRAWN, 0)
    assert after["mails"] == sorted([*before["mails"], "application_withdrawn"])
    assert after["transitions"] == before["transitions"] + 1
    assert Pool.objects.get().taken == 0
    more = after["transitions"] - before["transitions"] - 1
    say("killed inside a withdrawal", press, lost=after["seats"] > 0, repeated=more)


# --- a disk that is full --------------------------------------------------------------------------

ROOM = 200  # kB


def small_disk(folder: Path) -> list[str]:
    """A command in whose surroundings this folder is a file system of its own, and small."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = f'mount -t tmpfs -o size={ROOM}k tmpfs "{folder}" && exec "$@"'
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]


def can_have_a_small_disk() -> bool:
    if not (sys.platform == "linux" and shutil.which("unshare")):
        return False
    command = ["unshare", "--user", "--map-root-user", "--mount"]
    done = subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False)
    return done.returncode == 0


def noise(side: int) -> bytes:
    """A picture that no format makes smaller."""
    sample = random.Random(1).randbytes(side * side * 3)
    content = BytesIO()
    Image.frombytes("RGB", (side, side), sample).save(content, "PNG")
    return content.getvalue()


@pytest.mark.thorough
@pytest.mark.skipif(not can_have_a_small_disk(), reason="no file system of one's own here")
def test_a_file_system_that_is_full_is_said_and_nothing_half_stays(
    application: Application, tmp_path: Path
):
    document = RequiredDocumentFactory(call=application.call)
    path = address("apply_step", application.call, "documents", language="en")
    folder = Path(settings.PRIVATE_ROOT)
    before = rows(application)
    with web(tmp_path, within=small_disk(folder)) as server:
        there = Path(f"/proc/{server.process.pid}/root{folder}")
        print("disk", shutil.disk_usage(there), "before", before)
        user = user_of(application)
        too_large = file_form(document, "cv.png", noise(400))
        begun = time.monotonic()
        full = server.post(path, user, **too_large)
        took = time.monotonic() - begun
        left = [found for found in there.rglob("*") if found.is_file()]
        print("full", full.status, shutil.disk_usage(there), rows(application))
        assert full.status == 422
        assert "We could not store the file." in full.page
        assert left == []
        assert rows(application) == before
        lost = sum(rows(application)[name] != value for name, value in before.items())
        print(line("disk full, a file is uploaded", 1, lost=lost, repeated=len(left), errors=1,
                   seconds=[took]))  # fmt: skip

        fits = server.post(path, user, **file_form(document, "cv.png", noise(100)))
        print("fits", fits.status, shutil.disk_usage(there), rows(application))
        assert fits.status == 302
        assert [found.stat().st_size for found in there.rglob("*") if found.is_file()] == [
            ApplicationFile.objects.get().size
        ]
