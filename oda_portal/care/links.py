"""Where the links in our own texts lead, and whether a reader finds something there.

A path is resolved against the portal's own addresses; where an address stands for a record, the
app has said which (`leads_to`), and the rows of many links are asked for together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import Enum
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.db import models
from django.urls import Resolver404, resolve
from django.utils import translation

from oda_portal.files import downloads
from oda_portal.languages import CODES

_HREF = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"', re.IGNORECASE)
FILE = "files:download"
# A text with more is no text; the rest of it is not looked at.
MOST_LINKS = 500


class Verdict(Enum):
    FINE = "fine"
    BROKEN = "broken"
    HIDDEN = "hidden"


class Answer(NamedTuple):
    """What became of a link, and the record that it leads to: `news.article:7`, or ""."""

    verdict: Verdict
    target: str = ""


class _Place(NamedTuple):
    model: type[models.Model]
    # Parts of the address, and the columns that they stand for.
    columns: Mapping[str, str]


_places: dict[str, _Place] = {}


def leads_to(view_name: str, model: type[models.Model], **columns: str) -> None:
    """Addresses of this name stand for a row of `model`, whose manager has `published()`."""
    _places[view_name] = _Place(model, columns)


def target_of(obj: models.Model) -> str:
    return f"{obj._meta.label_lower}:{obj.pk}"


def links_in(html: str) -> list[str]:
    """Addresses that a text links to, as they stand in it, each once."""
    found = (unescape(address).strip() for address in _HREF.findall(html))
    return list(dict.fromkeys(found))[:MOST_LINKS]


def answers_for(links: Iterable[str]) -> dict[str, Answer]:
    """What becomes of each of these links now; those that are not ours are fine."""
    answers: dict[str, Answer] = {}
    asked: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for link in set(links):
        found = _resolved(link)
        if isinstance(found, Verdict):
            answers[link] = Answer(found)
        else:
            name, kwargs = found
            asked[name][link] = kwargs
    for name, wanted in asked.items():
        answers |= _files(wanted) if name == FILE else _rows(_places[name], wanted)
    return answers


def _resolved(link: str) -> Verdict | tuple[str, dict[str, Any]]:
    """A verdict, or the name of the address and its parts where a row has to be asked for."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return Verdict.BROKEN
    own = urlsplit(settings.SITE_URL).netloc
    if parts.scheme not in ("", "http", "https") or (parts.netloc and parts.netloc != own):
        return Verdict.FINE
    path = unquote(parts.path)
    if not path:  # to a place on the same page, or the home page by its full address
        return Verdict.FINE
    if not path.startswith("/"):  # it would lead elsewhere from each page
        return Verdict.BROKEN
    if path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        return Verdict.FINE
    return _matched(path)


def _matched(path: str) -> Verdict | tuple[str, dict[str, Any]]:
    language = next(
        (code for code in CODES if path.startswith(f"/{code}/")), settings.LANGUAGE_CODE
    )
    with translation.override(language):
        for tried in (path, f"{path}/"):
            try:
                match = resolve(tried)
            except (Resolver404, ValueError):
                continue
            if "admin" in match.namespaces:  # readers cannot go there
                return Verdict.HIDDEN
            known = match.view_name in _places or match.view_name == FILE
            return (match.view_name, match.kwargs) if known else Verdict.FINE
    return Verdict.BROKEN


def _files(wanted: dict[str, dict[str, Any]]) -> dict[str, Answer]:
    uuids = {link: UUID(str(kwargs["uuid"])) for link, kwargs in wanted.items()}
    public = downloads.public_among(set(uuids.values()))
    return {
        link: Answer(Verdict.FINE if uuid in public else Verdict.HIDDEN)
        for link, uuid in uuids.items()
    }


def _rows(place: _Place, wanted: dict[str, dict[str, Any]]) -> dict[str, Answer]:
    """In two questions, however many links there are."""
    parts = [part for part in place.columns if part in next(iter(wanted.values()))]
    columns = [place.columns[part] for part in parts]
    keys = {link: tuple(str(kwargs[part]) for part in parts) for link, kwargs in wanted.items()}
    chosen = {
        f"{column}__in": {key[number] for key in keys.values()}
        for number, column in enumerate(columns)
    }
    rows = place.model._base_manager.filter(**chosen).values("pk", *columns)
    found = {tuple(str(row[column]) for column in columns): row["pk"] for row in rows}
    public: set[int] = set()
    if found:
        published = place.model._default_manager.published()  # type: ignore[attr-defined]
        public = set(published.filter(pk__in=found.values()).values_list("pk", flat=True))
    label = place.model._meta.label_lower
    answers = {}
    for link, key in keys.items():
        pk = found.get(key)
        verdict = Verdict.FINE if pk in public else Verdict.HIDDEN
        answers[link] = Answer(verdict, f"{label}:{pk}") if pk else Answer(Verdict.BROKEN)
    return answers
