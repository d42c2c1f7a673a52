"""Three people who can sign in to the demonstration, with a password that everybody can read."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from oda_portal import secrets
from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles

PASSWORD = "busan-demo-2026"  # noqa: S105 - published on purpose, and refused outside the demonstration


class Person(NamedTuple):
    email: str
    name: str
    is_staff: bool = False
    is_superuser: bool = False
    role: str = ""


PEOPLE = (
    Person("admin@example.org", "Demo administrator", is_staff=True, is_superuser=True),
    Person("editor@example.org", "Demo editor", is_staff=True, role="editor"),
    Person("citizen@example.org", "Demo citizen"),
)


def open_doors() -> None:
    """Make the people who are not there yet; those who are keep what was changed of them."""
    if not settings.DEMO:
        raise ImproperlyConfigured("People with a published password are for DEMO only.")
    set_up_roles()
    for person in PEOPLE:
        if not User.objects.filter(email=person.email).exists():
            with transaction.atomic():
                _create(person)


def _create(person: Person) -> None:
    user = User.objects.create_user(
        person.email,
        PASSWORD,
        name=person.name,
        is_staff=person.is_staff,
        is_superuser=person.is_superuser,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if person.role:
        user.groups.add(Group.objects.get(name=person.role))
    if person.is_staff:
        TOTP.activate(user, _secret())


def doors() -> list[str]:
    """The sign-ins, to be printed; staff also need a code."""
    code, _seconds = present_code()
    return [
        f"Sign-ins of the demonstration, all with {PASSWORD}:",
        *(f"  {person.email}{'  (with a code)' if person.is_staff else ''}" for person in PEOPLE),
        f"Code at this moment: {code}; a new one every half minute by: manage.py demo_code",
        f"Or put this key into an authenticator app: {_secret()}",
    ]


def present_code() -> tuple[str | None, int]:
    """The six figures of now, and for how many seconds they stay; None without a demonstration."""
    if not (settings.DEMO and _secret_file().exists()):
        return None, 0
    period = mfa_settings.TOTP_PERIOD
    counter, gone = divmod(int(time.time()), period)
    return format_hotp_value(hotp_value(_secret(), counter)), period - gone


def _secret() -> str:
    """The key of the demonstration's authenticator app: random, kept beside the database."""
    return secrets.kept(_secret_file(), generate_totp_secret)


def _secret_file() -> Path:
    return settings.VAR_DIR / "demo_totp"


def close_doors() -> list[str]:
    """Outside the demonstration, take password and key away; from whom they were taken."""
    closed = []
    for user in User.objects.filter(email__in=[person.email for person in PEOPLE]):
        if user.check_password(PASSWORD):
            user.set_unusable_password()
            user.save()
            Authenticator.objects.filter(user=user).delete()
            closed.append(user.email)
    _secret_file().unlink(missing_ok=True)
    return closed


def check_demonstration(**kwargs: object) -> list[CheckMessage]:
    """Refuse published passwords on a site that is reached over the network."""
    here = urlsplit(settings.SITE_URL).hostname in {"localhost", "127.0.0.1", "::1"}
    if settings.DEMO and not here:
        return [
            Error(
                "DEMO is on and SITE_URL is not this machine: everybody could sign in as "
                "administrator with the published password.",
                hint="Set DEMO=false, or use the demonstration on this machine only.",
                id="demo.E001",
            )
        ]
    return []
