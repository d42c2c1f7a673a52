"""What `check` says of a bucket for files. An address without sense stops every process before."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from .storages import private_storage


@register(Tags.security)
def check_bucket_key(**kwargs: Any) -> list[CheckMessage]:
    """A key, in FILES_URL or wherever the library looks for one."""
    if not settings.FILES_URL or private_storage().has_key():
        return []
    said = "FILES_URL names no key, and there is none in the surroundings."
    hint = "Put it into FILES_URL, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    return [Error(said, hint=hint, obj=settings, id="files.E001")]


@register(Tags.security, deploy=True)
def check_bucket_line(**kwargs: Any) -> list[CheckMessage]:
    parts = urlsplit(settings.FILES_URL)
    if parts.scheme != "s3+http" or _is_this_machine(parts.hostname or ""):
        return []
    said = "FILES_URL speaks without TLS: people’s files can be read on the way."
    return [Warning(said, hint="s3://… uses TLS.", obj=settings, id="files.W002")]


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
