"""Invented programmes, and as much around each as real ones have."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone, translation

from oda_portal.languages import CODES
from oda_portal.publishing.models import Precision, Status
from oda_portal.search.registry import reference
from oda_portal.search.results import Kind as Found
from oda_portal.search.tokens import BREAK, tokens_of
from programs.models import (
    BudgetLine,
    CountryShare,
    Indicator,
    Measurement,
    ParticipantGroup,
    Photo,
    Program,
    Role,
    Run,
    SdgTarget,
    SectorShare,
    Session,
)
from programs.models.program import Arrangement, Kind, Modality

from .entries import ENTRIES, Told, entry
from .surroundings import MARK, Lean, Surroundings, in_order
from .tables import Table, table
from .texts import Piece, Pools

Rows = dict[str, list[tuple[Any, ...]]]

# Keys of invented rows: far from any that the database gives out itself.
FIRST_KEY = 1_000_000_000
# Children of a programme have keys from the programme's place times this.
BESIDE = 16
RARE = 20  # programmes with the rare word, whatever their number
FIRST_YEAR, LAST_YEAR = 2005, 2026
GROWTH = 1.12  # each year has so many times the programmes of the one before

KINDS = {
    Kind.TRAINING: 50, Kind.VOLUNTEER: 25, Kind.SISTER_VILLAGE: 10, Kind.CONSULTING: 10,
    Kind.FORUM: 5,
}  # fmt: skip
ARRANGEMENTS = {
    Arrangement.OWN: 40, Arrangement.KOICA_TRAINING: 25, Arrangement.KOICA_PROPOSAL: 10,
    Arrangement.COMMISSIONED: 15, Arrangement.TENDERED: 10,
}  # fmt: skip
MODALITIES = {Modality.BILATERAL: 80, Modality.TRIANGULAR: 8, Modality.MULTILATERAL: 7, "": 5}
STATUSES = {Status.PUBLISHED: 92, Status.DRAFT: 5, Status.WITHDRAWN: 3}
PRECISIONS = {Precision.DAY: 85, Precision.MONTH: 10, Precision.YEAR: 5}
COUNTRIES = {1: 60, 2: 20, 3: 8, 5: 6, 8: 4, 12: 2}
RUNS = {1: 80, 2: 14, 3: 4, 5: 2}
# Of a hundred texts so many lack one in this language.
MISSING = {"ko": 0, "en": 10, "zh-hans": 25}
TEXTS = ("title", "summary", "body", "venue")

_LANGUAGE_COLUMNS = [f"{name}_{code.replace('-', '_')}" for name in TEXTS for code in CODES]

TABLES: dict[str, Table] = {
    "program": table(
        Program, "id", "status", "created_at", "changed_at", "code", "kind", "arrangement",
        "modality", "ours", "starts_on", "ends_on", "precision", "announced_only", "cancelled_at",
        "follow_up_until", "editor_note", *TEXTS, *_LANGUAGE_COLUMNS,
    ),
    "run": table(Run, "id", "program_id", "number", "starts_on", "ends_on", "precision"),
    "group": table(ParticipantGroup, "id", "run_id", "country_id", "women", "men", "total"),
    "session": table(Session, "id", "run_id", "title", "title_ko", "title_en", "title_zh_hans"),
    "country": table(CountryShare, "id", "program_id", "country_id"),
    "sector": table(SectorShare, "id", "program_id", "sector_id", "percentage"),
    "goal": table(SdgTarget, "id", "program_id", "code"),
    "role": table(Role, "id", "program_id", "organisation_id", "kind"),
    "budget": table(BudgetLine, "id", "program_id", "amount"),
    "photo": table(
        Photo, "id", "program_id", "caption", "caption_ko", "caption_en", "caption_zh_hans"
    ),
    "indicator": table(
        Indicator, "id", "program_id", "name", "name_ko", "name_en", "name_zh_hans", "target"
    ),
    "measurement": table(Measurement, "id", "indicator_id", "measured_on", "value"),
    "theme": table(Program.themes.through, "id", "program_id", "theme_id"),
    "city": table(Program.cities.through, "id", "program_id", "city_id"),
    "source": table(Program.sources.through, "id", "program_id", "source_id"),
    "entry": ENTRIES,
}  # fmt: skip


class Programmes:
    """Makes programmes by their place among `total`: the same one each time."""

    def __init__(self, total: int, around: Surroundings, pools: dict[str, Pools]) -> None:
        self.total, self.around, self.pools = total, around, pools
        self.kinds = {
            (kind, code): [*tokens_of(_named(kind, code)), BREAK]
            for kind in KINDS
            for code in CODES
        }
        weights = [GROWTH**place for place in range(LAST_YEAR - FIRST_YEAR + 1)]
        sums, whole = 0.0, sum(weights)
        # By which share of all programmes each year has ended.
        self.ends = [sums := sums + weight / whole for weight in weights]

    def rows(self, first: int, last: int) -> Rows:
        """What stands in each of `TABLES` of these places, by the names there."""
        rows: Rows = defaultdict(list)
        for place in range(first, last):
            _Programme(self, place, rows).write()
        return rows

    def day(self, place: int, chance: random.Random) -> date:
        """Later places are later, but for some weeks."""
        share = place / self.total
        year = next(year for year, end in enumerate(self.ends) if share < end)
        before = self.ends[year - 1] if year else 0.0
        within = (share - before) / (self.ends[year] - before)
        days = int(within * 365) + chance.randint(-40, 40)
        return date(FIRST_YEAR + year, 1, 1) + timedelta(days=days)

    def is_rare(self, place: int) -> bool:
        step = max(1, self.total // RARE)
        return place % step == step // 2 and place // step < RARE


def _named(kind: Kind, code: str) -> str:
    with translation.override(code):
        return str(kind.label)


def one(chance: random.Random, weights: dict[Any, int]) -> Any:
    return chance.choices(list(weights), weights=list(weights.values()))[0]


class _Programme:
    """One programme, its rows and its entries."""

    def __init__(self, maker: Programmes, place: int, rows: Rows) -> None:
        self.maker, self.place, self.rows = maker, place, rows
        self.chance = random.Random(f"programme:{place}:{maker.total}")
        self.pk = FIRST_KEY + place
        self.labels: set[str] = set()
        # Texts of these languages are there.
        self.codes = [code for code in CODES if self.chance.randrange(100) >= MISSING[code]]

    def keys(self, number: int) -> Iterator[int]:
        first = FIRST_KEY + self.place * BESIDE
        return iter(range(first, first + min(number, BESIDE)))

    def write(self) -> None:
        chance = self.chance
        self.kind = one(chance, KINDS)
        self.starts = self.maker.day(self.place, chance)
        self.ends = self.starts + timedelta(days=int(chance.expovariate(1 / 20)))
        self.precision = one(chance, PRECISIONS)
        self.texts()
        self.own_row()
        self.links()
        self.people()
        self.results()
        self.entries()

    def texts(self) -> None:
        chance, is_common = self.chance, self.chance.random() < 0.4
        titled = is_common and chance.random() < 0.1
        sentences, in_body = chance.randint(1, 2), chance.randint(2, 6)
        is_rare, has_venue = self.maker.is_rare(self.place), chance.random() < 0.5
        self.pieces: dict[str, dict[str, Piece]] = {}
        for code in self.codes:
            pools = self.maker.pools[code]
            extra = [chance.choice(pools.common)] if is_common else []
            extra += [chance.choice(pools.rare)] if is_rare else []
            self.pieces[code] = {
                "title": pools.title(chance, self.place, is_common=titled),
                "summary": pools.paragraph(chance, sentences, []),
                "body": pools.paragraph(chance, in_body, extra),
            }
            if has_venue:
                self.pieces[code]["venue"] = chance.choice(pools.phrases)

    def own_row(self) -> None:
        chance = self.chance
        ours = chance.random() < 0.9
        arrangement = one(chance, ARRANGEMENTS) if ours else Arrangement.PARTNER
        is_over = chance.random() < 0.02
        written = noon(self.starts - timedelta(days=30))
        # The column without a language has what stood there when it was last saved: Korean.
        shown = [self.text_of(name, "ko") or "" for name in TEXTS]
        columns = [self.text_of(name, code) for name in TEXTS for code in CODES]
        self.rows["program"].append((
            self.pk, one(chance, STATUSES), written, written, f"{MARK}{self.place}", self.kind,
            arrangement, one(chance, MODALITIES), ours, self.starts, self.ends, self.precision,
            chance.random() < 0.02, written if is_over else None,
            self.ends + timedelta(days=365) if chance.random() < 0.1 else None,
            "Synthetic: made by benchmarks.generate, and true of nothing.", *shown, *columns,
        ))  # fmt: skip

    def text_of(self, name: str, code: str) -> str | None:
        found = self.pieces.get(code, {}).get(name)
        if found is None:
            return None
        return f"<p>{found.text}</p>" if name == "body" else found.text

    def links(self) -> None:
        chance, around, pk = self.chance, self.maker.around, self.pk
        self.countries = around.countries.some(chance, one(chance, COUNTRIES))
        self.cities = around.cities.some(chance, 1 if chance.random() < 0.55 else 0)
        self.themes = in_order(around.themes.some(chance, chance.randint(1, 3)))
        self.bodies = around.organisations.some(chance, chance.randint(1, 5))
        self.link("country", self.countries, "programs.countryshare")
        self.link("theme", self.themes)
        self.link("city", self.cities)
        parts = [Role.Kind.FUNDS, Role.Kind.IMPLEMENTS, Role.Kind.TAKES_PART]
        kinds = chance.choices(parts, k=len(self.bodies))
        for key, body, kind in zip(self.keys(5), self.bodies, kinds, strict=False):
            self.rows["role"].append((key, pk, body.pk, kind))
            self.labels.add(reference("programs.role", key))
        for name, rows in {
            "partners.country": self.countries, "partners.city": self.cities,
            "programs.theme": self.themes, "partners.organisation": self.bodies,
        }.items():  # fmt: skip
            self.labels.update(reference(name, row.pk) for row in rows)
        first = next(self.keys(1))
        self.rows["source"].append((first, pk, chance.choice(around.sources)))
        for sector in around.sectors.some(chance, 1 if chance.random() < 0.6 else 0):
            self.rows["sector"].append((first, pk, sector.pk, 100))
        if chance.random() < 0.5:
            self.rows["goal"].append((first, pk, f"{chance.randint(1, 17)}.{chance.randint(1, 5)}"))
        if chance.random() < 0.4:
            self.rows["budget"].append((first, pk, chance.randint(1, 900) * 1_000_000))

    def link(self, name: str, rows: list[Lean], label: str = "") -> None:
        for key, row in zip(self.keys(len(rows)), rows, strict=False):
            self.rows[name].append((key, self.pk, row.pk))
            if label:
                self.labels.add(reference(label, key))

    def people(self) -> None:
        chance = self.chance
        self.sessions: list[dict[str, Piece]] = []
        for number, key in enumerate(self.keys(one(chance, RUNS)), start=1):
            self.rows["run"].append((key, self.pk, number, self.starts, self.ends, self.precision))
            if chance.random() < 0.7:
                women, men = int(chance.expovariate(0.1)) + 2, int(chance.expovariate(0.1)) + 2
                country = chance.choice(self.countries).pk
                self.rows["group"].append((key, key, country, women, men, women + men))
            if chance.random() < 0.15 and self.kind != Kind.SISTER_VILLAGE:
                title = self.phrases()
                self.rows["session"].append((key, key, *self.columns(title)))
                self.sessions.append(title)
                self.labels.add(reference("programs.session", key))

    def phrases(self) -> dict[str, Piece]:
        return {code: self.chance.choice(self.maker.pools[code].phrases) for code in self.codes}

    def columns(self, pieces: dict[str, Piece]) -> list[str | None]:
        """The column without a language, and those of the languages."""
        texts = [pieces[code].text if code in pieces else None for code in CODES]
        return [texts[0] or "", *texts]

    def results(self) -> None:
        """Captions of pictures, and what was reached."""
        self.captions: list[dict[str, Piece]] = []
        for key in self.keys(one(self.chance, {0: 75, 1: 15, 3: 10})):
            caption = self.phrases()
            self.rows["photo"].append((key, self.pk, *self.columns(caption)))
            self.captions.append(caption)
            self.labels.add(reference("programs.photo", key))
        if self.chance.random() < 0.2:
            first, reached = next(self.keys(1)), self.chance.randint(1, 500)
            name = self.columns(self.phrases())
            self.rows["indicator"].append((first, self.pk, *name, 500))
            self.rows["measurement"].append((first, first, self.ends, reached))

    def entries(self) -> None:
        told = Told(
            "programs.program", self.pk, Found.FORUM if self.kind == Kind.FORUM else Found.PROGRAM,
            f"/programs/{MARK}{self.place}/", self.starts, self.precision, self.countries,
            [*self.countries, *self.cities], [*self.themes, *self.bodies], len(self.bodies),
            range(self.starts.year, self.ends.year + 1), self.labels,
        )  # fmt: skip
        for number, code in enumerate(CODES):
            if code in self.codes:
                of_text = self.pieces[code]
                lines = [of_text[name] for name in ("summary", "body", "venue") if name in of_text]
                lines += [told[code] for told in (*self.captions, *self.sessions)]
                kind = self.maker.kinds[self.kind, code]
                pk = FIRST_KEY + self.place * len(CODES) + number
                self.rows["entry"].append(entry(told, pk, code, of_text["title"], kind, lines))


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_current_timezone())
