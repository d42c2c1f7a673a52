"""Invented news: one article for every five programmes, each about one of them."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

from django.utils import translation

from news.models import Article, ArticlePhoto
from news.models.articles import Kind
from oda_portal.languages import CODES
from oda_portal.publishing.models import Precision, Status
from oda_portal.search.registry import reference
from oda_portal.search.results import Kind as Found
from oda_portal.search.tokens import BREAK, tokens_of

from .entries import ENTRIES, Told, entry
from .programmes import FIRST_KEY, MISSING, Programmes, Rows, noon, one
from .surroundings import MARK, in_order
from .tables import Table, table
from .texts import Piece

FOR_EACH = 5  # programmes
# Entries of articles have keys behind those of programmes.
ENTRY_KEYS = 10 * FIRST_KEY

KINDS = {Kind.PRESS: 50, Kind.NOTICE: 30, Kind.STORY: 15, Kind.PHOTO: 5}
STATUSES = {Status.PUBLISHED: 95, Status.DRAFT: 5}
TEXTS = ("title", "summary", "body")
_COLUMNS = [f"{name}_{code.replace('-', '_')}" for name in TEXTS for code in CODES]

TABLES: dict[str, Table] = {
    "article": table(
        Article, "id", "status", "slug", "kind", "registered_at", "editor_note", *TEXTS, *_COLUMNS
    ),
    "article programme": table(Article.programs.through, "id", "article_id", "program_id"),
    "article country": table(Article.countries.through, "id", "article_id", "country_id"),
    "article theme": table(Article.themes.through, "id", "article_id", "theme_id"),
    "article photo": table(
        ArticlePhoto, "id", "article_id", "caption", "caption_ko", "caption_en", "caption_zh_hans"
    ),
    "entry": ENTRIES,
}


class Articles:
    """Makes articles by the places of the programmes that they are about."""

    def __init__(self, programmes: Programmes) -> None:
        self.programmes = programmes
        self.kinds = {}
        for code in CODES:
            with translation.override(code):
                for kind in KINDS:
                    self.kinds[kind, code] = [*tokens_of(str(kind.label)), BREAK]

    def rows(self, first: int, last: int) -> Rows:
        rows: Rows = defaultdict(list)
        for place in range(first + -first % FOR_EACH, last, FOR_EACH):
            self.write(place, rows)
        return rows

    def write(self, place: int, rows: Rows) -> None:
        chance = random.Random(f"article:{place}:{self.programmes.total}")
        pk, kind = FIRST_KEY + place, one(chance, KINDS)
        at = noon(self.programmes.day(place, chance))
        codes = [code for code in CODES if chance.randrange(100) >= MISSING[code]]
        texts = {code: self.pieces(code, place, chance) for code in codes}
        columns = [_text(texts, name, code) for name in TEXTS for code in CODES]
        rows["article"].append((
            pk, one(chance, STATUSES), f"{MARK}{place}", kind, at,
            "Synthetic: made by benchmarks.generate, and true of nothing.",
            *(_text(texts, name, "ko") or "" for name in TEXTS), *columns,
        ))  # fmt: skip
        around = self.programmes.around
        countries = in_order(around.countries.some(chance, chance.randint(1, 2)))
        labels = {reference("partners.country", country.pk) for country in countries}
        rows["article programme"].append((pk, pk, pk))
        for number, country in enumerate(countries):
            rows["article country"].append((2 * pk + number, pk, country.pk))
        rows["article theme"].append((pk, pk, around.themes.some(chance, 1)[0].pk))
        if has_photo := chance.random() < 0.4:
            captions = [texts[code]["caption"].text if code in texts else None for code in CODES]
            rows["article photo"].append((pk, pk, captions[0] or "", *captions))
            labels.add(reference("news.articlephoto", pk))
        told = Told(
            "news.article", pk, Found.NEWS, f"/news/{MARK}{place}/", at.date(), Precision.DAY,
            countries, countries, [], 0, [at.year], labels,
        )  # fmt: skip
        for number, code in enumerate(CODES):
            if code in texts:
                of_text, key = texts[code], ENTRY_KEYS + place * len(CODES) + number
                lines = [of_text["summary"], of_text["body"]]
                lines += [of_text["caption"]] if has_photo else []
                named = self.kinds[kind, code]
                rows["entry"].append(entry(told, key, code, of_text["title"], named, lines))

    def pieces(self, code: str, place: int, chance: random.Random) -> dict[str, Piece]:
        pools = self.programmes.pools[code]
        extra = [chance.choice(pools.common)] if chance.random() < 0.4 else []
        return {
            "title": pools.title(chance, place, is_common=False),
            "summary": pools.paragraph(chance, 1, []),
            "body": pools.paragraph(chance, chance.randint(3, 8), extra),
            "caption": chance.choice(pools.phrases),
        }


def _text(texts: dict[str, dict[str, Piece]], name: str, code: str) -> Any:
    if code not in texts:
        return None
    text = texts[code][name].text
    return f"<p>{text}</p>" if name == "body" else text
