"""What the settings make of the environment."""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings

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
