"""Looking records over: what a batch of them lacks, in a fixed number of questions a batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from oda_portal.files import renditions
from oda_portal.publishing.models import Status

from . import links, pictures
from .models import Kind, Measure
from .registry import Cared, rich_columns

LONGEST_ABOUT = 300


@dataclass(frozen=True)
class Found:
    """One finding to be. `about` tells it from others of its kind in the same column."""

    object_id: int
    kind: Kind
    column: str
    text: str
    about: str = ""
    language: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[int, str, str, str]:
        return (self.object_id, self.kind.value, self.column, self.about)

    @property
    def fingerprint(self) -> str:
        """Of the text in which it was found: once that is another, it is told of again."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Looked:
    """What came of a batch: the rows that were looked at, what they lack, where they lead."""

    rows: Mapping[int, models.Model]
    found: Sequence[Found]
    leads: Mapping[int, set[str]]


def look_at(cared: Cared, pks: Sequence[int]) -> Looked:
    """What was taken down is nobody's care: it is looked at again when it comes back."""
    every = cared.model._base_manager.filter(pk__in=pks)
    if hasattr(cared.model, "status"):
        every = every.exclude(status=Status.WITHDRAWN)
    rows = {row.pk: row for row in every}
    texts = [*_own_texts(cared, rows), *_texts_below(cared, rows)]
    answers = links.answers_for(link for text in texts for link in text.links)
    leads: dict[int, set[str]] = {pk: set() for pk in rows}
    for text in texts:
        leads[text.object_id] |= {answers[link].target for link in text.links} - {""}
    found = [
        *_bad_links(texts, answers),
        *_old(cared, rows.values()),
        *_bad_pictures(cared, rows),
        *_empty(cared, rows),
    ]
    return Looked(rows, list({one.key: one for one in found}.values()), leads)


# --- links ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Text:
    object_id: int
    column: str
    language: str
    html: str
    links: list[str]


def _own_texts(cared: Cared, rows: Mapping[int, models.Model]) -> Iterator[_Text]:
    for pk, row in rows.items():
        yield from _texts_of(row, cared.columns, pk)


def _texts_below(cared: Cared, rows: Mapping[int, models.Model]) -> Iterator[_Text]:
    for part in cared.parts:
        below = part.model._base_manager.filter(**{f"{part.owner}__in": list(rows)})
        for row in below:
            owner = getattr(row, f"{part.owner}_id")
            for text in _texts_of(row, rich_columns(part.model), owner):
                yield _Text(owner, part.group, text.language, text.html, text.links)


def _texts_of(row: models.Model, columns: Iterable[str], pk: int) -> Iterator[_Text]:
    for column in columns:
        html = getattr(row, column) or ""
        if "<a" in html:
            language = getattr(row._meta.get_field(column), "language", "")
            yield _Text(pk, column, language, html, links.links_in(html))


def _bad_links(texts: Iterable[_Text], answers: Mapping[str, links.Answer]) -> Iterator[Found]:
    kinds = {links.Verdict.BROKEN: Kind.BROKEN, links.Verdict.HIDDEN: Kind.HIDDEN}
    for text in texts:
        for link in text.links:
            if kind := kinds.get(answers[link].verdict):
                about = _short(link)
                yield Found(
                    text.object_id, kind, text.column, text.html, about, text.language,
                    {"link": link[:LONGEST_ABOUT]},
                )  # fmt: skip


def _short(link: str) -> str:
    """An address as part of a key; of very long ones a sign that tells them apart."""
    if len(link) <= LONGEST_ABOUT:
        return link
    sign = hashlib.sha256(link.encode()).hexdigest()[:16]
    return f"{link[: LONGEST_ABOUT - 17]}…{sign}"


# --- time -----------------------------------------------------------------------------------------


def _old(cared: Cared, rows: Iterable[Any]) -> Iterator[Found]:
    """Public pages that nobody has touched for as long as their model says."""
    if cared.revise_after is None:
        return
    now = timezone.now()
    for row in rows:
        since = getattr(row, cared.revised)
        moment = since if isinstance(since, datetime) else None
        if moment is None or now - moment < cared.revise_after or not cared.standing(row):
            continue
        if not _is_public(row):
            continue
        months = (now - moment).days * 12 // 365
        # Who says that it is fine is asked again a year later.
        text = f"{moment.isoformat()} {(now - moment) // cared.revise_after}"
        facts = {"since": timezone.localdate(moment).isoformat(), "months": months}
        yield Found(row.pk, Kind.OLD, "", text, facts=facts)


def _is_public(row: Any) -> bool:
    return row.is_public() if hasattr(row, "is_public") else True


# --- pictures -------------------------------------------------------------------------------------


def _bad_pictures(cared: Cared, rows: Mapping[int, models.Model]) -> Iterator[Found]:
    for model in renditions.registered_models():
        owner = renditions.owner_of(model)
        if owner.related_model is not cared.model:
            continue
        below = list(renditions.pictured(model).filter(**{f"{owner.name}__in": list(rows)}))
        measures = pictures.measures_of(below) if below else {}
        group = owner.remote_field.get_accessor_name()
        for picture in below:
            measure = measures[picture.image.name]
            yield from _of_picture(picture, getattr(picture, owner.attname), group, measure)


def _of_picture(picture: Any, pk: int, group: str, measure: Measure) -> Iterator[Found]:
    name, about = picture.image.name, str(picture.pk)
    facts = {"picture": pictures.caption_of(picture)}
    for language in pictures.without_words(picture):
        # One a language: each is written by somebody else.
        yield Found(pk, Kind.NO_ALT, group, name, f"{about} {language}", language, facts)
    if measure.width is None or measure.height is None:
        yield Found(pk, Kind.LOST, group, name, about, facts=facts)
        return
    sizes = {"width": measure.width, "height": measure.height, "bytes": measure.bytes}
    if (measure.bytes or 0) > pictures.MOST_BYTES or max(
        measure.width, measure.height
    ) > pictures.LONGEST_SIDE:
        yield Found(pk, Kind.LARGE, group, name, about, facts=facts | sizes)
    elif measure.width < pictures.LEAST_WIDTH:
        least = {"least": pictures.LEAST_WIDTH}
        yield Found(pk, Kind.SMALL, group, name, about, facts=facts | sizes | least)


# --- empty fields ---------------------------------------------------------------------------------


def _empty(cared: Cared, rows: Mapping[int, models.Model]) -> Iterator[Found]:
    for name in cared.wanted:
        model_field = cared.model._meta.get_field(name)
        if model_field.one_to_many or model_field.many_to_many:
            having = cared.model._base_manager.filter(pk__in=list(rows))
            filled = set(having.filter(**{f"{name}__isnull": False}).values_list("pk", flat=True))
        else:
            filled = {pk for pk, row in rows.items() if not _is_empty(row, name)}
        for pk in rows.keys() - filled:
            yield Found(pk, Kind.EMPTY, name, "")
    if cared.lacking and rows:
        for pk, lacks in cared.lacking(list(rows)).items():
            for lack in lacks:
                yield Found(pk, Kind.EMPTY, lack.column, "", lack.name, facts={"lack": True})


def _is_empty(row: Any, name: str) -> bool:
    """Of a text in three languages all three: a single one that lacks is for translators."""
    columns = [f"{name}_{code.replace('-', '_')}" for code, _label in settings.LANGUAGES]
    if hasattr(row, columns[0]):
        return not any(getattr(row, column) for column in columns)
    attname = row._meta.get_field(name).attname
    return getattr(row, attname) in (None, "", [])
