"""300 people on 60 connections want the last ten places of a first-come opening, 20 rounds.

    DATABASE_URL=… REDIS_URL=… FIELD_KEYS=… python -m benchmarks.last_seats [rounds] [--people 300]

In a database of its own, which it makes and takes away. Each round is a new call; all people press
the button of the last page at once. Printed: how many got a place, how many were told that there is
none, how many got no answer, and the seconds of the round.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date, timedelta
from itertools import repeat
from typing import Any

from benchmarks.places import numbered, own_database, set_up

set_up()

from django.utils import timezone  # noqa: E402

from benchmarks.crowd import Crowd  # noqa: E402
from benchmarks.harness import Server  # noqa: E402
from oda_portal.accounts.models import User  # noqa: E402
from oda_portal.mail.models import Message  # noqa: E402
from oda_portal.privacy import consent_texts  # noqa: E402
from oda_portal.privacy.consents import current_texts  # noqa: E402
from oda_portal.publishing.models import Status  # noqa: E402
from oda_portal.seats.models import Pool, Seat  # noqa: E402
from partners.models import City, Country  # noqa: E402
from tests.processes import session_of  # noqa: E402
from volunteers.forms.steps import CONSENTS  # noqa: E402
from volunteers.models import Application, Call, Opening, Volunteer  # noqa: E402

PEOPLE, CONNECTIONS, PLACES, ROUNDS = 300, 60, 10, 20


def volunteers(number: int) -> list[Volunteer]:
    found = []
    for place in range(number):
        user = User.objects.create(email=f"crowd{place}@example.org", password="!")
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


def one_round(number: int, people: list[Volunteer], keys: list[str], port: int) -> dict[str, Any]:
    wanted = opening(number)
    write_drafts(wanted, people)
    path = f"/volunteers/calls/{wanted.call.slug}/apply/submit/"
    crowd = Crowd(port, len(people), connections=CONNECTIONS)
    began = time.perf_counter()
    answers = crowd.send(repeat(path), sessions=keys)
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


def is_exact(found: dict[str, Any], people: int) -> bool:
    """Ten have a place, in whatever way one counts; everybody was told so or so."""
    exact = [found[name] for name in ("confirmed", "seats held", "pool", "mails")]
    return exact == [PLACES] * 4 and found["answers"] == {"302": PLACES, "409": people - PLACES}


def main() -> None:
    parser = numbered(__doc__, ROUNDS, of="rounds")
    parser.add_argument("--people", type=int, default=PEOPLE)
    asked = parser.parse_args()
    wrong = 0
    with own_database():
        consent_texts.load(in_force=True)
        people = volunteers(asked.people)
        keys = sessions(people)
        server = Server("oda_portal.wsgi:application")
        try:
            server.get("/healthz")
            for number in range(1, asked.number + 1):
                found = one_round(number, people, keys, server.port)
                print(json.dumps(found), flush=True)
                wrong += not is_exact(found, asked.people)
        finally:
            server.end()
    print(f"{asked.number} rounds, {wrong} not exact")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
