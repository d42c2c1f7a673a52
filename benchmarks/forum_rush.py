"""500 people on 100 connections register at once for an event with 100 places, three rounds.

    DATABASE_URL=… REDIS_URL=… SECRET_KEY=… FIELD_KEYS=… python -m benchmarks.forum_rush [rounds]

On a database of its own: it migrates it. Each round is a new event; everybody has followed a mailed
link and sends the form at once. Printed: how many were confirmed and how many wait, whether the
line has every number once and each was told the one that it had, and the seconds of the round.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from threading import Barrier, local
from typing import Any
from urllib.parse import urlencode, urlparse

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.last_seats import serve  # noqa: E402
from forums.models import Forum, Registration, Series  # noqa: E402
from forums.models.registrations import State  # noqa: E402
from forums.registering.mails import BEGIN  # noqa: E402
from oda_portal.mail import links, outbox  # noqa: E402
from oda_portal.mail.models import Message  # noqa: E402
from oda_portal.privacy import consent_texts  # noqa: E402
from oda_portal.privacy.consents import current_texts  # noqa: E402
from oda_portal.publishing.models import Status  # noqa: E402
from oda_portal.seats.models import Pool  # noqa: E402
from programs.models import Program  # noqa: E402
from tests.processes import TOKEN  # noqa: E402

PEOPLE, CONNECTIONS, PLACES, ROUNDS = 500, 100, 100, 3


def event(number: int) -> Forum:
    now = timezone.now()
    stamp = f"benchmark-{number}-{int(now.timestamp())}"
    first = timezone.localdate() + timedelta(days=30)
    program = Program.objects.create(
        code=stamp, kind="forum", arrangement="own", title_ko="포럼", title_en="Forum",
        summary_ko="요약", starts_on=first, ends_on=first, status=Status.PUBLISHED,
    )  # fmt: skip
    series, _made = Series.objects.get_or_create(slug="benchmark", defaults={"name_ko": "포럼"})
    return Forum.objects.create(
        program=program, slug=stamp, series=series, pool=Pool.objects.create(capacity=PLACES),
        registration_opens_at=now - timedelta(days=1),
        registration_closes_at=now + timedelta(days=20),
    )  # fmt: skip


def links_to(forum: Forum) -> list[str]:
    """A mailed link for each of the crowd, as a path."""
    paths = []
    for number in range(PEOPLE):
        context = {"event": str(forum), "days": "3"}
        to = f"crowd{number}@example.org"
        message = outbox.post(BEGIN, to=to, language="ko", context=context, about=forum)
        assert message is not None
        paths.append(urlparse(links.issue(message)).path)
    return paths


def form() -> str:
    consents = {
        f"consent_{text.kind}": f"{'yes' if text.required else 'no'}.{text.version}"
        for text in current_texts(("attendance", "attendance_needs"))
    }
    said = {"name": "홍길동", "affiliation": "", "size": "1", "needs": "", "language": "ko"}
    return urlencode({**said, **consents, "old_enough": "on"})


class Crowd:
    """Connections that stay open; each person sends the form once."""

    def __init__(self, port: int) -> None:
        self.port, self.kept, self.body = port, local(), form()
        self.start = Barrier(CONNECTIONS)

    def send(self, number: int, path: str) -> str:
        if number < CONNECTIONS:
            self.start.wait(timeout=60)
        headers = {
            "Host": "localhost",
            "Cookie": f"{settings.CSRF_COOKIE_NAME}={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            server = self._connection()
            server.request("POST", path, body=self.body, headers=headers)
            response = server.getresponse()
            response.read()
            return str(response.status)
        except (OSError, HTTPException) as error:
            self.kept.server = None
            return f"no answer: {type(error).__name__}"

    def _connection(self) -> HTTPConnection:
        if getattr(self.kept, "server", None) is None:
            self.kept.server = HTTPConnection("127.0.0.1", self.port, timeout=120)
        return self.kept.server


def one_round(number: int, port: int) -> dict[str, Any]:
    forum = event(number)
    paths = links_to(forum)
    crowd = Crowd(port)
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        answers = Counter(threads.map(crowd.send, range(PEOPLE), paths))
    seconds = time.perf_counter() - began
    rows = Registration.objects.filter(forum=forum).with_state()
    line = sorted(row.place_in_line or 0 for row in rows.in_state(State.WAITING))
    told = Message.objects.filter(kind="registration_waiting", about_id__in=rows.values("pk"))
    numbers = sorted(int(context["n"]) for context in told.values_list("context", flat=True))
    return {
        "round": number,
        "answers": dict(sorted(answers.items())),
        "confirmed": rows.confirmed().count(),
        "pool": Pool.objects.get(forum=forum).taken,
        "waiting": len(line),
        "line is right": line == numbers == list(range(1, PEOPLE - PLACES + 1)),
        "seconds": round(seconds, 1),
    }


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    port = int(os.environ.get("PORT", "8792"))
    call_command("migrate", verbosity=0)
    consent_texts.load(in_force=True)
    process: subprocess.Popen[bytes] = serve(port)
    wrong = 0
    try:
        for number in range(1, rounds + 1):
            found = one_round(number, port)
            print(json.dumps(found), flush=True)
            exact = (found["confirmed"], found["pool"], found["line is right"])
            wrong += exact != (PLACES, PLACES, True) or found["answers"] != {"302": PEOPLE}
    finally:
        process.terminate()
        process.wait(timeout=20)
    print(f"{rounds} rounds, {wrong} not exact")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
