"""The settings of a city's server, in a test: https, behind one proxy."""

from __future__ import annotations

import importlib.util
from types import ModuleType
from typing import Any

from django.conf import settings as here
from django.test import Client

HOST = "portal.example"
SITE = f"https://{HOST}"
# What follows from the address of the site and from the proxy before it.
FOLLOWS = (
    "SITE_URL", "HTTPS", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
    "SECURE_PROXY_SSL_HEADER", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD", "ALLAUTH_TRUSTED_PROXY_COUNT",
)  # fmt: skip


def read_settings(monkeypatch: Any, **environment: str) -> ModuleType:
    """The settings as this environment makes them, beside those that run."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    path = here.BASE_DIR / "oda_portal" / "settings.py"
    spec = importlib.util.spec_from_file_location("oda_portal.settings_of_a_city", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def put_in_force(settings: Any, monkeypatch: Any) -> None:
    made = read_settings(monkeypatch, SITE_URL=SITE, TRUSTED_PROXIES="1", DEMO="false")
    for name in FOLLOWS:
        setattr(settings, name, getattr(made, name))
    settings.DEMO = False


def visitor(**options: Any) -> Client:
    """A browser that came to the proxy by TLS."""
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
    return Client(headers=headers, raise_request_exception=False, **options)
