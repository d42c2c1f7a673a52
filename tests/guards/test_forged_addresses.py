"""Whose address nginx tells the portal: limits and ADMIN_ADDRESSES go by it."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from tests.nginx_here import NGINX
from tests.test_nginx import lines
from tests.test_nginx import site as site  # the fixture

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


@pytest.fixture
def no_proxy(tmp_path: Path) -> None:
    """What docker/tls.conf says of addresses; asked for before `site`, which reads it."""
    rules = (settings.BASE_DIR / "docker" / "tls.conf").read_text()
    said = "".join(re.findall(r"^(?:set_real_ip_from|real_ip_).*$", rules, re.MULTILINE))
    (tmp_path / "listening").mkdir()
    (tmp_path / "listening" / "tls.conf").write_text(said)


def address_of(site: str, folder: Path, forwarded: str) -> str:
    """Under which address nginx knows who asks from this machine with that header."""
    asked = urllib.request.Request(f"{site}/a/", headers={"X-Forwarded-For": forwarded})
    with pytest.raises(urllib.error.HTTPError):  # nobody answers behind
        urllib.request.urlopen(asked, timeout=10)
    return lines(folder / "access.log", 1)[0].split()[0]


@pytest.mark.parametrize("visitor", ["10.9.0.5", "203.0.113.9"])
def test_what_the_proxy_itself_wrote_counts(site: str, tmp_path: Path, visitor: str):
    assert address_of(site, tmp_path, f"10.1.0.7, {visitor}") == visitor


def test_without_a_proxy_nobodys_word_counts(no_proxy: None, site: str, tmp_path: Path):
    assert address_of(site, tmp_path, "10.1.0.7") == "127.0.0.1"
