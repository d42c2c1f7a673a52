"""docker-compose.yml, as far as it can be held without Docker."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from django.conf import settings

FILE = settings.BASE_DIR / "docker-compose.yml"
IMAGE = (settings.BASE_DIR / "Dockerfile").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text())["services"]
ASKED = {name: each["healthcheck"] for name, each in SERVICES.items() if "healthcheck" in each}
# Words by which a container gets more than Docker gives to each.
MORE = {"privileged", "devices", "pid", "ipc", "network_mode", "userns_mode", "cgroup_parent"}


@pytest.mark.parametrize("name", [name for name in ASKED if "start_interval" in ASKED[name]])
def test_who_is_asked_more_often_at_the_start_says_how_long_that_lasts(name: str):
    """Compose refuses a `start_interval` without a `start_period`."""
    assert "start_period" in ASKED[name]


@pytest.mark.parametrize("name", SERVICES)
def test_no_log_grows_without_end(name: str):
    """Nor are the addresses in nginx's kept without end."""
    logging = SERVICES[name]["logging"]

    assert logging["driver"] == "json-file"
    assert set(logging["options"]) == {"max-size", "max-file"}


def test_the_image_asks_as_the_web_server_is_asked_and_nobody_else():
    """What runs from the same image without a web server has a check of its own, or none."""
    (of_the_image,) = re.findall(r"^HEALTHCHECK .*\\\n +CMD (\[.+\])$", IMAGE, re.MULTILINE)
    own = ["CMD", *json.loads(of_the_image)]
    asked = {
        name: ASKED[name].get("test")
        for name, each in SERVICES.items()
        if each["image"] == "oda-portal"
    }

    assert [name for name in asked if asked[name] == own] == ["web"]
    assert [name for name in asked if asked[name] is None] == ["prepare"]
    assert ASKED["prepare"] == {"disable": True}


def test_the_image_takes_no_keys_from_its_build():
    """The settings would make them under VAR_DIR: they have some, and only two folders are taken."""
    made = re.search(r"^RUN export (.+) \\$", IMAGE, re.MULTILINE)
    taken = re.findall(r"^COPY --from=build \S*\s*(/srv/var\S*)", IMAGE, re.MULTILINE)

    assert made
    assert {"SECRET_KEY", "FIELD_KEYS"} == set(re.findall(r"(\w+)=", made[1]))
    assert set(taken) == {"/srv/var/build", "/srv/var/static"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_keeps_the_capabilities_it_needs_and_gains_none(name: str):
    """What nginx keeps is what it works with: test_nginx_confined.py."""
    each = SERVICES[name]
    kept = ["CHOWN", "DAC_OVERRIDE", "NET_BIND_SERVICE", "SETGID", "SETUID"]

    assert each["cap_drop"] == ["ALL"]
    assert each.get("cap_add", []) == (kept if name == "nginx" else [])
    assert each["security_opt"] == ["no-new-privileges:true"]
    assert not MORE & set(each)


def test_holding_the_certificate_gives_nginx_no_more():
    beside = (settings.BASE_DIR / "docker" / "tls.yml").read_text()

    words = set(re.findall(r"^    (\w+):", beside, re.MULTILINE))
    assert words == {"ports", "volumes"}


def test_nobody_but_nginx_begins_as_root():
    """The image of the portal by its last word about it, each other by the file."""
    of_the_image = re.findall(r"^USER (\S+)$", IMAGE.rpartition("\nFROM ")[2], re.MULTILINE)
    users = {
        name: of_the_image[-1] if each["image"] == "oda-portal" else each.get("user", "root")
        for name, each in SERVICES.items()
    }

    assert {name for name, each in SERVICES.items() if each["image"] == "oda-portal"} == {
        "prepare", "web", "worker", "beat"
    }  # fmt: skip
    assert {name for name, user in users.items() if user in ("root", "0")} == {"nginx"}
    assert not any("user" in SERVICES[name] for name in ("prepare", "web", "worker", "beat"))


def test_the_database_may_stand_elsewhere_for_all_who_ask_it():
    """Each with the role that it has here: by one word in .env."""
    wanted = "${POSTGRES_HOST:-db}"
    named = {name: each.get("environment", {}) for name, each in SERVICES.items()}
    addresses = {
        name: each["DATABASE_URL"] for name, each in named.items() if "DATABASE_URL" in each
    }

    assert set(addresses) == {"prepare", "web", "worker", "beat"}
    assert all(f"@{wanted}:5432/portal" in address for address in addresses.values())
    assert named["roles"]["PGHOST"] == wanted
    owners = [name for name, address in addresses.items() if "portal_app:" not in address]
    assert owners == ["prepare"]


def test_a_web_server_may_end_what_the_longest_query_lets_it():
    (longest,) = re.findall(
        r"statement_timeout%3D(\d+)s", SERVICES["web"]["environment"]["DATABASE_URL"]
    )

    assert int(SERVICES["web"]["stop_grace_period"].removesuffix("s")) > int(longest)
