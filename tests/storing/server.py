"""A process that speaks S3: moto, and what the tests do to it (`tests.storing`).

python -m tests.storing.server PORT
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, run_simple

from tests.storing import FULL, OLDER

REFUSAL = b"<Error><Code>QuotaExceeded</Code><Message>No more is taken.</Message></Error>"
# Prefixes below which nothing may be put.
full: set[str] = set()


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Hundreds of requests a second would be written to the terminal."""


def make_older(asked: dict[str, str]) -> None:
    found = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[asked["bucket"]].keys[asked["key"]]
    found.last_modified -= timedelta(hours=float(asked["hours"]))


def make_full(asked: dict[str, str]) -> None:
    (full.add if asked["is"] == "full" else full.discard)(asked["prefix"])


def with_faults(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    acts = {OLDER: make_older, FULL: make_full}

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if act := acts.get(path):
            asked = parse_qs(environ["QUERY_STRING"])
            act({name: values[0] for name, values in asked.items()})
            start("204 No Content", [])
            return []
        if environ["REQUEST_METHOD"] == "PUT" and any(prefix in path for prefix in full):
            start("403 Forbidden", [("Content-Type", "application/xml")])
            return [REFUSAL]
        return app(environ, start)

    return answer


if __name__ == "__main__":
    run_simple(
        "127.0.0.1",
        int(sys.argv[1]),
        with_faults(DomainDispatcherApplication(create_backend_app)),
        threaded=True,
        request_handler=Quiet,
    )
