"""The monthly report of looks: a page, and the same as a file. It names no person looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import formats
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from oda_portal.drawing.charts import Bar, Said, columns_chart
from oda_portal.privacy import monthly
from oda_portal.privacy.exports import csv_response
from oda_portal.privacy.models import Act
from oda_portal.privacy.monthly import Report

if TYPE_CHECKING:
    from .access import AccessRecordAdmin


def report_page(model_admin: AccessRecordAdmin, request: HttpRequest) -> HttpResponseBase:
    report = monthly.report_of(_asked(request))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Monthly report on views of personal data"),
        "report": report,
        "acts": Act,
        "rows": [(line, [line.count(act) for act in Act]) for line in report.lines],
        "tiles": _tiles(report),
        "picture": _picture(report),
        "months": monthly.months(),
        "night": (monthly.NIGHT_FROM, monthly.NIGHT_UNTIL),
        "many": (monthly.MANY, monthly.TIMES),
    }
    return TemplateResponse(request, "privacy/admin/report.html", context)


def report_file(model_admin: AccessRecordAdmin, request: HttpRequest) -> HttpResponseBase:
    report = monthly.report_of(_asked(request))
    head = [
        _("who"), *(str(act.label) for act in Act), _("People’s data shown"), _("At night"),
        _("Own data"), _("Without a reason"), _("Usual in a month"), _("Unusually many"),
    ]  # fmt: skip
    name = f"personal-data-views-{report.first:%Y-%m}"
    return csv_response(name, head, _lines(report))


def _lines(report: Report) -> Iterator[list[Any]]:
    for line in report.lines:
        yield [
            line.account, *(line.count(act) for act in Act), line.shown, line.night, line.own,
            line.without_reason, round(line.usual), _("Yes") if line.is_many else "",
        ]  # fmt: skip


def _asked(request: HttpRequest) -> date:
    """The month in the address; the last one for anything that is none."""
    try:
        asked = datetime.strptime(request.GET.get("month", ""), "%Y-%m").date()
    except ValueError:
        return monthly.last_month()
    return asked if 2000 <= asked.year <= 2100 else monthly.last_month()


def _tiles(report: Report) -> list[tuple[str, int, bool]]:
    """What stands out, each with whether it wants to be looked into."""
    many = len(report.many())
    return [
        (_("Views"), report.looks, False),
        (_("People’s data shown"), report.shown, False),
        (_("Exports"), report.exported(), False),
        (_("At night"), report.total("night"), report.total("night") > 0),
        (_("Own data"), report.total("own"), report.total("own") > 0),
        (_("Without a reason"), report.total("without_reason"), False),
        (_("Accounts with unusually many"), many, many > 0),
    ]


def _picture(report: Report) -> SafeString | str:
    if not report.looks:
        return ""
    bars = [
        Bar(str(day.day), (count,), number_format(count, force_grouping=True))
        for day, count in report.days
    ]
    title = _("Views day by day")
    busiest, most = max(report.days, key=lambda pair: pair[1])
    told = _("Most on %(day)s: %(count)s. In all: %(sum)s.") % {
        "day": formats.date_format(busiest, "MONTH_DAY_FORMAT"),
        "count": most,
        "sum": report.looks,
    }
    return columns_chart("looks", Said(title, told, (title,)), bars)
