"""The years, months and days above a list of the back office."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from typing import Any

from django import template
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oda_portal.publishing.kept_choices import kept

register = template.Library()

# A slip of the finger may be stored: no row of thousands of years.
MOST_YEARS = 60


@register.inclusion_tag("admin/date_hierarchy.html")
def list_dates(changelist: Any) -> dict[str, Any]:
    """What Django's own tag shows, from the first to the last day that any record has.

    Django reads every row that the filters give, twice, to leave out the times without any; the
    first and the last of all cost two looks at an index.
    """
    field = changelist.date_hierarchy
    first, last = _ends(changelist)
    if first is None or last is None:
        return {"show": False}
    year, month, day = (changelist.params.get(f"{field}__{part}") for part in PARTS)
    if not year and first.year == last.year:
        year = first.year
        month = first.month if first.month == last.month else None

    def link(*chosen: Any) -> str:
        named = zip(PARTS, map(str, chosen), strict=False)
        return changelist.get_query_string(
            {f"{field}__{part}": value for part, value in named}, [f"{field}__"]
        )

    def shown(on: date, format: str) -> str:
        return capfirst(date_format(on, format))

    if year and month and day:
        on = date(int(year), int(month), int(day))
        back = {"link": link(year, month), "title": shown(on, "YEAR_MONTH_FORMAT")}
        choices = [{"title": shown(on, "MONTH_DAY_FORMAT")}]
    elif year and month:
        back = {"link": link(year), "title": str(year)}
        choices = [
            {"link": link(year, month, on.day), "title": shown(on, "MONTH_DAY_FORMAT")}
            for on in _days(int(year), int(month))
            if first <= on <= last
        ]
    elif year:
        back = {"link": link(), "title": _("All dates")}
        choices = [
            {"link": link(year, on.month), "title": shown(on, "YEAR_MONTH_FORMAT")}
            for on in (date(int(year), number, 1) for number in range(1, 13))
            if first.replace(day=1) <= on <= last
        ]
    else:
        back = None
        years = range(first.year, last.year + 1)[-MOST_YEARS:]
        choices = [{"link": link(one), "title": str(one)} for one in years]
    return {"show": True, "back": back, "choices": choices}


PARTS = ("year", "month", "day")


def _ends(changelist: Any) -> tuple[date | None, date | None]:
    field = changelist.date_hierarchy
    rows = changelist.model._base_manager.order_by()
    found = kept(field, rows, lambda: rows.aggregate(first=Min(field), last=Max(field)))
    return _day(found["first"]), _day(found["last"])


def _day(at: Any) -> date | None:
    return timezone.localtime(at).date() if isinstance(at, datetime) else at


def _days(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
