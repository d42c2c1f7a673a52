"""The mails about a person's own data."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import formats, translation
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from oda_portal.mail.kinds import Kind, register
from oda_portal.mail.outbox import post

if TYPE_CHECKING:
    from oda_portal.accounts.models import User
    from oda_portal.mail.models import Message

    from .models import PrivacyRequest
    from .monthly import Report

GROUP = _("Personal data")
EXAMPLE_DAY = lazy(lambda: formats.date_format(date(2026, 11, 20), "DATE_FORMAT"), str)()
EXAMPLE_MONTH = lazy(lambda: formats.date_format(date(2026, 11, 1), "YEAR_MONTH_FORMAT"), str)()
REQUESTS = "/accounts/requests/"
REPORT = "/admin/privacy/accessrecord/report/"


DAY = {"date": _("the day by which we answer")}
REPORTED = {
    "month": (_("the month"), EXAMPLE_MONTH),
    "people": (_("how many members of staff viewed personal data"), "7"),
    "views": (_("how many views"), "412"),
    "exports": (_("how many exports"), "3"),
    "night": (_("how many views at night"), "5"),
    "own": (_("how many views of one’s own data"), "0"),
    "unusual": (_("how many accounts with unusually many views"), "1"),
}
PRESSING = {
    "requests": (_("how many requests are to be answered within three days"), "2"),
    "overdue": (_("how many requests are overdue"), "0"),
    "holds": (_("how many holds end within a week"), "1"),
    "untold": (_("how many people could not be told of a destruction"), "0"),
}


def register_all() -> None:
    _register_to_people()
    _register_to_staff()


def _register_to_people() -> None:
    register(
        Kind(
            name="retention_notice",
            label=_("Data will soon be destroyed"),
            group=GROUP,
            placeholders={"date": _("the day of destruction"), "what": _("what is destroyed")},
            sample={"date": EXAMPLE_DAY, "what": _("Your account")},
            button=_("Download my data"),
        )
    )
    for name, label, placeholders in (
        ("request_received", _("Request about personal data received"), DAY),
        ("request_closed", _("Request about personal data answered"), {}),
        ("request_extended", _("Request about personal data takes longer"), DAY),
    ):
        register(
            Kind(
                name=name,
                label=label,
                group=GROUP,
                placeholders=placeholders,
                sample=dict.fromkeys(placeholders, EXAMPLE_DAY),
                button=_("See my requests"),
            )
        )
    register(Kind(name="account_closed", label=_("Account closed"), group=GROUP))


def _register_to_staff() -> None:
    for name, label, figures, button in (
        ("privacy_deadlines", _("Deadlines of personal data"), PRESSING, _("Open the back office")),
        (
            "access_report",
            _("Monthly report on views of personal data"),
            REPORTED,
            _("Open the report"),
        ),
    ):
        register(
            Kind(
                name=name,
                label=label,
                group=GROUP,
                placeholders={name: meaning for name, (meaning, _example) in figures.items()},
                sample={name: example for name, (_meaning, example) in figures.items()},
                button=button,
            )
        )


def request_received(request: PrivacyRequest) -> None:
    _with_day("request_received", request)


def request_extended(request: PrivacyRequest) -> None:
    """Until when, in the mail; why, on the page behind the sign-in."""
    _with_day("request_extended", request)


def _with_day(kind: str, request: PrivacyRequest) -> None:
    user = request.user
    if user is None:
        return
    with translation.override(user.preferred_language):
        day = formats.date_format(request.due_on, "DATE_FORMAT")
    post(
        kind,
        to=user.email,
        language=user.preferred_language,
        name=user.name,
        user=user,
        about=request,
        context={"date": day},
        once=f"{kind}:{request.pk}",
        path=REQUESTS,
    )


def request_closed(request: PrivacyRequest) -> None:
    """The answer stands on the page, behind the sign-in; the mail says only that there is one."""
    user = request.user
    if user is None:
        return
    post(
        "request_closed",
        to=user.email,
        language=user.preferred_language,
        name=user.name,
        user=user,
        about=request,
        context={},
        once=f"request_closed:{request.pk}",
        path=REQUESTS,
    )


def access_report(report: Report, *, to: User) -> Message | None:
    """The figures of a month, for somebody who keeps watch; once for each month."""
    with translation.override(to.preferred_language):
        month = formats.date_format(report.first, "YEAR_MONTH_FORMAT")
    return post(
        "access_report",
        to=to.email,
        language=to.preferred_language,
        name=to.name,
        user=to,
        context={
            "month": month,
            "people": len(report.lines),
            "views": report.looks,
            "exports": report.exported(),
            "night": report.total("night"),
            "own": report.total("own"),
            "unusual": len(report.many()),
        },
        once=f"access_report:{report.first:%Y-%m}:{to.pk}",
        path=f"{REPORT}?month={report.first:%Y-%m}",
    )


def privacy_deadlines(figures: dict[str, int], *, to: User, day: date) -> Message | None:
    """What must be done soon, for somebody who keeps watch; once a day."""
    return post(
        "privacy_deadlines",
        to=to.email,
        language=to.preferred_language,
        name=to.name,
        user=to,
        context={name: str(count) for name, count in figures.items()},
        once=f"privacy_deadlines:{day.isoformat()}:{to.pk}",
        path="/admin/",
    )
