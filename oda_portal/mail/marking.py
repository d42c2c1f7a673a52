"""Marking a mail as sent while the mail server is told of the next one.

Until PostgreSQL has it on its disk the sender would stand idle for as long as the server takes
to hear who the next letter is from and to: here it does both at once.
"""

from __future__ import annotations

import select
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection
from django.utils import timezone

from .models import MARK_SENT, Message

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn

NAME, STATEMENT = b"mark_sent", MARK_SENT.format("$1", "$2", "$3").encode()
# The connections on which PostgreSQL knows the statement by this name.
_prepared: weakref.WeakSet[psycopg.Connection[Any]] = weakref.WeakSet()


@contextmanager
def marked_sent(message: Message) -> Iterator[None]:
    """When the block ends, however it ends, the row says so. The block asks no database."""
    if connection.vendor != "postgresql":
        message.mark_sent()
        yield
        return
    values = (timezone.now().isoformat(), str(message.pk), str(message.claim_id))
    with connection.wrap_database_errors:
        server = _prepared_server()
        server.send_query_prepared(NAME, [value.encode() for value in values])
    try:
        yield
    finally:
        with connection.wrap_database_errors:
            _finish(server)


def _prepared_server() -> PGconn:
    """The connection to PostgreSQL, which has been told the statement."""
    connection.ensure_connection()
    line = connection.connection
    if line not in _prepared:
        line.pgconn.send_prepare(NAME, STATEMENT)
        _finish(line.pgconn)
        _prepared.add(line)
    return line.pgconn


def _finish(server: PGconn) -> None:
    """Hear what PostgreSQL says to the statement under way; raises what psycopg would raise."""
    answer = select.poll()  # select() itself cannot wait for a file beyond the thousandth
    answer.register(server.socket, select.POLLIN)
    while server.is_busy():
        answer.poll()
        server.consume_input()
    results = list(iter(server.get_result, None))  # all of them, or the line stays busy
    for result in results:
        if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
            raise psycopg.OperationalError(result.get_error_message())
