"""500 people on 100 connections register at once for an event with 100 places, three rounds.

    DATABASE_URL=… REDIS_URL=… FIELD_KEYS=… python -m benchmarks.forum_rush [rounds] [--people 500]

In a database of its own, which it makes and takes away. Each round is a new event with a place for
every fifth; everybody has followed a mailed link and sends the form at once. Printed: how many were
confirmed and how many wait, whether the line has every number once and each was told the one that
it had, and the seconds of the round.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlparse

from benchmarks.places import numbered, own_database, set_up

set_up()

from django.utils import timezone  # noqa: E402

from benchmarks.crowd import Crowd  # noqa: E402
from benchmarks.harness import Server  # noqa: E402
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

PEOPLE, CONNECTIONS, ROUNDS = 500, 100, 3


def event(number: int, places: int) -> Forum:
    now = timezone.now()
    stamp = f"benchmark-{number}-{int(now.timestamp())}"
    first = timezone.localdate() + timedelta(days=30)
    program = Program.objects.create(
        code=stamp, kind="forum", arrangement="own", title_ko="포럼", title_en="Forum",
        summary_ko="요약", starts_on=first, ends_on=first, status=Status.PUBLISHED,
    )  # fmt: skip
    series, _made = Series.objects.get_or_create(slug="benchmark", defaults={"name_ko": "포럼"})
    return Forum.objects.create(
        program=program, slug=stamp, series=series, pool=Pool.objects.create(capacity=places),
        registration_opens_at=now - timedelta(days=1),
        registration_closes_at=now + timedelta(days=20),
    )  # fmt: skip


def links_to(forum: Forum, people: int) -> list[str]:
    """A mailed link for each of the crowd, as a path."""
    paths = []
    for number in range(people):
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


def one_round(number: int, people: int, port: int) -> dict[str, Any]:
    forum = event(number, people // 5)
    paths = links_to(forum, people)
    crowd = Crowd(port, people, connections=CONNECTIONS)
    began = time.perf_counter()
    answers = crowd.send(paths, body=form())
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
        "line is right": line == numbers == list(range(1, people - people // 5 + 1)),
        "seconds": round(seconds, 1),
    }


def is_exact(found: dict[str, Any], people: int) -> bool:
    exact = (found["confirmed"], found["pool"], found["line is right"])
    return exact == (people // 5, people // 5, True) and found["answers"] == {"302": people}


def main() -> None:
    parser = numbered(__doc__, ROUNDS, of="rounds")
    parser.add_argument("--people", type=int, default=PEOPLE)
    asked = parser.parse_args()
    wrong = 0
    with own_database():
        consent_texts.load(in_force=True)
        server = Server("oda_portal.wsgi:application")
        try:
            server.get("/healthz")
            for number in range(1, asked.number + 1):
                found = one_round(number, asked.people, server.port)
                print(json.dumps(found), flush=True)
                wrong += not is_exact(found, asked.people)
        finally:
            server.end()
    print(f"{asked.number} rounds, {wrong} not exact")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
