"""How long publishing 20,000 activities as IATI takes, and how much memory.

    DATABASE_URL=… REDIS_URL=… FIELD_KEYS=… python -m benchmarks.iati_export [activities]

On a PostgreSQL, and in a database of its own, which it makes and takes away. Programmes with
countries, sectors, partners, participants and budgets are written, confirmed, and published as
production does it: asked about, mapped, written, checked and packed. The goals: not a finding, the
same bytes twice, and less than 200 MB more than before.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from benchmarks.places import numbered, own_database, set_up
from benchmarks.usage import memory

GOAL = 200.0  # MB
AT_ONCE = 1000
TEXT = "Officials and citizens of both cities learn from each other how a growing city is planned. "


class Watch(threading.Thread):
    """The most memory that this process held while it ran, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.first = self.most = memory()
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.wait(0.02):
            self.most = max(self.most, memory())

    @property
    def growth(self) -> float:
        return self.most - self.first


def fill(number: int) -> None:
    from partners.models import Country, Organisation
    from programs.models import Publisher, Sector

    countries = [
        Country.objects.create(
            code=code, alpha3=f"{code}X", name_ko=code, name_en=code, dac_group="LMIC"
        )
        for code in ("VN", "LA", "KH")
    ]
    organisations = [
        Organisation.objects.create(
            slug=f"body-{place}",
            name_ko=f"기관 {place}",
            name_en=f"Body {place}",
            kind="11",
            country=countries[0],
            org_ref="XI-IATI-BENCHMARK" if place == 0 else None,
            status="published",
        )
        for place in range(50)
    ]
    Publisher.objects.create(organisation=organisations[0])
    sectors = [Sector.objects.create(code=code, name_ko=code) for code in ("43030", "21010")]
    for first in range(0, number, AT_ONCE):
        places = range(first, min(first + AT_ONCE, number))
        write(places, countries, organisations, sectors)


def write(places: range, countries: list, organisations: list, sectors: list) -> None:
    """Programmes with their parts, and what staff confirm of them."""
    from programs import models

    begin = date(2015, 1, 1)
    programs = models.Program.objects.bulk_create(
        models.Program(
            code=f"benchmark-{place}",
            kind="training",
            arrangement="own",
            status="published",
            starts_on=begin + timedelta(days=place % 3000),
            ends_on=begin + timedelta(days=place % 3000 + 14),
            title_ko=f"도시계획 연수 {place}",
            title_en=f"Urban planning course {place}",
            title_zh_hans=f"城市规划研修 {place}",
            summary_ko="두 도시의 공무원과 시민이 도시계획을 서로 배우는 과정이다. " * 3,
            summary_en=TEXT * 2,
            body_ko=f"<p>{'자라나는 도시를 어떻게 가꿀지 함께 찾는다. ' * 20}</p>",
            body_en=f"<p>{TEXT * 10}</p>",
        )
        for place in places
    )
    runs: list[Any] = []
    parts: list[Any] = []
    for program in programs:
        runs.append(models.Run(program=program, starts_on=program.starts_on))
        parts.append(models.Reporting(program=program, wanted=True))
        for country, share in zip(countries, ("33.33", "33.33", "33.34"), strict=True):
            values = {"country": country, "percentage": Decimal(share)}
            parts.append(models.CountryShare(program=program, **values))
        for sector in sectors:
            values = {"sector": sector, "percentage": Decimal(50), "basis": "reported"}
            parts.append(models.SectorShare(program=program, **values))
        for place, kind in enumerate(("funds", "implements", "co_organises")):
            organisation = organisations[(program.pk + place) % len(organisations)]
            parts.append(models.Role(program=program, organisation=organisation, kind=kind))
        parts.append(models.SdgTarget(program=program, code="11.3"))
        parts.append(models.BudgetLine(program=program, amount=90_000_000))
    models.Run.objects.bulk_create(runs)
    for run in runs:
        for country in countries:
            values = {"country": country, "women": 5, "men": 4, "total": 9}
            parts.append(models.ParticipantGroup(run=run, **values))
    for model in {type(part) for part in parts}:
        model.objects.bulk_create([part for part in parts if type(part) is model])
    confirm([program.pk for program in programs])


def confirm(numbers: list[int]) -> None:
    from django.utils import timezone

    from programs.models import Confirmation, Program
    from programs.reporting.fingerprints import fingerprint
    from programs.reporting.readiness import for_reporting

    Confirmation.objects.bulk_create(
        Confirmation(
            program=program,
            aspect=aspect,
            fingerprint=fingerprint(program, aspect),
            at=timezone.now(),
        )
        for program in for_reporting(Program.objects.filter(pk__in=numbers))
        for aspect in Confirmation.Aspect.values
    )


def measure() -> None:
    from programs.models import Publication
    from programs.reporting.publishing import Kind, Result, publish_one, serving

    watch, begin, used = Watch(), time.perf_counter(), time.process_time()
    watch.start()
    outcome = publish_one(Kind.ACTIVITIES, by=None)
    seconds, used = time.perf_counter() - begin, time.process_time() - used
    watch.is_over.set()
    found = Publication.objects.first()
    print(
        f"{outcome.activities:,} activities in {seconds:.0f} s"
        f" ({used:.0f} s of CPU): {outcome.result},"
        f" {(found.size if found else 0) / 2**20:.0f} MB of XML,"
        f" {watch.first:.0f} to {watch.most:.0f} MB of memory"
    )
    if outcome.result != Result.PUBLISHED:
        raise SystemExit(f"not clean: {found.findings[:3] if found else ''}")
    if watch.growth > GOAL:
        raise SystemExit(f"more than {GOAL:.0f} MB")
    before = serving(Kind.ACTIVITIES)
    if publish_one(Kind.ACTIVITIES, by=None).result != Result.UNCHANGED:
        raise SystemExit("not the same bytes twice")
    print(f"the same bytes twice: {before.sha256 if before else ''}")


def main() -> None:
    parser = numbered(__doc__, 20_000, of="activities")
    # In a process of its own, which has no memory left over from writing the programmes.
    parser.add_argument("--publish", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    set_up()
    if asked.publish:
        measure()
        return
    with own_database():
        fill(asked.number)
        apart = [sys.executable, "-m", "benchmarks.iati_export", "--publish"]
        subprocess.run(apart, check=True)


if __name__ == "__main__":
    main()
