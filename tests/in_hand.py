"""What the live server is answering: a page that is closed leaves what it asked last to the server.

A form that saves itself, say, would write a row while the tables are emptied after the test.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from django.core.signals import request_finished, request_started

# The server's threads; each answers one request at a time. The test's own client is none of them.
_busy: set[int] = set()


def _begins(**_known: Any) -> None:
    if threading.current_thread() is not threading.main_thread():
        _busy.add(threading.get_ident())


def _is_over(**_known: Any) -> None:
    _busy.discard(threading.get_ident())


request_started.connect(_begins)
request_finished.connect(_is_over)


def wait_for_the_last(seconds: int = 20) -> None:
    """Return when every request is answered, or its thread has ended."""
    until = time.monotonic() + seconds
    while _busy & {thread.ident for thread in threading.enumerate()}:
        assert time.monotonic() < until, "a request of the live server does not end"
        time.sleep(0.01)
