"""nginx as the server has it, with a portal behind it that answers or does not."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.nginx_here import NGINX, nginx
from tests.ports import free_port

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

PREFIXES = ("", "/en", "/zh-hans")
SECRET = "Zk3-s3cr3t"
SECRET_PATHS = (
    f"/accounts/password/reset/key/{SECRET}/",
    f"/accounts/confirm-email/MQ:{SECRET}:x/",
    f"/mail/{SECRET}/",
    f"/previews/{SECRET}/at/news/",
    f"/contact/{SECRET}/",
    f"/mail/subscriptions/{SECRET}/{SECRET}/leave/?again={SECRET}",
    f"/volunteers/apply/{SECRET}/draft/",
    f"/volunteers/draft/{SECRET}/",
)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Behind it nobody answers."""
    with nginx(tmp_path, behind=free_port()) as address:
        yield address


def ask(address: str, referer: str = "") -> int:
    request = urllib.request.Request(address, headers={"Referer": referer})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def lines(log: Path, count: int) -> list[str]:
    """The log's lines, once there are as many: nginx writes after it has answered."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if len(found := log.read_text().splitlines()) >= count:
            return found
        time.sleep(0.05)
    return log.read_text().splitlines()


def test_logs_have_no_secret_of_an_address(site: str, tmp_path: Path):
    addresses = [f"{prefix}{path}" for prefix in PREFIXES for path in SECRET_PATHS]

    for address in addresses:
        # Nobody answers: what nginx says of it goes into the error log too.
        assert ask(f"{site}{address}") == 503

    written = lines(tmp_path / "access.log", len(addresses))
    assert len(written) == len(addresses)
    assert '"GET /en/accounts/password/reset/key/*** HTTP/1.1" 503' in "".join(written)
    assert SECRET not in "".join(written)
    assert SECRET not in (tmp_path / "error.log").read_text()


def test_logs_have_no_secret_of_a_query_or_a_referrer(site: str, tmp_path: Path):
    ask(f"{site}/en/accounts/login/?next=/en/mail/{SECRET}/")
    ask(f"{site}/accounts/login/?next=%2Fvolunteers%2Fdraft%2F{SECRET}")
    for path in ("/static/site.css", "/media/renditions/0a1b.webp", "/en/programs/"):
        here = f"{site}/zh-hans/accounts/confirm-email/{SECRET}/"
        assert ask(f"{site}{path}", referer=here) == 503

    written = lines(tmp_path / "access.log", 5)
    assert len(written) == 5
    assert SECRET not in "".join(written)
    assert SECRET not in (tmp_path / "error.log").read_text()


def test_whoever_comes_from_a_secret_is_limited_and_told_as_everybody(site: str):
    here = f"{site}/en/mail/{SECRET}/"
    files = [ask(f"{site}/programs/?q={n}&format=csv", referer=here) for n in range(40)]

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(
            urllib.request.Request(f"{site}/programs/", headers={"Referer": here}), timeout=10
        )

    assert files[:20] == [503] * 20
    assert 429 in files[20:]
    assert "점검하고 있습니다" in refused.value.read().decode()


def test_logs_do_not_have_what_somebody_looked_for(site: str, tmp_path: Path):
    for prefix in PREFIXES:
        ask(f"{site}{prefix}/search/suggest/?q={SECRET}")
        ask(f"{site}{prefix}/search/?kind=news&q={SECRET}&page=2")
    ask(f"{site}/static/site.css", referer=f"{site}/search/?q={SECRET}")
    ask(f"{site}/static/site.css", referer=f"{site}/display/?next=/search/%3Fq%3D{SECRET}")

    written = lines(tmp_path / "access.log", 8)
    assert len(written) == 8
    assert '"GET /en/search/?kind=news&q=*** HTTP/1.1" 503' in "".join(written)
    assert SECRET not in "".join(written)
    assert SECRET not in (tmp_path / "error.log").read_text()


def test_logs_have_all_of_every_other_address(site: str, tmp_path: Path):
    address = "/en/volunteers/?kind=medical"
    ask(f"{site}{address}", referer=f"{site}/en/volunteers/")

    assert f'"GET {address} HTTP/1.1" 503' in lines(tmp_path / "access.log", 1)[0]
    assert f'"{site}/en/volunteers/"' in lines(tmp_path / "access.log", 1)[0]
    assert address in (tmp_path / "error.log").read_text()


def test_searches_of_one_address_are_limited_and_pages_are_not(site: str):
    """Nobody answers behind: what nginx lets through is a 503."""
    places = ["/search/", "/en/programs/", "/zh-hans/search/"]
    names = ["q", "%71", "q=&q"]
    searches = [ask(f"{site}{places[n % 3]}?{names[n % 2]}={n}") for n in range(80)]
    pages = {ask(f"{site}/programs/?country={n}&q=") for n in range(80)}

    assert searches[:40] == [503] * 40
    assert 429 in searches[40:]
    assert pages == {503}


def test_files_of_one_address_are_limited(site: str, tmp_path: Path):
    files = [ask(f"{site}{PREFIXES[n % 3]}/programs/?page={n}&format=csv") for n in range(40)]
    pages = {ask(f"{site}/programs/?page={n}&informat=csv") for n in range(40)}

    assert files[:20] == [503] * 20
    assert 429 in files[20:]
    assert pages == {503}
    assert "limiting" not in (tmp_path / "error.log").read_text()


def test_too_many_searches_are_said_so_in_three_languages(site: str):
    for _number in range(80):
        ask(f"{site}/search/suggest/?q=a")

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{site}/search/?q=b", timeout=10)

    page = refused.value.read().decode()
    assert refused.value.code == 429
    assert refused.value.headers["Retry-After"] == "10"
    assert all(words in page for words in ("요청이 너무", "Too many requests", "请求过于频繁"))


@pytest.mark.parametrize("prefix", PREFIXES)
def test_an_address_that_is_too_long_is_said_so_in_three_languages(site: str, prefix: str):
    words = quote("가" * 10_000)

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{site}{prefix}/search/?q={words}", timeout=10)

    page = refused.value.read().decode()
    assert refused.value.code == 414
    for sentence in ("주소가 너무 깁니다", "This address is too long", "网址过长"):
        assert sentence in page


@pytest.mark.parametrize("path", ["/metrics", "/status.json", "/metrics?x=1"])
def test_figures_are_not_given_to_the_public(site: str, path: str):
    """Nobody is asked: what nginx passes on is answered 503 here."""
    assert ask(f"{site}{path}") == 404
    assert ask(f"{site}/readyz") == 503


def test_each_line_has_the_number_under_which_the_portal_logs(site: str, tmp_path: Path):
    ask(f"{site}/a/")
    ask(f"{site}/b/")

    numbers = [line.rsplit(" ", 1)[1] for line in lines(tmp_path / "access.log", 2)]

    assert len(set(numbers)) == 2
    assert all(re.fullmatch(r"[0-9a-f]{32}", number) for number in numbers)
