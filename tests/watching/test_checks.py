"""Each check turns red for its own reason, and green again."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta

import pytest
import time_machine
from celery import shared_task
from django.db import connection
from django.test import Client
from django.utils import timezone

from oda_portal.jobs.models import Job
from oda_portal.mail.models import Message
from oda_portal.privacy import sealing
from oda_portal.privacy.tasks import destroy_due
from oda_portal.privacy.watch import DESTROY
from oda_portal.publishing.models import Dirty
from oda_portal.recovery.folder import name_at
from oda_portal.watching import checks, looking, registry, signs, tasks
from oda_portal.watching.models import Condition, Sign
from oda_portal.watching.registry import State, all_checks
from tests.factories import OfficeFactory
from tests.jobs.kinds import a_kind
from tests.jobs.test_actions import a_job
from tests.letters import delivered
from tests.mail.examples import a_mail
from tests.privacy.samples import a_look
from tests.processes import silent_broker
from tests.storing.places import nowhere, use

pytestmark = pytest.mark.django_db
NAMES = {
    "database", "cache", "broker", "worker", "beat", "disk", "keys", "mail", "seals",
    "destruction", "search", "jobs", "storage", "backup",
}  # fmt: skip


def state(name: str) -> str:
    return {one.check.name: one.state for one in looking.look()}[name]


@pytest.fixture
def alive() -> None:
    for name in (signs.BEAT, signs.WORKER, signs.PULSE, DESTROY):
        signs.give(name)


def test_a_site_on_which_everything_runs_is_in_order(alive):
    seen = looking.look()

    assert {one.check.name for one in seen} >= NAMES
    assert {one.check.name: one.state for one in seen if one.state != State.OK} == {}
    assert looking.worst(seen) == State.OK


def test_only_what_nobody_is_served_without_stops_everything():
    assert [check.name for check in all_checks() if check.stops] == ["database", "cache"]


def test_on_a_new_site_nobody_knows_of_timer_and_worker():
    assert {state("beat"), state("worker"), state("destruction")} == {State.UNKNOWN}


@pytest.mark.parametrize("name", ["beat", "worker"])
def test_a_process_that_gives_no_sign_is_late_and_then_sick(alive, name: str):
    begun = timezone.now()
    other = {"beat": "worker", "worker": "beat"}[name]
    for minutes, expected in ((2, State.LATE), (4, State.SICK)):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=False):
            signs.give(other)
            assert (state(name), state(other)) == (expected, State.OK)

    signs.give(name)
    assert state(name) == State.OK


def test_a_worker_that_never_came_is_missed_when_the_timer_runs():
    signs.give(signs.BEAT)

    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        signs.give(signs.BEAT)
        assert state("worker") == State.SICK


def test_a_queue_in_which_tasks_get_lost_is_sick(alive):
    """Timer and worker live, but no pulse gets through."""
    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        signs.give(signs.BEAT)
        signs.give(signs.WORKER)
        assert state("broker") == State.SICK
        tasks.pulse()
        assert state("broker") == State.OK


def test_a_queue_that_waits_is_late_and_then_sick(alive, queue_a_task):
    begun = timezone.now()
    queue_a_task()

    for minutes, expected in ((1, State.OK), (3, State.LATE), (11, State.SICK)):
        with time_machine.travel(begun + timedelta(minutes=minutes)):
            for name in (signs.BEAT, signs.WORKER, signs.PULSE):
                signs.give(name)
            assert state("broker") == expected


def test_without_a_worker_the_queue_is_not_to_blame(alive, queue_a_task):
    queue_a_task()

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert (state("broker"), state("worker")) == (State.OK, State.SICK)


def test_a_broker_that_never_answers_is_sick_and_holds_nobody(alive, settings):
    with silent_broker() as url:
        settings.REDIS_URL = settings.CELERY_BROKER_URL = url
        begun = time.monotonic()
        assert state("broker") == State.SICK

    assert time.monotonic() - begun < 5


def test_mail_that_waits_is_late_and_then_sick(alive):
    OfficeFactory()
    a_mail()
    begun = timezone.now()
    for minutes, expected in ((1, State.OK), (11, State.LATE), (61, State.SICK)):
        with time_machine.travel(begun + timedelta(minutes=minutes)):
            assert state("mail") == expected

    delivered()
    assert state("mail") == State.OK


def test_mail_that_failed_or_whose_outcome_nobody_knows_is_told(alive):
    a_mail()
    a_mail("other@example.org")
    first, second = Message.objects.claim(2)
    Message.objects.update(kind="password_reset")
    first.mark_failed("550 no")
    second.mark_unknown("cut")

    (found,) = [one.found for one in looking.look() if one.check.name == "mail"]

    assert found.state == State.LATE
    assert (found.figures["oda_mail_failed"], found.figures["oda_mail_unknown"]) == (1, 1)


def test_a_mail_server_that_puts_everything_off_is_sick_after_an_hour(alive):
    a_mail()
    (message,) = Message.objects.claim(1)
    message.put_off("451 later")
    Message.objects.update(retry_at=timezone.now() + timedelta(hours=6))
    begun = timezone.now()

    with time_machine.travel(begun + timedelta(minutes=20)):
        assert state("mail") == State.LATE
    with time_machine.travel(begun + timedelta(minutes=70)):
        assert state("mail") == State.SICK
        # Another one went: it is this receiver's server, and not ours.
        Message.objects.create(
            kind="x", language="ko", to="b@example.org", state="sent", sent_at=timezone.now()
        )
        assert state("mail") == State.LATE


def test_looks_that_wait_for_a_seal_are_late_and_then_sick(alive):
    begun = timezone.now()
    a_look()
    for hours, expected in ((2, State.OK), (3, State.LATE), (25, State.SICK)):
        with time_machine.travel(begun + timedelta(hours=hours)):
            assert state("seals") == expected

    sealing.seal()

    with time_machine.travel(begun + timedelta(hours=25)):
        assert state("seals") == State.OK


def test_destruction_that_did_not_run_is_late_and_then_sick(alive):
    begun = timezone.now()
    for hours, expected in ((25, State.OK), (27, State.LATE), (51, State.SICK)):
        with time_machine.travel(begun + timedelta(hours=hours)):
            assert state("destruction") == expected


def test_changes_that_search_does_not_know_are_late_and_then_sick(alive):
    Dirty.objects.create(model="news.article", object_id="1")
    begun = timezone.now()
    for minutes, expected in ((1, State.OK), (6, State.LATE), (61, State.SICK)):
        with time_machine.travel(begun + timedelta(minutes=minutes)):
            assert state("search") == expected


def test_long_work_that_nobody_does_is_late_and_then_sick(alive):
    with a_kind():
        a_job()
    begun = timezone.now()
    for minutes, expected in ((1, State.OK), (11, State.LATE), (61, State.SICK)):
        with time_machine.travel(begun + timedelta(minutes=minutes)):
            assert state("jobs") == expected

    Job.objects.update(cancelled_at=timezone.now())
    with time_machine.travel(begun + timedelta(minutes=61)):
        assert state("jobs") == State.OK


def test_a_backup_that_did_not_come_is_late_and_then_sick(alive, settings, tmp_path):
    assert state("backup") == State.OK  # BACKUP_DIR is not set: nobody wants one
    settings.BACKUP_DIR = str(tmp_path)
    assert state("backup") == State.UNKNOWN  # the first night is still to come

    begun = timezone.now()
    (tmp_path / name_at(begun)).write_bytes(b"")
    for hours, expected in ((25, State.OK), (27, State.LATE), (51, State.SICK)):
        with time_machine.travel(begun + timedelta(hours=hours)):
            assert state("backup") == expected


def test_a_site_that_never_had_a_backup_is_sick_after_the_first_night(alive, settings, tmp_path):
    settings.BACKUP_DIR = str(tmp_path)

    with time_machine.travel(timezone.now() + timedelta(hours=27)):
        assert state("backup") == State.SICK


@pytest.mark.parametrize("stored_in", ["folder"], indirect=True)
def test_a_storage_that_is_not_there_is_sick(stored_in, settings):
    assert state("storage") == State.OK

    use(settings, nowhere())

    assert state("storage") == State.SICK


def test_a_disk_that_fills_is_late_and_then_sick(settings, tmp_path):
    free = shutil.disk_usage(tmp_path).free // checks.MEGABYTE

    for least, expected in (
        (free // 100, State.OK),
        (free // 3, State.LATE),
        (free * 2, State.SICK),
    ):
        settings.LEAST_FREE_MB = least
        assert state("disk") == expected


def test_a_place_that_nothing_can_be_written_to_is_sick(settings, tmp_path):
    """A file stands where a folder should: no right to write helps there."""
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.PRIVATE_ROOT.write_text("in the way")

    assert state("disk") == State.SICK


def test_keys_that_open_nothing_written_before_are_sick(alive, settings):
    tasks.look()
    assert state("keys") == State.OK

    former = settings.FIELD_KEYS
    settings.FIELD_KEYS = ["YW5vdGhlci1hbm90aGVyLWFub3RoZXItYW5vdGhlci0="]
    assert state("keys") == State.SICK

    settings.FIELD_KEYS = [*settings.FIELD_KEYS, *former]
    assert state("keys") == State.OK


def test_without_the_database_nobody_knows_of_the_rest(monkeypatch, client: Client):
    def gone(*args: object, **kwargs: object) -> None:
        raise OSError("the server is gone")

    monkeypatch.setattr(connection, "cursor", gone)
    found = client.get("/status.json").json()

    states = {name: one["state"] for name, one in found["checks"].items()}
    assert found["state"] == "sick"
    del states["cache"]  # in Redis it lives; that of the embedded site is a table
    needs_none = {"database": "sick", "disk": "ok", "storage": "ok"}
    assert states == dict.fromkeys(states, "unknown") | needs_none


def test_a_full_disk_that_took_the_database_down_is_named(monkeypatch, settings, client: Client):
    def gone(*args: object, **kwargs: object) -> None:
        raise OSError("the server is gone")

    monkeypatch.setattr(connection, "cursor", gone)
    settings.LEAST_FREE_MB = 10**12

    found = client.get("/status.json").json()["checks"]

    assert (found["database"]["state"], found["disk"]["state"]) == ("sick", "sick")


def test_since_when_something_is_sick_is_remembered(alive, settings, caplog):
    begun = timezone.now()
    tasks.look()
    settings.LEAST_FREE_MB = 10**12
    with time_machine.travel(begun + timedelta(seconds=30), tick=False):
        tasks.look()
        fell_ill = timezone.now()
    with time_machine.travel(begun + timedelta(seconds=50), tick=False):
        tasks.look()
        (disk,) = [one for one in looking.look() if one.check.name == "disk"]

    assert (disk.state, disk.since) == (State.SICK, fell_ill)
    assert Condition.objects.get(check_name="disk").since == fell_ill
    assert [line for line in caplog.messages if "disk" in line] == ["disk is sick, it was ok"]


@shared_task(name="test.ends")
def ends(well: bool) -> None:
    if not well:
        raise RuntimeError("not this time")


@pytest.mark.parametrize(("well", "given"), [(True, 1), (False, 0)])
def test_an_awaited_task_leaves_a_sign_when_it_ends_well(monkeypatch, well: bool, given: int):
    monkeypatch.setattr(registry, "_awaited", {"test.ends"})

    ends.apply((well,))

    assert Sign.objects.filter(name="test.ends").count() == given


def test_the_nightly_destruction_is_awaited():
    destroy_due.apply()

    assert state("destruction") == State.OK
