"""The ranking of one stage, and taking it out of the house."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oda_portal.privacy.access import record_look
from oda_portal.privacy.exports import ExportForm, csv_response
from oda_portal.privacy.models import Act

from .. import permissions
from ..models import Rubric
from ..ranking import Ranking, Row, rank, shown
from ..registry import Group, ReviewKind, kind_of
from .strip import strip

if TYPE_CHECKING:
    from .rubrics import RubricAdmin

PER_PAGE = 50
WHAT = "reviews.rubric ranking"


def ranking_page(
    model_admin: RubricAdmin, request: HttpRequest, object_id: str
) -> HttpResponseBase:
    rubric = model_admin.to_read(request, object_id)
    if not permissions.can_view_ranking(request.user):
        raise PermissionDenied
    kind, group, groups = _narrowed(request, rubric)
    ranking = _ranking(rubric, kind, group)
    page = Paginator(ranking.rows, PER_PAGE).get_page(request.GET.get("p"))
    _look(request, Act.LIST, kind, page.object_list)
    context = model_admin.page_context(
        request,
        rubric,
        title=_("Ranking"),
        ranking=ranking,
        page=page,
        lines=[_line(kind, ranking, row) for row in page.object_list],
        groups=groups,
        group=group,
        counts=_counts(ranking),
        export_url=_export_url(model_admin, request, rubric),
    )
    return TemplateResponse(request, "admin/reviews/ranking.html", context)


def export_page(model_admin: RubricAdmin, request: HttpRequest, object_id: str) -> HttpResponseBase:
    """All lines of the ranking as CSV, for a reason that stands in the access log."""
    rubric = model_admin.to_read(request, object_id)
    if not permissions.can_export_ranking(request.user):
        raise PermissionDenied
    kind, group, _groups = _narrowed(request, rubric)
    form = ExportForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = model_admin.page_context(
            request, rubric, title=_("Export the ranking"), form=form, button=_("Export")
        )
        context["back"] = model_admin.address("ranking", rubric)
        return TemplateResponse(request, "admin/act.html", context)
    ranking = _ranking(rubric, kind, group)
    _look(request, Act.EXPORT, kind, ranking.rows, reason=form.cleaned_data["reason"])
    name = f"ranking-{rubric.stage}-{timezone.localdate().isoformat()}"
    return csv_response(name, _head(), _cells(kind, ranking))


# --- which part ---------------------------------------------------------------------------------


def _narrowed(request: HttpRequest, rubric: Rubric) -> tuple[ReviewKind, Group | None, list[Group]]:
    kind = kind_of(rubric.round)
    groups = kind.groups(rubric.round)
    asked = request.GET.get("group", "")
    group = next((one for one in groups if one.value == asked), None)
    if asked and group is None:
        raise Http404
    return kind, group, groups


def _ranking(rubric: Rubric, kind: ReviewKind, group: Group | None) -> Ranking:
    return rank(rubric, kind.in_group(rubric.round, group.value) if group else None)


def _look(
    request: HttpRequest, act: Act, kind: ReviewKind, rows: Iterable[Row], *, reason: str = ""
) -> None:
    people = [one for row in rows for one in kind.people(row.subject) if one is not None]
    record_look(request, act, people, what=WHAT, reason=reason)


def _export_url(model_admin: RubricAdmin, request: HttpRequest, rubric: Rubric) -> str | None:
    if not permissions.can_export_ranking(request.user):
        return None
    query = request.GET.copy()
    query.pop("p", None)
    address = model_admin.address("export", rubric)
    return f"{address}?{query.urlencode()}" if query else address


# --- what a line says ---------------------------------------------------------------------------


def _line(kind: ReviewKind, ranking: Ranking, row: Row) -> dict[str, Any]:
    return {
        "row": row,
        "name": kind.name(row.subject),
        "code": kind.code(row.subject),
        "url": kind.url(row.subject),
        "mean": shown(row.mean),
        "spread": shown(row.spread),
        "basis": ranking.basis(row),
        "reviews": [(given.review, shown(given.mean)) for given in row.reviews],
        "strip": strip(row),
    }


def _counts(ranking: Ranking) -> dict[str, int]:
    return {
        "all": len(ranking.rows),
        "divergent": sum(row.is_divergent for row in ranking.rows),
        "incomplete": sum(row.is_incomplete for row in ranking.rows),
    }


def _head() -> list[str]:
    return [
        _("Rank"), pgettext("reviews", "Number"), _("Name"), _("Mean"), _("Mean, exact"),
        _("Basis"), _("Largest difference"), _("Divergent"), _("Incomplete"),
    ]  # fmt: skip


def _cells(kind: ReviewKind, ranking: Ranking) -> Iterator[list[Any]]:
    for row in ranking.rows:
        yield [
            row.rank,
            kind.code(row.subject),
            kind.name(row.subject),
            shown(row.mean),
            row.mean,
            ranking.basis(row),
            shown(row.spread),
            _("yes") if row.is_divergent else "",
            _("yes") if row.is_incomplete else "",
        ]
