"""The mails of accounts: what allauth would send by itself, and what staff are told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .kinds import Kind, register

ACCOUNTS = _("Accounts")
BACK_OFFICE = _("Back office")

_DATE = {"date": _("the day"), "time": _("the time")}
_DATE_SAMPLE = {"date": "2026-11-20", "time": "18:00"}


KINDS = (
    Kind(
        name="account_verify",
        label=_("Confirm an email address"),
        group=ACCOUNTS,
        placeholders={"hours": _("for how many hours the link works")},
        sample={"hours": "72"},
        button=_("Confirm the address"),
        secret=True,
        urgent=True,
    ),
    Kind(
        name="account_exists",
        label=_("Sign-up with an address that has an account"),
        group=ACCOUNTS,
        button=_("Set a new password"),
        secret=True,
        urgent=True,
    ),
    Kind(
        name="account_unknown",
        label=_("New password for an address without an account"),
        group=ACCOUNTS,
        button=_("Sign up"),
        secret=True,
        urgent=True,
    ),
    Kind(
        name="password_reset",
        label=_("Set a new password"),
        group=ACCOUNTS,
        button=_("Set a new password"),
        secret=True,
        urgent=True,
    ),
    Kind(
        name="security_changed",
        label=_("Password or second step changed"),
        group=ACCOUNTS,
        placeholders=_DATE,
        sample=_DATE_SAMPLE,
        button=_("Set a new password"),
        secret=True,
        urgent=True,
    ),
    Kind(
        name="email_changed",
        label=_("Email address of an account changed"),
        group=ACCOUNTS,
        placeholders=_DATE,
        sample=_DATE_SAMPLE,
        button=_("Set a new password"),
        secret=True,
        urgent=True,
    ),
    Kind(
        name="staff_mail_failed",
        label=_("Emails that were not sent"),
        group=BACK_OFFICE,
        placeholders={
            "failed": _("how many failed"),
            "unknown": _("how many have an unknown outcome"),
        },
        sample={"failed": "2", "unknown": "1"},
        button=_("Open the outbox"),
    ),
)


def register_kinds() -> None:
    for kind in KINDS:
        register(kind)
