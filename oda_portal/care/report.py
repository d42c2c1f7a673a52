"""Findings as staff see them: of the records that they may see, with the way to each field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from oda_portal.accounts.roles import BY_NAME, roles_of
from oda_portal.drawing.charts import Bar, Said, rows_chart
from oda_portal.publishing.histories import translated_fields

from .models import Finding, FindingQuerySet, Kind
from .registry import all_cared, cared_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


def visible_to(
    request: HttpRequest, rows: FindingQuerySet, *, to_change: bool = False
) -> FindingQuerySet:
    """Of these those whose record the person may see in the back office, or change."""
    theirs = Q(pk__in=[])
    kinds = ContentType.objects.get_for_models(*(cared.model for cared in all_cared()))
    for cared in all_cared():
        known = admin.site._registry.get(cared.model)
        if known is None or not known.has_view_permission(request):
            continue
        if to_change and not known.has_change_permission(request):
            continue
        keys = known.get_queryset(request).order_by().values("pk")
        theirs |= Q(content_type=kinds[cared.model], object_id__in=keys)
    return rows.filter(theirs)


def languages_of(user: User) -> list[str]:
    """Those that somebody translates who does nothing else; of others none."""
    if user.is_superuser or user.has_perm("care.change_finding"):
        return []
    return sorted({BY_NAME[name].language for name in roles_of(user)} - {""})


def address_of(finding: Finding) -> str:
    """The field on the form of the record; the form itself where there is no such field."""
    model = finding.content_type.model_class()
    if model is None:
        return ""
    options = model._meta
    name = f"admin:{options.app_label}_{options.model_name}_change"
    cared = cared_of(options.label_lower)
    if finding.facts.get("lack") and cared and cared.lack_address:
        return cared.lack_address(finding.object_id, finding.column)
    anchor = _anchor(model, finding)
    form = reverse(name, args=[finding.object_id])
    return f"{form}#{anchor}" if anchor else form


def _anchor(model: Any, finding: Finding) -> str:
    if not finding.column:
        return ""
    try:
        field = model._meta.get_field(finding.column)
    except FieldDoesNotExist:
        return ""
    if field.one_to_many:
        return f"{finding.column}-group"
    if finding.column in translated_fields(model):
        return f"id_{finding.column}_ko"
    return f"id_{finding.column}"


def with_records(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    return rows.select_related("content_type", "department").prefetch_related("subject")


def drawn(rows: QuerySet[Finding]) -> tuple[SafeString | str, list[tuple[Kind, int]]]:
    """How many there are of each kind, as a picture and for the table beside it."""
    found = rows.order_by().values("kind").annotate(number=Count("pk"))
    counts = {row["kind"]: row["number"] for row in found}
    lines = [(kind, counts[kind]) for kind in Kind if kind in counts]
    lines.sort(key=lambda line: -line[1])
    if not lines:
        return "", []
    words = Said(_("Findings by kind"), said(lines))
    bars = [
        Bar(str(kind.label), (number,), number_format(number, force_grouping=True))
        for kind, number in lines
    ]
    return rows_chart("care", words, bars), lines


def said(lines: Iterable[tuple[Kind, int]]) -> str:
    return ", ".join(f"{kind.label}: {number}" for kind, number in lines)
