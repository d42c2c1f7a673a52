"""What the clock will publish and take down, of all models at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oda_portal.privacy.looks import RecordedLooks
from oda_portal.publishing import changes
from oda_portal.publishing.models import Publishable, Status, TextQuerySet

from .planned import MOST, Entry, Kind, Stretch


def planned_publication(request: HttpRequest, stretch: Stretch) -> Iterator[Entry]:
    """In one question, however many models there are."""
    models = [model for model in changes.publishable_models() if _may_see(request, model)]
    parts = [_rows(request, number, model, stretch) for number, model in enumerate(models)]
    found: Any = parts[0].union(*parts[1:], all=True)[:MOST] if parts else ()
    for number, key, title, publish_at, expire_at in found:
        model = models[number]
        for at, sentence in (
            (publish_at, _("“%(title)s” (%(kind)s) will be published.")),
            (expire_at, _("“%(title)s” (%(kind)s) will be taken down.")),
        ):
            if stretch.holds(at):
                yield _entry(model, key, sentence, title, at)


def _may_see(request: HttpRequest, model: type[Publishable]) -> bool:
    """What people wrote about themselves is shown where a look is recorded, and not here."""
    known = admin.site._registry.get(model)
    if known is None or isinstance(known, RecordedLooks):
        return False
    return known.has_view_permission(request)


def _rows(
    request: HttpRequest, number: int, model: type[Publishable], stretch: Stretch
) -> QuerySet[Any, Any]:
    known: Any = admin.site._registry[model]
    # A manager of translated models would give the columns in an order of its own.
    rows: TextQuerySet[Any] = TextQuerySet(model=model)
    rows = rows.filter(pk__in=known.get_queryset(request).order_by().values("pk")).order_by()
    due = Q(publish_at__range=stretch.times) | Q(expire_at__range=stretch.times)
    title = Cast(F(f"{known.main_text}_text"), TextField())
    rows = rows.filter(due, status=Status.PUBLISHED).with_text(known.main_text)
    return rows.annotate(which=Value(number), called=title).values_list(
        "which", "pk", "called", "publish_at", "expire_at"
    )


def _entry(model: type[Publishable], key: Any, sentence: str, title: str, at: datetime) -> Entry:
    options = model._meta
    words = {"title": title, "kind": capfirst(options.verbose_name)}
    url = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[key])
    return Entry(at, Kind.PUBLICATION, sentence % words, url)
