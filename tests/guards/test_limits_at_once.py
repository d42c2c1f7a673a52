"""Limits hold for all processes together, on each cache that the portal may have."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection

from oda_portal.accounts.models import User
from oda_portal.mail.models import Message
from oda_portal.pages.models import SatisfactionAnswer
from tests.accounts.people import verified_user
from tests.factories import OfficeFactory
from tests.processes import ROOT, TOKEN, Web, database_url, web

LIMIT, PROCESSES, THREADS = 10, 3, 17
# Waits to be told, so that all processes count at the same time.
COUNTING = f"""
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.db import connections
from django.test import RequestFactory
from oda_portal.pages.limits import may_act

def act(number):
    forged = {{"X-Forwarded-For": f"203.0.113.{{number}}", "X-Real-IP": f"203.0.113.{{number}}"}}
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.7", headers=forged)
    try:
        return may_act(request, "at once", limit={LIMIT}, seconds=600)
    finally:
        connections.close_all()

print("ready", flush=True)
input()
with ThreadPoolExecutor({THREADS}) as pool:
    print(sum(pool.map(act, range({THREADS}))))
"""


def let_through(environment: dict[str, str]) -> int:
    """Of 51 at once in three processes."""
    alike = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "oda_portal.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        **environment,
    }
    # Once, and before: of several that make it at the same time all but one would fail.
    making = [sys.executable, "manage.py", "createcachetable", "--verbosity", "0"]
    subprocess.run(making, cwd=ROOT, env=alike, check=True)
    command = [sys.executable, "-c", COUNTING]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running = [
        subprocess.Popen(command, cwd=ROOT, env=alike, **pipes) for _number in range(PROCESSES)
    ]
    for process in running:
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.stdin.write("\n")
        process.stdin.flush()
    return sum(int(process.communicate(timeout=60)[0]) for process in running)


@pytest.mark.thorough
def test_the_embedded_site_lets_through_as_many_as_it_says(tmp_path: Path):
    passed = let_through({"VAR_DIR": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": ""})

    assert passed == LIMIT


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_redis_lets_through_as_many_as_it_says(tmp_path: Path):
    if not settings.REDIS_URL:
        pytest.skip("needs Redis")
    redis = settings.CACHES["default"]["LOCATION"]

    assert let_through({"VAR_DIR": str(tmp_path), "REDIS_URL": redis}) == LIMIT


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_postgresql_as_the_cache_lets_through_as_many_as_it_says(tmp_path: Path):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    had_tables = "cache" in connection.introspection.table_names()
    surroundings = {"DATABASE_URL": database_url(), "REDIS_URL": "", "VAR_DIR": str(tmp_path)}
    try:
        assert let_through(surroundings) == LIMIT
    finally:
        if not had_tables:
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE IF EXISTS cache, page_cache")


# --- through the web servers ----------------------------------------------------------------------


def post(server: Web, path: str, fields: dict[str, str], number: int) -> int:
    """Behind one proxy, which wrote the last address; all before it is what the visitor sent."""
    headers = {
        "Host": "localhost",
        "Cookie": f"{settings.CSRF_COOKIE_NAME}={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": f"203.0.113.{number}, 198.51.100.7",
        "X-Real-IP": f"203.0.113.{number}",
        "Forwarded": f"for=203.0.113.{number}",
    }
    asking = HTTPConnection("127.0.0.1", server.port, timeout=60)
    asking.request("POST", path, body=urlencode(fields), headers=headers)
    answer = asking.getresponse()
    answer.read()
    assert answer.status != 429 or int(answer.headers["Retry-After"]) > 0
    return answer.status


def all_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, fields: dict[str, str]
) -> Counter[int]:
    """How 50 posts to two web servers, all at the same time, are answered."""
    monkeypatch.setenv("TRUSTED_PROXIES", "1")
    together = threading.Barrier(50)

    def one(number: int) -> int:
        together.wait()
        return post(servers[number % 2], path, fields, number)

    redis = settings.CACHES["default"]["LOCATION"]
    with ExitStack() as stack, ThreadPoolExecutor(50) as pool:
        servers = [
            stack.enter_context(web(tmp_path / name, redis_url=redis)) for name in ("one", "two")
        ]
        return Counter(pool.map(one, range(50)))


@pytest.fixture
def _servers() -> None:
    if not settings.REDIS_URL or connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL and Redis")


@pytest.mark.thorough
@pytest.mark.usefixtures("_servers")
@pytest.mark.django_db(transaction=True)
def test_fifty_answers_at_once_behind_a_proxy_are_ten(tmp_path: Path, monkeypatch):
    OfficeFactory()

    codes = all_at_once(tmp_path, monkeypatch, "/satisfaction/", {"page": "/", "score": "5"})

    assert codes == {200: 10, 429: 40}
    assert SatisfactionAnswer.objects.count() == 10


@pytest.mark.thorough
@pytest.mark.usefixtures("_servers")
@pytest.mark.django_db(transaction=True)
def test_fifty_wrong_passwords_at_once_are_five_tries(tmp_path: Path, monkeypatch):
    """allauth counts one after the other, and refuses who waits too long for a turn."""
    OfficeFactory()
    wrong = {"login": verified_user().email, "password": "not-this-one-9"}

    codes = all_at_once(tmp_path, monkeypatch, "/accounts/login/", wrong)

    assert 1 <= codes[200] <= 5
    assert codes[200] + codes[429] == 50


@pytest.mark.thorough
@pytest.mark.usefixtures("_servers")
@pytest.mark.django_db(transaction=True)
def test_fifty_resets_at_once_are_five_mails(tmp_path: Path, monkeypatch):
    OfficeFactory()
    email = verified_user().email

    codes = all_at_once(tmp_path, monkeypatch, "/accounts/password/reset/", {"email": email})

    assert codes[302] + codes[429] == 50
    assert 1 <= Message.objects.filter(to=email).count() == codes[302] <= 5


@pytest.mark.thorough
@pytest.mark.usefixtures("_servers")
@pytest.mark.django_db(transaction=True)
def test_fifty_who_sign_up_at_once_with_one_address_are_one_account(tmp_path: Path, monkeypatch):
    OfficeFactory()
    words = "a harbour wide enough 7"
    wish = {"email": "new@example.org", "password1": words, "password2": words, "old_enough": "on"}

    codes = all_at_once(tmp_path, monkeypatch, "/accounts/signup/", wish)

    assert codes[302] + codes[429] == 50
    assert User.objects.filter(email=wish["email"]).count() == 1
    assert 1 <= Message.objects.filter(to=wish["email"]).count() <= 5
