"""The composed site on this machine, looked at through its nginx.

`./runtests tests/deployment -n 0 -s` prints what was counted.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.deployment.site import Site, deployed, wait_until
from tests.deployment.tables import tables
from tests.deployment.visitors import Reader, visited
from tests.processes import ROOT

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="as composed: on PostgreSQL"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with deployed(tmp_path_factory.mktemp("deployed")) as running:
        yield running


def test_what_serves_and_works_owns_nothing(site: Site):
    asked = "from django.db import connection as c; q = c.cursor(); q.execute({!r}); print(q.fetchone())"
    owned = "SELECT current_user, count(*) FROM pg_tables WHERE tableowner = current_user"

    said = site.manage("shell", "--no-imports", "-c", asked.format(owned))

    assert said.split("\n")[0] == "('portal_app', 0)"


@pytest.mark.django_db
def test_all_migrations_end_in_the_tables_that_are_made_at_once(site: Site):
    """The site went through the migrations; the tables of the tests are made at once."""
    with connection.cursor() as cursor:
        at_once = tables(cursor)
    with psycopg.connect(site.owner_url) as owner:
        migrated = tables(owner.cursor())

    assert len(migrated["columns"]) > 1_500
    assert len(migrated["indexes"]) > 500
    for part, expected in migrated.items():
        assert at_once[part] == expected, part


MAY = "SELECT has_table_privilege('portal_app', 'privacy_accessrecord', 'UPDATE')"


def test_roles_that_are_cut_off_let_nobody_bend_the_access_log(site: Site, tmp_path: Path):
    """All tables are given first, and what is too much is taken back: never the one alone."""
    shutil.copy(ROOT / "docker" / "roles.sh", tmp_path)
    rules = (ROOT / "docker" / "roles.sql").read_text()
    (tmp_path / "roles.sql").write_text(rules.split("-- The access log:")[0] + "SELECT 1 / 0;")

    with pytest.raises(subprocess.CalledProcessError):
        site.give_roles(tmp_path)

    with psycopg.connect(site.owner_url) as owner:
        assert owner.execute(MAY).fetchone() == (False,)


def test_it_makes_backups_with_a_role_that_owns_nothing(site: Site, tmp_path: Path):
    key = re.search(r"age1\w+", site.manage("backup_keys"))
    assert key

    site.manage("backup", str(tmp_path), BACKUP_KEY=key[0])

    (made,) = tmp_path.glob("*.age")
    assert made.stat().st_size > 1_000_000


@pytest.mark.parametrize(("path", "lang"), [("/", "ko"), ("/en/", "en"), ("/zh-hans/", "zh-Hans")])
def test_each_language_comes_over_tls(site: Site, path: str, lang: str):
    status, headers, page = Reader(site).get(path)

    assert status == 200
    assert f'<html lang="{lang}"' in page
    assert headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_without_tls_one_is_sent_on(site: Site):
    plain = HTTPConnection("127.0.0.1", site.ports["http"], timeout=20)
    plain.request("GET", "/en/programs/", headers={"Host": f"localhost:{site.ports['https']}"})
    answer = plain.getresponse()

    assert (answer.status, answer.headers["Location"]) == (301, f"{site.address}/en/programs/")


def test_files_of_the_build_are_packed_and_kept_for_a_year(site: Site):
    _status, _headers, page = Reader(site).get("/")
    stylesheet = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert stylesheet

    status, headers, _packed = Reader(site).get(stylesheet[1], **{"Accept-Encoding": "identity"})
    assert (status, headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    site_folder = site.folder / "var" / "static"
    assert (site_folder / f"{stylesheet[1].removeprefix('/static/')}.gz").exists()


def test_a_page_is_kept_by_nginx_for_some_seconds(site: Site):
    """Nobody behind nginx can answer, and the page comes all the same."""
    reader = Reader(site)
    reader.get("/en/news/")
    webs = [site.running[name] for name in ("web-1", "web-2")]
    for web in webs:
        os.killpg(web.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        status, _headers, page = reader.get("/en/news/")
        waited = time.monotonic() - began
    finally:
        for web in webs:
            os.killpg(web.pid, signal.SIGCONT)

    assert (status, '<html lang="en"' in page) == (200, True)
    print(f"from nginx while both web servers stood still: {waited * 1000:.0f} ms")


TITLE = "Changed while the site was up"
LISTS = ("/en/", "/en/news/", "/en/feeds/news.atom", "/sitemap.xml")
SEEN_WITHIN = 5.0
# Another process, as the back office is one. It says when it committed, before anything follows.
ACT = """
import sys, time
from django.db import transaction
from news.models import Article
from oda_portal.accounts.models import User
from oda_portal.publishing import actions
it = Article.objects.get(slug={slug!r})
by = User.objects.get(email="admin@example.org")
print("ready", flush=True)
sys.stdin.readline()
with transaction.atomic():
    transaction.on_commit(lambda: print(time.monotonic(), flush=True))
    {act}
"""
Answers = dict[str, tuple[int, str]]


def newest(reader: Reader) -> str:
    """The address of an article that every list begins with."""
    found = re.search(r'href="[^"]+(/en/news/[\w-]+/)"', reader.get("/en/feeds/news.atom")[2])
    assert found
    return found[1]


def answers(reader: Reader, paths: Sequence[str], query: str) -> Answers:
    """Status and page of each, asked with a query that nobody asked with before."""
    asked = {path: reader.get(f"{path}?{query}") for path in paths}
    return {path: (status, page) for path, (status, _headers, page) in asked.items()}


def assert_kept(site: Site, paths: Sequence[str], query: str) -> None:
    """nginx has each of them: where it had none, it could not be late."""
    files = [each for each in (site.folder / "portal").rglob("*") if each.is_file()]
    kept = b"".join(re.findall(rb"\nKEY: [^\n]*", b"".join(each.read_bytes() for each in files)))
    assert [path for path in paths if f" {path}?{query} ".encode() not in kept] == []


def seen_after(site: Site, reader: Reader, path: str, act: str) -> tuple[Answers, Answers]:
    """What nginx answers just before an article is changed, and as soon as it must be seen.

    Asked no earlier than that, and once: a slow machine asks later, and is told no other thing.
    """
    code = ACT.format(slug=path.split("/")[-2], act=act)
    query, paths = f"asked={time.monotonic()}", (path, *LISTS)
    with subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT, env=site.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as acting:  # fmt: skip
        assert acting.stdout
        assert acting.stdout.readline() == "ready\n"
        before = answers(reader, paths, query)
        committed = float(acting.communicate("now\n", 60)[0])
    assert_kept(site, [each for each in paths if before[each][0] == 200], query)
    time.sleep(max(0.0, committed + SEEN_WITHIN - time.monotonic()))
    return before, answers(reader, paths, query)


def test_a_change_is_seen_everywhere_within_seconds(site: Site):
    """While nginx and the portal have just kept the pages."""
    reader = Reader(site)
    path = newest(reader)
    where = [each for each in (path, *LISTS) if each != "/sitemap.xml"]

    before, after = seen_after(site, reader, path, f"it.title_en = {TITLE!r}; it.save()")

    assert [each for each in where if TITLE in before[each][1]] == []
    assert [each for each in where if TITLE not in after[each][1]] == []


def test_what_is_taken_down_is_gone_everywhere_within_seconds_and_comes_back(site: Site):
    reader = Reader(site)
    path = newest(reader)

    before, gone = seen_after(site, reader, path, "actions.withdraw(it, by=by)")
    missing, back = seen_after(site, reader, path, "actions.publish(it, by=by)")

    assert [each for each in LISTS if path not in before[each][1]] == []
    assert [each for each in LISTS if path in gone[each][1]] == []
    assert [each for each in LISTS if path in missing[each][1]] == []
    assert [each for each in LISTS if path not in back[each][1]] == []
    assert [each[path][0] for each in (before, gone, missing, back)] == [200, 404, 404, 200]


def asks_for_a_new_password(site: Site) -> None:
    reader = Reader(site)
    _status, _headers, page = reader.get("/en/accounts/password/reset/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    assert reader.post("/en/accounts/password/reset/", token[1], email="citizen@example.org") == 200


def mailed(site: Site, number: int) -> float:
    return wait_until(lambda: len(site.letters.letters) >= number, "no mail came", 90)


def test_both_workers_are_there_and_mail_goes_out_with_one_of_them_killed(site: Site):
    pinged = site.ping_workers()
    assert sorted(pinged) == ["worker-1@localhost", "worker-2@localhost"]
    asks_for_a_new_password(site)
    waited = mailed(site, 1)

    site.stop("worker-1", signal.SIGKILL)
    asks_for_a_new_password(site)
    later = mailed(site, 2)

    site.start("worker-1")
    receivers = {letter["To"] for letter in site.letters.letters}
    assert receivers == {"citizen@example.org"}
    print(f"mail: {waited:.1f} s with two workers, {later:.1f} s with one killed")


def test_a_web_server_that_is_killed_costs_no_reader_a_page(site: Site):
    with visited(site, "/en/programs/") as tally:
        time.sleep(3)
        site.stop("web-1", signal.SIGKILL)
        time.sleep(3)
        site.start("web-1")
        site.wait_for_web("web-1")
        time.sleep(2)

    print(tally.line("one of two web servers killed"))
    assert len(tally.seconds) > 20
    assert tally.errors == []


def test_a_new_version_comes_without_an_error(site: Site):
    """One web server after the other goes in order, and its next one comes."""
    with visited(site, "/en/programs/") as tally:
        for name in ("web-1", "web-2"):
            time.sleep(2)
            site.restart(name)
        time.sleep(2)

    print(tally.line("both web servers restarted in turn"))
    assert len(tally.seconds) > 20
    assert tally.errors == []


def test_redis_comes_back_with_its_queue(site: Site):
    for worker in ("worker-1", "worker-2"):
        site.stop(worker)
    before = len(site.letters.letters)
    asks_for_a_new_password(site)
    time.sleep(1.5)  # the file that Redis keeps is written every second
    queued = site.queue_length()
    site.stop("redis", signal.SIGKILL)
    site.start("redis")
    wait_until(lambda: site.queue_length() >= 0, "Redis does not answer")

    assert queued > 0
    assert site.queue_length() >= queued
    for worker in ("worker-1", "worker-2"):
        site.start(worker)
    mailed(site, before + 1)
