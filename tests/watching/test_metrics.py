"""What is counted, who may ask for it, and that nobody is named by it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from oda_portal.watching import metrics
from tests.doors import sign_in_staff
from tests.factories import ProgramFactory, StaffFactory
from tests.watching.figures import samples, value_of

TOP = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/metrics", "/status.json"])
def test_figures_are_for_near_addresses_and_tokens_alone(client: Client, settings, path: str):
    settings.METRICS_TOKEN = "a-token-for-prometheus"
    far = {"REMOTE_ADDR": "203.0.113.7"}

    def status(**more: str) -> int:
        return client.get(path, **more).status_code

    assert status() == 200
    assert status(REMOTE_ADDR="::1") == 200
    assert status(**far) == 404
    assert status(REMOTE_ADDR="") == 404
    # What came through a proxy came from the public, wherever the proxy stands.
    for header in ("X_FORWARDED_FOR", "X_REAL_IP", "FORWARDED", "VIA"):
        assert status(**{f"HTTP_{header}": "127.0.0.1"}) == 404
    assert status(**far, HTTP_AUTHORIZATION="Bearer another") == 404
    assert status(**far, HTTP_AUTHORIZATION="Bearer a-token-for-prometheus") == 200
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/metrics", "/status.json"])
def test_figures_are_given_without_tls_where_the_site_has_it(settings, path: str):
    """They are asked for from within; the public address, to which it would lead, has none."""
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get(path).status_code == 200
    assert Client().get("/search/").status_code == 301


@pytest.mark.parametrize("path", ["/metrics", "/status.json"])
@pytest.mark.parametrize("name", ["web:8000", "172.18.0.7:8000", "no name at all"])
def test_figures_are_given_by_whatever_name_a_container_has(client: Client, path: str, name: str):
    assert client.get(path, HTTP_HOST=name).status_code == 200
    assert client.get("/search/", HTTP_HOST=name).status_code == 400


@pytest.mark.parametrize("given", ["Bearer ", "Bearer", ""])
def test_without_a_token_no_token_opens(client: Client, settings, given: str):
    settings.METRICS_TOKEN = ""

    found = client.get("/metrics", REMOTE_ADDR="203.0.113.7", HTTP_AUTHORIZATION=given)

    assert found.status_code == 404


def test_requests_are_counted_by_the_name_of_the_route(client: Client):
    program = ProgramFactory()
    route = {"route": "programs:program_detail", "status": "2xx"}
    before = value_of(client, "oda_request_seconds_count", **route)

    client.get(program.get_absolute_url())
    client.get(program.get_absolute_url())  # kept: its route is known all the same

    assert value_of(client, "oda_request_seconds_count", **route) == before + 2


def test_no_label_says_what_somebody_typed(client: Client):
    client.get("/programs/hong-gildong/")
    client.get("/hong-gildong/?q=hong-gildong", HTTP_USER_AGENT="hong-gildong")
    client.get(f"/mail/{'hong-gildong' * 3}/")
    client.generic("HONG-GILDONG", "/")
    sign_in_staff(client, StaffFactory(email="hong-gildong@example.org"))
    client.get(reverse("admin:accounts_user_changelist"), {"q": "hong-gildong"})

    labels = {value for _name, found, _value in samples(client) for value in found.values()}

    assert {"none", "admin:accounts", "4xx"} <= labels
    assert not [label for label in labels if "gildong" in label.lower()]


def test_pages_from_the_cache_and_past_it_are_counted(client: Client):
    path = ProgramFactory().get_absolute_url()
    caches["pages"].clear()
    before = {
        each: value_of(client, "oda_page_cache_total", outcome=each) for each in ("hit", "made")
    }

    client.get(path)
    client.get(path)
    client.get(path)

    made = value_of(client, "oda_page_cache_total", outcome="made")
    assert made == before["made"] + 1
    assert value_of(client, "oda_page_cache_total", outcome="hit") == before["hit"] + 2


def test_failed_sign_ins_are_counted(client: Client):
    before = value_of(client, "oda_sign_in_failures_total", step="password")
    login = {"login": "nobody@example.org", "password": "wrong-password-1"}

    client.post(reverse("account_login"), login)

    assert value_of(client, "oda_sign_in_failures_total", step="password") == before + 1


def test_a_wrong_second_step_is_counted(client: Client):
    staff = StaffFactory()
    sign_in_staff(client, staff)
    before = value_of(client, "oda_sign_in_failures_total", step="code")

    client.post(reverse("mfa_reauthenticate"), {"code": "000000"})

    assert value_of(client, "oda_sign_in_failures_total", step="code") == before + 1


@pytest.mark.parametrize("backend", ["database", "redis"])
def test_what_does_not_answer_is_counted(backend: str):
    before = metrics.BACKEND_ERRORS.labels(backend)._value.get()
    error = metrics._BACKENDS[backend][0]("gone")

    assert metrics.count_unavailable(error)
    assert not metrics.count_unavailable(ValueError("of ours"))

    assert metrics.BACKEND_ERRORS.labels(backend)._value.get() == before + 1


COUNT = """
import django
django.setup()
from oda_portal.watching import metrics
metrics.TASKS.labels("test.counting", "done").observe(1)
"""


@pytest.mark.thorough
def test_what_several_processes_count_is_added_up(client: Client):
    """Each of them ends: what it counted stays."""
    count = {"name": "oda_task_seconds_count", "task": "test.counting"}
    before = value_of(client, **count)
    metrics.TASKS.labels("test.counting", "done").observe(1)
    environment = {
        "DJANGO_SETTINGS_MODULE": "oda_portal.settings",
        "VAR_DIR": str(settings.METRICS_ROOT.parent),
        "SECRET_KEY": settings.SECRET_KEY,
    }

    for _process in range(2):
        subprocess.run([sys.executable, "-c", COUNT], env=environment, cwd=TOP, check=True)

    assert value_of(client, **count) == before + 3
    assert len(list(settings.METRICS_ROOT.glob("histogram_*.db"))) >= 3
