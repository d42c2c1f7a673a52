"""What a site that is reached over the network must not do: `check --deploy`, `check --database`.

docs/guards.md has them in a table. Settings that make no sense at all stop every process, in
settings.py.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

LEAST_LETTERS, LEAST_BITS = 40, 128
MOST_PROXIES = 5
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def _bits(text: str) -> float:
    """How hard a text is to guess, if its letters were drawn as often as they stand in it."""
    shares = [number / len(text) for number in Counter(text).values()]
    return -len(text) * sum(share * math.log2(share) for share in shares)


@register(Tags.security, deploy=True)
def check_keys(**kwargs: Any) -> list[CheckMessage]:
    key = settings.SECRET_KEY
    found: list[CheckMessage] = []
    if len(key) < LEAST_LETTERS or _bits(key) < LEAST_BITS:
        hint = "openssl rand -hex 40"
        found.append(Error("SECRET_KEY is easy to guess.", hint=hint, id="guards.E001"))
    if key in settings.FIELD_KEYS:
        found.append(
            Error("SECRET_KEY is one of FIELD_KEYS: who gets one has both.", id="guards.E002")
        )
    if len(set(settings.FIELD_KEYS)) < len(settings.FIELD_KEYS):
        found.append(Error("A key stands twice in FIELD_KEYS.", id="guards.E003"))
    return found


@register(Tags.security, deploy=True)
def check_address(**kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("DEBUG shows settings and code to everybody.", id="guards.E004"))
    if settings.DEMO:
        found.append(Error("DEMO has sign-ins with a published password.", id="guards.E005"))
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme != "https" or not parts.hostname or parts.path or parts.query:
        hint = "SITE_URL=https://oda.example.org"
        found.append(Error("SITE_URL is no https address of a host.", hint=hint, id="guards.E006"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("ALLOWED_HOSTS takes every name.", id="guards.E007"))
    return found


@register(Tags.security, deploy=True)
def check_proxies(**kwargs: Any) -> list[CheckMessage]:
    """TLS ends at a proxy, so there is one; without its word all visitors share an address."""
    number = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    found: list[CheckMessage] = []
    if not 0 <= number <= MOST_PROXIES:
        found.append(Error(f"TRUSTED_PROXIES is {number}: it counts proxies.", id="guards.E008"))
    if settings.HTTPS and number == 0:
        said = "TRUSTED_PROXIES is 0: all visitors share one address, and its limits."
        found.append(Warning(said, hint="Behind one proxy it is 1.", id="guards.W009"))
    if any(network.prefixlen == 0 for network in settings.ADMIN_ADDRESSES):
        said = "ADMIN_ADDRESSES names all addresses there are."
        found.append(Error(said, hint="Leave it empty for everywhere.", id="guards.E010"))
    return found


@register(Tags.security, deploy=True)
def check_mail(**kwargs: Any) -> list[CheckMessage]:
    if settings.EMAIL_BACKEND != SMTP:
        said = "EMAIL_URL names no mail server: nobody gets mail."
        return [Warning(said, id="guards.W011")]
    if settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL:
        return []
    said = "EMAIL_URL sends mail without TLS: others can read it on the way."
    hint = "submission://user:word@host:587 uses TLS; beside the mail server it may do without."
    problem = Error if settings.EMAIL_HOST_PASSWORD else Warning
    return [problem(said, hint=hint, id="guards.E012" if problem is Error else "guards.W012")]


@register(Tags.security)
def check_folders(**kwargs: Any) -> list[CheckMessage]:
    """What is given out to everybody and what is not never stand in each other."""
    public = {"MEDIA_ROOT": settings.MEDIA_ROOT, "STATIC_ROOT": settings.STATIC_ROOT}
    closed = {"PRIVATE_ROOT": settings.PRIVATE_ROOT, "LEDGER_FILE": settings.LEDGER_FILE}
    return [
        Error(f"{one} and {other} stand in each other.", id="guards.E013")
        for one, open_folder in public.items()
        for other, closed_folder in closed.items()
        if _in_each_other(Path(open_folder), Path(closed_folder))
    ]


def _in_each_other(one: Path, other: Path) -> bool:
    one, other = one.resolve(), other.resolve()
    return one.is_relative_to(other) or other.is_relative_to(one)


@register(Tags.database)
def check_role(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Asked with `check --database default`: a superuser may switch off what guards the records."""
    found: list[CheckMessage] = []
    for name in databases or []:
        if connections[name].vendor != "postgresql":
            continue
        with connections[name].cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchone()[0]:
                said = "The portal's role in PostgreSQL is a superuser."
                hint = "CREATE ROLE portal LOGIN NOSUPERUSER, and make it own its database."
                found.append(Warning(said, hint=hint, id="guards.W014"))
    return found
