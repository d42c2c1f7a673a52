"""Where files lie, as FILES_URL says: in two folders of this machine, or in a bucket."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

FORM = (
    "s3://key:secret@host/bucket?region=name (in key and secret, / is written %2F, + is %2B and"
    " @ is %40; without both, they are looked for where AWS programs look)"
)
# The second for a storage beside the portal, which speaks no TLS.
_SCHEMES = {"s3": "https", "s3+http": "http"}
# What servers that know no regions take.
_REGION = "us-east-1"


def stores(setting: str, url: str) -> dict[str, dict[str, Any]]:
    """Two entries of STORAGES: `default` for public pictures, `private` for everything else.

    Raises ImproperlyConfigured, which tells the form and never the address: it has a secret.
    """
    if not url:
        return {
            "default": {"BACKEND": "oda_portal.files.storages.Folder"},
            "private": {"BACKEND": "oda_portal.files.storages.PrivateFolder"},
        }
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured(
            f"{setting} needs the packages of requirements-s3.lock, which are not installed."
        )
    try:
        options, prefix = _read(url)
    except ValueError as error:
        raise ImproperlyConfigured(f"{setting} is not {FORM}.") from error
    return {
        name: {
            "BACKEND": f"oda_portal.files.bucket.{kind}",
            "OPTIONS": {**options, "location": f"{prefix}{folder}"},
        }
        for name, kind, folder in (
            ("default", "PublicBucket", "media"),
            ("private", "Bucket", "private"),
        )
    }


def _read(url: str) -> tuple[dict[str, Any], str]:
    """What django-storages is to be told, and what stands before the names in the bucket."""
    parts = urlsplit(url)
    bucket, _slash, prefix = parts.path.strip("/").partition("/")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    region = asked.pop("region", _REGION)
    given = [unquote(word or "") for word in (parts.username, parts.password)]
    is_half = bool(given[0]) != bool(given[1])
    if not (parts.hostname and bucket and region) or asked or is_half or parts.fragment:
        raise ValueError
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    try:
        scheme = _SCHEMES[parts.scheme]
    except KeyError as error:
        raise ValueError from error
    options: dict[str, Any] = {
        "bucket_name": bucket,
        "endpoint_url": f"{scheme}://{host}{port}",
        "region_name": region,
    }
    if given[0]:
        # What the surroundings may have of another key does not belong to this one.
        options |= {"access_key": given[0], "secret_key": given[1], "security_token": None}
    return options, f"{unquote(prefix)}/" if prefix else ""
