"""The nightly job is killed in the middle, for real, and goes on the next time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.privacy import ledger, retention
from oda_portal.privacy.models import DestructionLedger, RetentionRule
from tests.factories import UserFactory
from tests.faults.line import line
from tests.processes import database_url

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="another process cannot see SQLite in memory"
    ),
]
MANY = 60
PROGRAM = "import django; django.setup(); from oda_portal.privacy import tasks; tasks.destroy_due()"


def the_job() -> subprocess.Popen[bytes]:
    """The task in a process of its own, on the database of this test."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "oda_portal.settings",
            "DATABASE_URL": database_url(),
            "LEDGER_FILE": str(settings.LEDGER_FILE),
        },
    )


def wait_until_some_are_gone(job: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while User.objects.count() > MANY * 0.8:
        assert job.poll() is None, "the job ended before it could be killed"
        assert time.monotonic() < deadline, "nobody was destroyed"
        time.sleep(0.01)


@pytest.mark.thorough
def test_a_killed_job_loses_nothing_and_destroys_nobody_twice():
    long_ago = timezone.now() - timedelta(days=800)
    users = [UserFactory(joined_at=long_ago) for _ in range(MANY)]
    retention.load_rules()
    RetentionRule.objects.filter(key="accounts.user").update(days=730, notice_days=0)

    job = the_job()
    wait_until_some_are_gone(job)
    job.send_signal(signal.SIGKILL)
    job.wait()
    left = User.objects.count()
    print(f"pid {job.pid}, signal {-job.returncode}, rows before {MANY}, after {left}")

    assert 0 < left < MANY
    gone = {user.pk for user in users} - set(User.objects.values_list("pk", flat=True))
    assert set(DestructionLedger.objects.values_list("object_id", flat=True)) == gone
    assert the_job().wait() == 0
    assert not User.objects.exists()
    more = DestructionLedger.objects.count() - MANY
    print(
        line("nightly destruction killed", MANY, lost=User.objects.count(), repeated=more, errors=1)
    )
    assert DestructionLedger.objects.count() == MANY
    assert len({line.uuid for line in ledger.lines()}) == MANY
    assert ledger.complete() == 0
