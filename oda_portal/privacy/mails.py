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
    from .models import PrivacyRequest

GROUP = _("Personal data")
EXAMPLE_DAY = lazy(lambda: formats.date_format(date(2026, 11, 20), "DATE_FORMAT"), str)()
REQUESTS = "/accounts/requests/"


def register_all() -> None:
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
    register(
        Kind(
            name="request_received",
            label=_("Request about personal data received"),
            group=GROUP,
            placeholders={"date": _("the day by which we answer")},
            sample={"date": EXAMPLE_DAY},
            button=_("See my requests"),
        )
    )
    register(
        Kind(
            name="request_closed",
            label=_("Request about personal data answered"),
            group=GROUP,
            button=_("See my requests"),
        )
    )
    register(Kind(name="account_closed", label=_("Account closed"), group=GROUP))


def request_received(request: PrivacyRequest) -> None:
    user = request.user
    if user is None:
        return
    with translation.override(user.preferred_language):
        day = formats.date_format(request.due_on, "DATE_FORMAT")
    post(
        "request_received",
        to=user.email,
        language=user.preferred_language,
        name=user.name,
        user=user,
        about=request,
        context={"date": day},
        once=f"request_received:{request.pk}",
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
