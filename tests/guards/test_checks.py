"""`check --deploy` on a city's settings, each rule broken once; and on the role in PostgreSQL."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import connection

from tests.guards.production import put_in_force

GOOD_KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"


def found(**options: object) -> list[str]:
    said = run_checks(include_deployment_checks=True, **options)
    return [message.id for message in said if message.id.startswith("guards.")]


@pytest.fixture
def city(settings, monkeypatch):
    put_in_force(settings, monkeypatch)
    settings.SECRET_KEY = GOOD_KEY
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL, settings.EMAIL_HOST_PASSWORD = True, False, "x"
    settings.DEBUG = False
    settings.ADMIN_ADDRESSES = ()
    return settings


def test_a_citys_settings_are_clean(city):
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "id_"),
    [
        ("SECRET_KEY", "short", "guards.E001"),
        ("SECRET_KEY", "a" * 80, "guards.E001"),
        ("DEBUG", True, "guards.E004"),
        ("DEMO", True, "guards.E005"),
        ("SITE_URL", "http://portal.example", "guards.E006"),
        ("SITE_URL", "https://portal.example/oda", "guards.E006"),
        ("SITE_URL", "https://", "guards.E006"),
        ("ALLOWED_HOSTS", ["*"], "guards.E007"),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", -1, "guards.E008"),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", 99, "guards.E008"),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", 0, "guards.W009"),
        ("ADMIN_ADDRESSES", (ipaddress.ip_network("0.0.0.0/0"),), "guards.E010"),
        ("EMAIL_BACKEND", "oda_portal.mail.folder.EmailBackend", "guards.W011"),
        ("EMAIL_USE_TLS", False, "guards.E012"),
    ],
)
def test_each_fault_is_named(city, name: str, value: object, id_: str):
    setattr(city, name, value)

    assert found() == [id_]


def test_mail_without_tls_and_without_a_password_is_a_warning(city):
    city.EMAIL_USE_TLS, city.EMAIL_HOST_PASSWORD = False, ""

    assert found() == ["guards.W012"]


def test_one_key_for_everything_is_refused(city):
    city.FIELD_KEYS = [GOOD_KEY, *city.FIELD_KEYS, *city.FIELD_KEYS]

    assert found() == ["guards.E002", "guards.E003"]


@pytest.mark.parametrize(
    ("media", "private"),
    [("files", "files/private"), ("files/public", "files"), ("files", "files")],
)
def test_private_files_never_lie_among_public_ones(city, tmp_path: Path, media: str, private: str):
    city.MEDIA_ROOT, city.PRIVATE_ROOT = tmp_path / media, tmp_path / private

    assert found() == ["guards.E013"]


def test_private_files_are_found_through_a_link_too(city, tmp_path: Path):
    (tmp_path / "public").mkdir()
    (tmp_path / "door").symlink_to(tmp_path / "public")
    city.MEDIA_ROOT, city.PRIVATE_ROOT = tmp_path / "public", tmp_path / "door" / "private"

    assert found() == ["guards.E013"]


@pytest.mark.django_db
def test_a_superuser_of_the_database_is_told_of(city):
    if connection.vendor != "postgresql":
        assert found(databases=["default"]) == []
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        is_superuser = cursor.fetchone()[0]
        assert found(databases=["default"]) == (["guards.W014"] if is_superuser else [])
        cursor.execute("CREATE ROLE plain_portal NOSUPERUSER; SET LOCAL ROLE plain_portal")
        assert found(databases=["default"]) == []
