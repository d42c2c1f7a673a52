"""Static files while nginx and the portal are of two builds: one is replaced after the other."""

from __future__ import annotations

import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.test import Client, override_settings

from tests.nginx_here import NGINX, answering, nginx, replaced
from tests.ports import free_port
from tests.processes import ROOT
from tests.test_nginx_pictures import Portal, get, portal  # noqa: F401  (a fixture)

needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
SCRIPT = ROOT / "docker" / "keep_static.sh"
KEPT_BY_NGINX = "public, max-age=31536000, immutable"
KEPT_BY_THE_PORTAL = "max-age=315360000, public, immutable"


@contextmanager
def build(folder: Path, words: str) -> Iterator[str]:
    """A build with one stylesheet, in force within the block; its address."""
    source, made = folder / "source", folder / "static"
    source.mkdir(parents=True)
    (source / "site.css").write_text(words)
    with override_settings(
        STATICFILES_DIRS=[source],
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STATIC_ROOT=made,
        STORAGES={
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
        },
        WHITENOISE_USE_FINDERS=False,
        WHITENOISE_AUTOREFRESH=False,
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield staticfiles_storage.url("site.css")


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """The terminal is for the tests."""


@contextmanager
def portal_of_this_build() -> Iterator[int]:
    """The port of the real portal, with the static files of the build in force."""
    real = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet)
    with answering(real) as server:
        yield server.server_port


@needs_nginx
def test_a_file_that_only_the_new_portal_has_comes_from_it(tmp_path: Path):
    with build(tmp_path, "a{}") as former:
        pass
    with (
        build(tmp_path / "new", "b{}") as present,
        portal_of_this_build() as port,
        nginx(tmp_path, behind=port) as site,
    ):
        got = [get(f"{site}{name}") for name in (former, present)]

    assert former != present
    assert got == [(200, b"a{}", [KEPT_BY_NGINX]), (200, b"b{}", [KEPT_BY_THE_PORTAL])]


@needs_nginx
def test_a_file_comes_from_the_one_of_two_portals_that_has_it(
    tmp_path: Path,
    portal: Portal,  # noqa: F811
):
    """While the new web servers and the old ones answer side by side."""
    portal.status = 404
    with (
        build(tmp_path / "new", "b{}") as present,
        portal_of_this_build() as port,
        nginx(tmp_path, behind=portal.server_port, beside=[port]) as site,
    ):
        got = [get(f"{site}{present}").content for _ in range(4)]

    assert got == [b"b{}"] * 4
    assert 404 in portal.asked


@needs_nginx
def test_the_portals_file_comes_packed_with_each_header_once(tmp_path: Path):
    with (
        build(tmp_path / "new", "b{}" * 1000) as present,
        portal_of_this_build() as port,
        nginx(tmp_path, behind=port) as site,
    ):
        asked = urllib.request.Request(f"{site}{present}", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            names = [name.lower() for name in answer.headers]

    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Security-Policy"]
    assert len(names) == len(set(names))


@needs_nginx
def test_a_file_that_nobody_has_is_looked_for_once_and_kept_by_nobody(
    tmp_path: Path,
    portal: Portal,  # noqa: F811
):
    portal.status = 404
    with nginx(tmp_path, behind=portal.server_port) as site:
        got = get(f"{site}/static/site.0123456789ab.css")

    assert (got.status, got.lifetimes, portal.asked) == (404, [], [404])


@needs_nginx
def test_a_file_that_only_a_silent_portal_has_is_missing_for_now(tmp_path: Path):
    with nginx(tmp_path, behind=free_port()) as site:
        got = get(f"{site}/static/site.0123456789ab.css")

    assert (got.status, got.lifetimes) == (503, ["no-store"])


@pytest.mark.django_db
def test_the_portal_itself_knows_no_file_of_another_build(client: Client):
    answer = client.get("/static/site.0123456789ab.css")

    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")
    assert "X-Accel-Expires" not in answer.headers


@needs_nginx
def test_a_page_of_the_build_before_finds_its_files_in_the_new_nginx(
    tmp_path: Path,
    portal: Portal,  # noqa: F811
):
    portal.status = 404
    names = []
    for number, words in enumerate(("a{}", "b{}")):
        with build(tmp_path / str(number), words) as name:
            names.append(name)
        here = {"/srv/build": f"{tmp_path}/{number}/static", "/srv/static": f"{tmp_path}/static"}
        subprocess.run(["sh", "-c", replaced(SCRIPT.read_text(), here)], check=True)
    with nginx(tmp_path, behind=portal.server_port) as site:
        got = [get(f"{site}{name}").content for name in names]

    assert (got, portal.asked) == ([b"a{}", b"b{}"], [])
