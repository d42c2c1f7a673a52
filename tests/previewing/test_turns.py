"""A look takes what it saves for a moment: nobody who saves for good waits until its page is made."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from oda_portal.files.storages import private_storage
from oda_portal.previewing import turns
from oda_portal.previewing.models import Preview
from oda_portal.publishing.models import Status
from programs.models import Program
from tests import factories
from tests.admin.pictures import a_picture
from tests.doors import sign_in_staff
from tests.previewing.looks import everything, form_of, look, press, preview_of

pytestmark = pytest.mark.django_db
two_writers = pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time")
WAIT = 60
TABLE = "LOCK TABLE programs_indicator IN ACCESS EXCLUSIVE MODE"


@contextmanager
def held(question: str) -> Iterator[None]:
    """What this question locks is held by somebody else's transaction."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute(question)
        yield
    finally:
        other.rollback()
        other.close()


@contextmanager
def reader_kept_waiting(pipe: str, tries: int = WAIT * 20) -> Iterator[None]:
    """Whoever reads from the pipe waits within, and finds its end afterwards."""
    opened: list[int] = []

    def is_read() -> bool:
        with suppress(OSError):
            opened.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        return bool(opened)

    until(is_read, tries)
    try:
        yield
    finally:
        os.close(opened[0])


def until(happened: Callable[[], bool], tries: int = WAIT * 20) -> None:
    for _try in range(tries):
        if happened():
            return
        time.sleep(0.05)
    raise TimeoutError


def is_waited_for(table: str, how: str = "relation = %s::regclass") -> bool:
    with connection.cursor() as cursor:
        values = [table] if table else []
        cursor.execute(f"SELECT count(*) FROM pg_locks WHERE NOT granted AND {how}", values)
        return bool(cursor.fetchone()[0])


def titles(program: Program) -> list[str]:
    return list(Program.objects.filter(pk=program.pk).values_list("title_ko", flat=True))


def apart(work: Callable[[], Any]) -> Any:
    try:
        return work()
    finally:
        connection.close()


def saved(pool: ThreadPoolExecutor, program: Program) -> Future:
    rows = Program.objects.filter(pk=program.pk)
    return pool.submit(apart, lambda: rows.update(title_ko="저장한 제목"))


def a_preview(client: Client) -> tuple[Program, Preview]:
    sign_in_staff(client, factories.StaffFactory())
    program = factories.ProgramFactory(status=Status.DRAFT)
    return program, preview_of(client, form_of(program), title_ko="미리 본 제목")


@pytest.mark.thorough
@two_writers
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_page_whose_questions_are_slow(client: Client, monkeypatch):
    program, preview = a_preview(client)
    monkeypatch.setattr(turns, "LONGEST_STEP", 1)

    with ThreadPoolExecutor(2) as pool, held(TABLE):
        page = pool.submit(apart, lambda: look(client, preview))
        until(lambda: is_waited_for("programs_indicator"))
        assert saved(pool, program).result(WAIT) == 1
        assert page.result(WAIT).status_code == 503

    assert titles(program) == ["저장한 제목"]
    monkeypatch.undo()
    assert look(client, preview).status_code == 200


@pytest.mark.thorough
@two_writers
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_page_that_asks_nothing_for_long(client: Client, monkeypatch):
    program, _preview = a_preview(client)
    photo = factories.PhotoFactory(program=program, image=a_picture())
    preview = preview_of(client, form_of(program))
    monkeypatch.setattr(turns, "LONGEST_STEP", 1)
    place = private_storage().path(photo.image.name)
    os.remove(place)
    os.mkfifo(place)  # a disk that does not answer

    with ThreadPoolExecutor(2) as pool:
        page = pool.submit(apart, lambda: look(client, preview))
        try:
            with reader_kept_waiting(place):
                assert saved(pool, program).result(WAIT) == 1
        finally:
            while not page.done():
                with suppress(TimeoutError), reader_kept_waiting(place, tries=1):
                    pass

    assert titles(program) == ["저장한 제목"]


@pytest.mark.thorough
@two_writers
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("somebody_waits", [True, False])
def test_a_slow_look_gives_way_to_whoever_waits_and_else_goes_on(
    client: Client, monkeypatch, caplog, somebody_waits: bool
):
    program, preview = a_preview(client)
    monkeypatch.setattr(turns, "LONGEST", 0)
    with ThreadPoolExecutor(2) as pool:
        with held(TABLE):
            page = pool.submit(apart, lambda: look(client, preview))
            until(lambda: is_waited_for("programs_indicator"))
            writer = saved(pool, program) if somebody_waits else None
            until(lambda: somebody_waits == is_waited_for("", "locktype = 'transactionid'"))
            time.sleep(turns.PAUSE)  # so that the next question looks again
        page.result(WAIT)

    assert ("somebody waits" in caplog.text) == somebody_waits
    assert page.result().status_code == 200
    assert writer is None or writer.result() == 1


@two_writers
@pytest.mark.django_db(transaction=True)
def test_whoever_looks_while_somebody_saves_is_asked_to_come_back(client: Client, monkeypatch):
    program, preview = a_preview(client)
    monkeypatch.setattr(turns, "LONGEST_STEP", 0.2)
    row = f"SELECT 1 FROM programs_program WHERE id = {program.pk} FOR UPDATE"

    with held(row):
        page = look(client, preview)
        pressed = press(client, form_of(program), title_ko="또 다른 제목")

    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "아직 준비되지 않았습니다" in page.content.decode()
    assert [text for _field, text in pressed.context["reasons"]] == [
        "지금 다른 사람이 이 기록을 저장하고 있습니다. 잠시 기다려 주세요."
    ]
    monkeypatch.undo()
    assert look(client, preview).status_code == 200


@pytest.mark.thorough
@two_writers
@pytest.mark.django_db(transaction=True)
def test_looks_at_one_record_come_one_after_the_other(client: Client, monkeypatch):
    program, preview = a_preview(client)
    its_preview = preview_of(client, form_of(factories.ProgramFactory(status=Status.DRAFT)))
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.2)
    turn = f"SELECT pg_advisory_lock({turns.LOCK}, hashtext('programs.program {program.pk}'))"

    with held(turn):
        assert look(client, preview).status_code == 503
        assert look(client, its_preview).status_code == 200


@pytest.mark.thorough
def test_a_look_whose_time_is_up_ends_and_leaves_nothing(client: Client, monkeypatch):
    _program, preview = a_preview(client)
    before = everything()
    monkeypatch.setattr(turns, "LONGEST_EVER", 0)

    for language in ("", "en", "zh-hans"):
        assert look(client, preview, language).status_code == 503

    assert everything() == before
    monkeypatch.undo()
    assert look(client, preview).status_code == 200


def test_what_waits_for_the_commit_is_not_done(client: Client):
    _program, preview = a_preview(client)
    done = []

    turns.taken_back(preview, lambda: transaction.on_commit(lambda: done.append(1)))

    assert done == []
    assert not connection.needs_rollback
