"""What the records of a page of the trail are called, in few questions whatever they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeAlias

from django.contrib.admin import AdminSite
from django.db import models
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.text import capfirst

from oda_portal.publishing.histories import translated_fields
from oda_portal.publishing.models import language_columns

from .models import Transition

# Kinds that are asked for one by one; the rarest of a page that has more go by number.
MOST_APART = 2
# Translated, and called by more than the first of their texts.
SAYS_MORE = {
    "library.document", "library.picture", "mail.mailtemplate", "partners.partneractivity",
    "privacy.consenttext", "privacy.retentionrule", "programs.monitoringvisit", "programs.run",
    "programs.sector", "reviews.rubric", "volunteers.interviewslot",
}  # fmt: skip
# Called by the text of another record.
OF_ANOTHER = {"forums.forum": "program__title", "partners.networkmember": "organisation__name"}

# The number of a kind, and of a record of it.
Key: TypeAlias = tuple[int, int]


def names_of(rows: Iterable[Transition], site: AdminSite) -> dict[Key, str]:
    """What `str` gives of each of their records, and by number those of too many kinds.

    What is gone is missing.
    """
    by_kind: dict[int, set[int]] = defaultdict(set)
    classes: dict[int, type[models.Model] | None] = {}
    for row in rows:
        by_kind[row.content_type_id].add(row.object_id)
        classes[row.content_type_id] = row.content_type.model_class()
    known = {kind: model for kind, model in classes.items() if model is not None}
    paths = {kind: path for kind, model in known.items() if (path := _text(model))}
    names = _by_text([(kind, known[kind], by_kind[kind], path) for kind, path in paths.items()])
    apart = sorted(known.keys() - paths.keys(), key=lambda kind: (-len(by_kind[kind]), kind))
    for kind in apart[:MOST_APART]:
        found = _whole(known[kind], site).filter(pk__in=by_kind[kind])
        names |= {(kind, one.pk): str(one) for one in found}
    for kind in apart[MOST_APART:]:
        label = capfirst(known[kind]._meta.verbose_name)
        names |= {(kind, number): f"{label} {number}" for number in by_kind[kind]}
    return names


def _text(model: type[models.Model]) -> str:
    """The path to the translated text that is a record's name; "" where `str` says more."""
    label = model._meta.label_lower
    if label in OF_ANOTHER:
        return OF_ANOTHER[label]
    if label in SAYS_MORE:
        return ""
    texts = translated_fields(model)
    return next((field.name for field in model._meta.fields if field.name in texts), "")


def _by_text(kinds: list[tuple[int, type[models.Model], set[int], str]]) -> dict[Key, str]:
    """All in one question: each text in the language of whoever reads it, or the next that is."""
    if not kinds:
        return {}
    first, *others = [_texts(*one) for one in kinds]
    return {(kind, number): text for kind, number, text in first.union(*others, all=True)}


def _texts(
    kind: int, model: type[models.Model], numbers: set[int], path: str
) -> models.QuerySet[Any, Any]:
    columns = [NullIf(Cast(column, TextField()), Value("")) for column in language_columns(path)]
    text = Coalesce(*columns, Value(""), output_field=TextField())
    # A plain one: that of translated models puts the columns into an order of its own.
    rows: models.QuerySet[Any] = models.QuerySet(model).order_by().filter(pk__in=numbers)
    return rows.annotate(of_kind=Value(kind), called=text).values_list("of_kind", "pk", "called")


def _whole(model: type[models.Model], site: AdminSite) -> models.QuerySet[Any]:
    """With what its own list fetches for the name."""
    known: Any = site._registry.get(model)
    with_them = known.list_select_related if known else ()
    rows = model._base_manager.all()
    return rows.select_related(*with_them) if isinstance(with_them, list | tuple) else rows
