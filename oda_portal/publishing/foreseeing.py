"""What becomes visible with a record, and what leads to one that leaves the site."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.files import downloads, renditions
from oda_portal.languages import HTML_LANG, bare_path, path_in

from . import changes, histories
from .effects import Act, Effect, effects_of, effects_of_times, stamp_of
from .models import Publishable, Status, is_published, language_column
from .rich import RichTextField
from .stages import Stage, moment_in_korea, stage_of, stage_sentence

MOST_LINKS = 10  # named of each kind; the others are counted


class Address(NamedTuple):
    language: str
    html_lang: str
    url: str


@dataclass(frozen=True)
class Missing:
    language: str
    fields: str


@dataclass
class Foreseen:
    """One record, as the page that asks for confirmation tells of it."""

    record: Any
    stage: Stage
    when: str
    addresses: list[Address] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    @property
    def said(self) -> list[Any]:
        return [
            self.record.pk, self.record, self.stage, self.when, self.addresses,
            [(row.language, row.fields) for row in self.missing], self.files, self.links,
        ]  # fmt: skip


@dataclass
class Page:
    """All that one page shows before rows are published, taken down or deleted."""

    rows: list[Foreseen]
    effects: list[Effect]

    @property
    def sends_mail(self) -> bool:
        return any(effect.letters for effect in self.effects)

    @property
    def stamp(self) -> str:
        return stamp_of([row.said for row in self.rows], self.effects)


def foresee(rows: Sequence[Any], act: Act) -> Page:
    """What the act would do to these rows; those that it would not change are shown as they are."""
    about = _publishing if act == Act.PUBLISH else _leaving
    moved = [row for row in rows if _would_move(row, act)]
    return Page([about(row) for row in rows], effects_of(moved, act))


def foresee_times(record: Any, wanted: Mapping[str, datetime | None]) -> Page:
    """The same for a record whose clock is set anew; `wanted` by columns."""
    after = copy.copy(record)
    for name, at in wanted.items():
        setattr(after, name, at)
    was, now = record.is_public(), after.is_public()
    leaves, found = was and not now, []
    if was != now or (not was and after.publish_at != record.publish_at):
        found = effects_of([after], Act.TAKE_DOWN if leaves else Act.PUBLISH)
    page = _leaving(after) if leaves else _publishing(after)
    is_moved = {"publish_at", "expire_at"} & wanted.keys() and record.status == Status.PUBLISHED
    page.when = _when(after) if is_moved else stage_sentence(record)
    return Page([page], [*found, *effects_of_times(record, after)])


def _would_move(row: Any, act: Act) -> bool:
    is_up = row.status == Status.PUBLISHED
    return not is_up if act == Act.PUBLISH else is_up


def _publishing(record: Any) -> Foreseen:
    after = copy.copy(record)
    after.status = Status.PUBLISHED
    return Foreseen(
        record,
        stage_of(record),
        _when(after),
        addresses=_addresses(record),
        missing=list(_missing(record)),
        files=list(_files(record)),
    )


def _leaving(record: Any) -> Foreseen:
    return Foreseen(
        record,
        stage_of(record),
        _("It is removed from the site at once, with its pictures and files.")
        if record.is_public()
        else _("It is not on the site now."),
        addresses=_addresses(record) if record.is_public() else [],
        files=list(_files(record)),
        links=list(_links(record)),
    )


def _when(after: Any) -> str:
    """When it is seen, were it published now."""
    now = timezone.now()
    if after.expire_at and after.expire_at <= now:
        return _("Nobody will see it: its time ended at %(time)s (Korea time).") % {
            "time": moment_in_korea(after.expire_at)
        }
    if after.publish_at and after.publish_at > now:
        words = {"time": moment_in_korea(after.publish_at)}
        sentence = _("It will be on the site from %(time)s (Korea time).") % words
    else:
        sentence = _("It will be on the site at once.")
    if after.expire_at:
        words = {"time": moment_in_korea(after.expire_at)}
        sentence += " " + _("It will be removed from the site at %(time)s (Korea time).") % words
    return sentence


def _addresses(record: Any) -> list[Address]:
    if not hasattr(record, "get_absolute_url"):
        return []
    path = record.get_absolute_url()
    return [
        Address(name, HTML_LANG[code], settings.SITE_URL + path_in(path, code))
        for code, name in settings.LANGUAGES
    ]


def _missing(record: Any) -> Iterator[Missing]:
    """By language the fields that have a text in another one."""
    for code, name in settings.LANGUAGES:
        fields = [
            str(capfirst(record._meta.get_field(field).verbose_name))
            for field in histories.translated_fields(type(record))
            if not getattr(record, language_column(field, code))
            and any(getattr(record, language_column(field, other)) for other in HTML_LANG)
        ]
        if fields:
            yield Missing(str(name), ", ".join(fields))


def _files(record: Any) -> Iterator[str]:
    """Pictures and documents that go with it."""
    pictures = sum(_rows_below(model, record) for model in renditions.registered_models())
    if pictures:
        yield ngettext("%(count)s picture", "%(count)s pictures", pictures) % {"count": pictures}
    documents = sum(_rows_below(model, record) for model in downloads.registered_models())
    if documents:
        words = {"count": documents}
        yield ngettext("%(count)s document", "%(count)s documents", documents) % words


def _rows_below(model: Any, record: Any) -> int:
    keys = [
        column.name
        for column in model._meta.fields
        if column.remote_field and column.remote_field.model is type(record)
    ]
    columns = downloads.file_fields(model) or ["image"]
    if not keys:
        return 0
    rows = model._base_manager.filter(**{keys[0]: record})
    return rows.exclude(**{columns[0]: ""}).count()


def _links(record: Any) -> Iterator[str]:
    """What is on the site and leads to it."""
    for relation in record._meta.related_objects:
        other = relation.related_model
        if not issubclass(other, Publishable) or not relation.field.name:
            continue
        rows = other._base_manager.filter(is_published(), **{relation.field.name: record.pk})
        yield from _named(other, rows.distinct())
    if hasattr(record, "get_absolute_url"):
        yield from _texts_with_link(record)


def _texts_with_link(record: Any) -> Iterator[str]:
    path = bare_path(record.get_absolute_url())
    for model in changes.publishable_models():
        columns = [
            column.name
            for column in model._meta.fields
            if isinstance(getattr(column, "translated_field", None), RichTextField)
        ]
        if columns:
            says = Q()
            for column in columns:
                says |= Q(**{f"{column}__contains": f'{path}"'})
            rows = model._base_manager.filter(is_published()).filter(says)
            if model is type(record):
                rows = rows.exclude(pk=record.pk)
            yield from _named(model, rows)


def _named(model: Any, rows: Any) -> Iterator[str]:
    found = list(rows[: MOST_LINKS + 1])
    for row in found[:MOST_LINKS]:
        yield f"{capfirst(model._meta.verbose_name)}: {Truncator(str(row)).chars(80)}"
    if len(found) > MOST_LINKS:
        more = rows.count() - MOST_LINKS
        words = {"count": more, "kind": model._meta.verbose_name_plural}
        yield (
            ngettext("and %(count)s more (%(kind)s)", "and %(count)s more (%(kind)s)", more) % words
        )
