"""Ports for the servers of tests.

From below those that the system gives to whoever calls out: a port that is free now must not be
somebody's in the minute until the server starts. None is given twice before all were.
"""

from __future__ import annotations

import os
import socket
from itertools import cycle

FIRST, EACH = 20_000, 3_000  # Linux calls out from 32768 on

# Each process of the tests has its own, and begins somewhere else than another run beside it.
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 4
_numbers = cycle((number + os.getpid()) % EACH + FIRST + EACH * _worker for number in range(EACH))


def free_port() -> int:
    """One on which nothing listens on this machine."""
    return next(number for number in _numbers if _is_free(number))


def _is_free(number: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True
