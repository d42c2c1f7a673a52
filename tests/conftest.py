"""Fixtures for every test: what a test must not share with the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import translation


@pytest.fixture(autouse=True)
def _own_places(settings, tmp_path: Path) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Files in a folder of the test's own, a quick password hash, the default language."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private", "base_url": None},
        },
    }
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _own_cache(settings, worker_id: str) -> None:  # type: ignore[no-untyped-def]
    """An empty Redis database for each worker; the database cache rolls back with the test."""
    if not settings.REDIS_URL:
        return
    number = int(worker_id.removeprefix("gw") or 0) + 1 if worker_id != "master" else 1
    server = settings.REDIS_URL.rsplit("/", 1)[0]
    default = {**settings.CACHES["default"], "LOCATION": f"{server}/{number}"}
    settings.CACHES = {"default": default}
    cache.clear()
