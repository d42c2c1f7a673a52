"""300 people on 60 connections want the last ten places of a first-come opening, 20 rounds.

    DATABASE_URL=… REDIS_URL=… SECRET_KEY=… FIELD_KEYS=… python -m benchmarks.last_seats [rounds]

On a database of its own: it migrates it and fills it with people. Each round is a new call; all
people press the button of the last page at once. Printed: how many got a place, how many were told
that there is none, how many got no answer, and the seconds of the round.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from http.client import HTTPConnection, HTTPException
from threading import Barrier, local
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from oda_portal.accounts.models import User  # noqa: E402
from oda_portal.mail.models import Message  # noqa: E402
from oda_portal.privacy import consent_texts  # noqa: E402
from oda_portal.privacy.consents import current_texts  # noqa: E402
from oda_portal.publishing.models import Status  # noqa: E402
from oda_portal.seats.models import Pool, Seat  # noqa: E402
from partners.models import City, Country  # noqa: E402
from tests.processes import TOKEN, session_of  # noqa: E402
from volunteers.forms.steps import CONSENTS  # noqa: E402
from volunteers.models import Application, Call, Opening, Volunteer  # noqa: E402

PEOPLE, CONNECTIONS, PLACES, ROUNDS = 300, 60, 10, 20


def people() -> list[Volunteer]:
    """The crowd, made once."""
    found = list(Volunteer.objects.select_related("user").order_by("pk")[:PEOPLE])
    for number in range(len(found), PEOPLE):
        user = User.objects.create(email=f"crowd{number}@example.org", password="!")
        found.append(Volunteer.objects.create(user=user, email=user.email))
    return found


def sessions(crowd: list[Volunteer]) -> list[str]:
    """A key for each of them, signed in."""
    return [session_of(volunteer.user) for volunteer in crowd if volunteer.user]


def opening(number: int) -> Opening:
    """A new call with one opening and ten places."""
    country, _made = Country.objects.get_or_create(
        code="XB", defaults={"alpha3": "XBX", "name_ko": "나라", "name_en": "Country"}
    )
    city, _made = City.objects.get_or_create(
        slug="benchmark", defaults={"country": country, "name_ko": "도시", "name_en": "City",
                                    "relation": City.Relation.SISTER, "latitude": 0,
                                    "longitude": 0, "status": Status.PUBLISHED},
    )  # fmt: skip
    now = timezone.now()
    call = Call.objects.create(
        slug=f"benchmark-{number}-{int(now.timestamp())}", title_ko="모집", title_en="Call",
        summary_ko="요약", opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1),
        age_on=date(2027, 7, 1), status=Status.PUBLISHED,
    )  # fmt: skip
    return Opening.objects.create(
        call=call, team=Opening.Team.CULTURE, city=city, departs_on=date(2027, 7, 20),
        returns_on=date(2027, 7, 27), mode=Opening.Mode.FIRST_COME, tasks_ko="일",
        pool=Pool.objects.create(capacity=PLACES),
    )  # fmt: skip


def write_drafts(wanted: Opening, crowd: list[Volunteer]) -> None:
    """A complete draft for everybody."""
    consents = {
        f"consent_{text.kind}": f"{'yes' if text.required else 'no'}.{text.version}"
        for text in current_texts(CONSENTS)
    }
    draft = {
        "about": {"name": "홍길동", "name_roman": "HONG GILDONG", "born_on": "1999-03-07",
                  "mobile": "+82 10 1234 5678", "residence": "부산", "affiliation": "",
                  "language": "ko"},
        "openings": {"choice_1": str(wanted.pk)},
        "skills": {"languages": "한국어", "skills": "요리"},
        "experience": {"experience": "없음"},
        "motivation": {"motivation": "함께 배우고 싶습니다. " * 10},
        "consents": {**consents, "shown_in": "ko"},
    }  # fmt: skip
    Application.objects.bulk_create(
        Application(call=wanted.call, volunteer=one, language="ko", draft=json.dumps(draft))
        for one in crowd
    )


class Crowd:
    """Sixty connections that stay open; each person presses once."""

    def __init__(self, port: int) -> None:
        self.port, self.kept = port, local()
        self.start = Barrier(CONNECTIONS)

    def press(self, number: int, path: str, session: str) -> str:
        if number < CONNECTIONS:
            self.start.wait(timeout=60)
        headers = {
            "Host": "localhost",
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; "
            f"{settings.CSRF_COOKIE_NAME}={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            server = self._connection()
            server.request("POST", path, body="", headers=headers)
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


def serve(port: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port",
        str(port), "--workers", "2", "--blocking-threads", "4", "--no-ws", "--backlog", "1024",
        "--log-level", "warning", "oda_portal.wsgi:application",
    ]  # fmt: skip
    process = subprocess.Popen(command, start_new_session=True)
    for _try in range(200):
        try:
            server = HTTPConnection("127.0.0.1", port, timeout=5)
            server.request("GET", "/healthz", headers={"Host": "localhost"})
            server.getresponse()
            return process
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server does not answer")


def one_round(number: int, crowd: list[Volunteer], keys: list[str], port: int) -> dict[str, Any]:
    wanted = opening(number)
    write_drafts(wanted, crowd)
    path = f"/volunteers/calls/{wanted.call.slug}/apply/submit/"
    people_at_once = Crowd(port)
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        answers = Counter(threads.map(people_at_once.press, range(PEOPLE), [path] * PEOPLE, keys))
    seconds = time.perf_counter() - began
    confirmed = Application.objects.filter(call=wanted.call, state="confirmed")
    return {
        "round": number,
        "answers": dict(sorted(answers.items())),
        "confirmed": confirmed.count(),
        "seats held": Seat.objects.filter(pool=wanted.pool, state="held").count(),
        "pool": Pool.objects.get(pk=wanted.pool_id).taken,
        "mails": Message.objects.filter(
            kind="application_received", about_id__in=confirmed.values("pk")
        ).count(),
        "drafts kept": Application.objects.filter(call=wanted.call, state="draft").count(),
        "seconds": round(seconds, 1),
    }


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    port = int(os.environ.get("PORT", "8791"))
    call_command("migrate", verbosity=0)
    consent_texts.load(in_force=True)
    crowd = people()
    keys = sessions(crowd)
    process = serve(port)
    wrong = 0
    try:
        for number in range(1, rounds + 1):
            found = one_round(number, crowd, keys, port)
            print(json.dumps(found), flush=True)
            exact = [found[name] for name in ("confirmed", "seats held", "pool", "mails")]
            answered = sum(n for status, n in found["answers"].items() if status in ("302", "409"))
            wrong += exact != [PLACES] * 4 or answered != PEOPLE
    finally:
        process.terminate()
        process.wait(timeout=20)
    print(f"{rounds} rounds, {wrong} not exact")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
