"""What the settings make of the environment."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from django.conf import settings

TOP = settings.BASE_DIR
TABLE = (TOP / "README.md").read_text().split("\n## Settings\n")[1].split("\n## ")[0]
# Where the environment is read, and how it is written there.
READ = {
    "oda_portal/settings.py": r"""\benv\.\w+\(\s*"(\w+)\"""",
    "docker-compose.yml": r"\$\{(\w+)",
    "docker/tls.yml": r"\$\{(\w+)",
    "Dockerfile": r"^ENV (GRANIAN_\w+)",
}
ASKED = "from oda_portal import settings; print([str(each) for each in settings.METRICS_NETWORKS])"


def asked(networks: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=settings.BASE_DIR,
        env=os.environ | {"METRICS_FROM": networks},
        capture_output=True,
        text=True,
    )


def test_networks_that_measure_may_be_written_with_spaces():
    assert asked("10.1.0.0/16, ::1").stdout == "['10.1.0.0/16', '::1/128']\n"


def test_what_is_no_network_is_refused_by_the_name_of_its_setting():
    assert "METRICS_FROM is no list of networks" in asked("10.1.0.0/16, prometheus").stderr


def test_the_table_has_every_setting_that_is_read_and_no_other():
    read = {
        name
        for place, written in READ.items()
        for name in re.findall(written, (TOP / place).read_text(), re.MULTILINE)
    }
    rows = re.findall(r"^\| (`[A-Z].*?) \|", TABLE, re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}

    assert told == read
