"""A look saves and takes back: whoever saves for good must not wait until its page is made.

Looks at one record come one after the other, and each holds what it saved for a moment alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.utils import Error

from .models import FilledForm

logger = logging.getLogger(__name__)

Made = TypeVar("Made")

# Seconds. After so many a look ends as soon as somebody waits for what it holds, and after so many
# in any case; so many for one question, or a stretch without any, as while a page is drawn; and for
# waiting until other looks are over, when nothing is held yet.
LONGEST, LONGEST_EVER = 2.0, 10.0
LONGEST_STEP = 5.0
LONGEST_WAIT = 30.0
# How often it looks whether somebody waits.
PAUSE = 0.5

LOCK = 0x6C6F6F6B  # "look"; advisory locks of PostgreSQL are numbers
# Of PostgreSQL, which ended the connection because nothing was asked for too long.
_IDLE = "25P03"


class BusyError(Exception):
    """Somebody saves what the look needs, or it took too long: trying again helps."""


def taken_back(filled: FilledForm, make: Callable[[], Made]) -> Made:
    """What `make` gives. Of what it writes nothing stays, and nothing that waits for a commit is
    done. Raises BusyError.

    It is called once more when its time is up: whoever waited for it has had their turn by then,
    and what pages are made of is at hand.
    """
    try:
        return _made(filled, make)
    except BusyError:
        return _made(filled, make)


def _made(filled: FilledForm, make: Callable[[], Made]) -> Made:
    try:
        with transaction.atomic():
            _wait_for_turn(filled)
            with connection.execute_wrapper(_Clock()):
                made = make()
            transaction.set_rollback(True)
        return made
    except Error as error:
        if not _is_of_time(error):
            raise
        logger.warning("a look at %s %s was ended: %s", filled.model, filled.object_id, error)
        raise BusyError from error


def _is_of_time(error: Exception) -> bool:
    state = getattr(error.__cause__, "sqlstate", "")
    return isinstance(error, (OperationalError, InterfaceError)) or state == _IDLE


def _wait_for_turn(filled: FilledForm) -> None:
    """SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        _limit(cursor, LONGEST_WAIT)
        record = f"{filled.model} {filled.object_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, record])
        _limit(cursor, LONGEST_STEP)


def _limit(cursor: Any, seconds: float) -> None:
    """Until the transaction is over."""
    most = f"{seconds * 1000:.0f}"
    cursor.execute(
        "SELECT set_config('statement_timeout', %s, true),"
        " set_config('idle_in_transaction_session_timeout', %s, true)",
        [most, most],
    )


class _Clock:
    """Stands before every question of a look; ends it when its time is up."""

    def __init__(self) -> None:
        now = monotonic()
        self.next, self.end = now + LONGEST, now + LONGEST_EVER

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        now = monotonic()
        if now > self.end:
            raise OperationalError("its time is up")
        if now > self.next:
            self.next = now + PAUSE
            if _is_waited_for():
                raise OperationalError("somebody waits")
        return execute(*args)


def _is_waited_for() -> bool:
    """Whether somebody stands still for what this transaction holds, other looks aside."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND locktype <> 'advisory'"
            " AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
