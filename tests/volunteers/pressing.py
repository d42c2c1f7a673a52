"""Somebody presses a button of a real server, which is killed or held meanwhile."""

from __future__ import annotations

import threading
from http.client import HTTPException
from typing import Any

import pytest
from django.db import connection

from oda_portal.accounts.models import User
from tests.processes import Answer, Web
from volunteers.models import Application

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="another process needs the database of the test"
)


class Press(threading.Thread):
    """Sends at once, and waits in the background; `answer` stays None when none comes."""

    answer: Answer | None = None

    def __init__(self, server: Web, path: str, user: User, **form: Any) -> None:
        super().__init__()
        self.send = lambda: server.post(path, user, **form)
        self.start()

    def run(self) -> None:
        try:
            self.answer = self.send()
        except (OSError, HTTPException):
            print("no answer")
        finally:
            connection.close()


def user_of(application: Application) -> User:
    user = application.volunteer.user
    assert user
    return user


def wait_for_lock() -> None:
    """Until a process of the database waits for a row that the test holds."""
    _wait_until("wait_event_type = 'Lock'", some=True)


def wait_until_alone() -> None:
    """Until the database has noticed that whoever was killed is gone."""
    _wait_until("datname = current_database() and pid <> pg_backend_pid()", some=False)


def _wait_until(what: str, *, some: bool) -> None:
    for _try in range(400):
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_clear_snapshot()")  # else it is as old as we are
            cursor.execute(f"select count(*) from pg_stat_activity where {what}")
            if bool(cursor.fetchone()[0]) is some:
                return
        threading.Event().wait(0.05)
    raise TimeoutError(what)
