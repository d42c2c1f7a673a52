"""Long work: part by part, killed and begun again, cancelled, refused, by two at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from oda_portal.audit.models import Transition
from oda_portal.jobs import actions, tasks
from oda_portal.jobs.models import Job
from oda_portal.jobs.refusals import JobRefusedError, TakenOverError
from oda_portal.publishing.models import Source
from tests.factories import StaffFactory
from tests.jobs.kinds import KIND, a_kind, counting, in_any_order

pytestmark = pytest.mark.django_db
WRONG = "Something went wrong on our side. The log says what."


def a_job(total: int | None = 3, **values: object) -> Job:
    return actions.start(
        KIND, by=StaffFactory(), total=total, arguments={}, title="Counting", **values
    )


def again(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


@pytest.mark.parametrize("work", [counting, in_any_order])
def test_a_job_is_worked_off_and_ends(work):
    with a_kind(work):
        job = a_job()
        assert again(job).state == Job.State.WAITING

        is_more = actions.work_off(job)

    found = again(job)
    assert not is_more
    assert (found.state, found.done, found.failed) == (Job.State.FINISHED, 3, 0)
    assert Source.objects.count() == 3
    assert list(
        Transition.objects.filter(object_id=job.pk).values_list("from_state", "to_state")
    ) == [("running", "finished")]


def test_after_its_turn_others_come_and_then_it_goes_on_where_it_was():
    told = []
    with a_kind():
        job = a_job()
        while actions.work_off(again(job), seconds=0):
            told.append((again(job).done, again(job).state))

    assert told == [(1, Job.State.WAITING), (2, Job.State.WAITING), (3, Job.State.WAITING)]
    assert again(job).state == Job.State.FINISHED
    assert Source.objects.count() == 3


def test_work_in_one_go_is_not_interrupted_by_the_end_of_its_turn():
    def at_once(job: Job) -> Iterator[None]:
        for job.done in range(1, 4):
            yield

    with a_kind(at_once, in_one_go=True):
        job = a_job()
        Job.objects.update(done=2)  # of a worker that was killed

        assert not actions.work_off(again(job), seconds=0)

    assert again(job).done == 3


def test_cancelling_stops_before_the_next_part_and_keeps_what_is_done():
    def cancelled(job: Job) -> Iterator[None]:
        for _part in counting(job):
            if job.done == 2:
                assert again(job).cancel(by=staff)
            yield

    staff = StaffFactory()
    with a_kind(cancelled):
        job = a_job(5)
        assert not actions.work_off(job)

    assert (again(job).state, again(job).done) == (Job.State.CANCELLED, 2)
    assert Source.objects.count() == 2
    assert not again(job).cancel(by=staff)
    assert Transition.objects.get(object_id=job.pk, to_state="cancelled").by == staff


def test_what_was_cancelled_does_nothing_in_the_part_that_began_later():
    with a_kind():
        job = a_job()
        assert job.claim()
        again(job).cancel(by=StaffFactory())

        with pytest.raises(TakenOverError), job.part():
            Source.objects.create(key="too late")

    assert not Source.objects.exists()


def test_whoever_lost_the_job_writes_nothing_any_more():
    with a_kind():
        job = a_job()
        assert job.claim()
        Job.objects.update(worked_at=timezone.now() - timedelta(minutes=3))
        other = again(job)

        assert other.claim()

        assert not job.beat()
        assert not job.finish()
        assert not job.fail("no")
        with pytest.raises(TakenOverError), job.part():
            raise AssertionError("a part of somebody who lost it")
        with pytest.raises(TakenOverError):
            job.keep_result(ContentFile(b"x"), "x.csv")
    assert other.beat()
    assert again(job).taken_over == 1


def test_two_workers_never_have_one_job():
    with a_kind():
        job = a_job()

        assert again(job).claim()

        assert not again(job).claim()
        assert not actions.work_off(again(job))


def test_an_error_ends_it_with_a_sentence_and_is_logged(caplog):
    def broken(job: Job) -> Iterator[None]:
        yield from counting(job)
        raise RuntimeError("broken")

    with a_kind(broken):
        job = a_job(1)
        actions.work_off(job)

    found = again(job)
    assert (found.state, found.done) == (Job.State.FAILED, 1)
    assert found.error
    assert "broken" not in found.error
    assert "RuntimeError: broken" in caplog.text


def test_a_refusal_says_why_in_the_language_of_who_asked():
    def refused(job: Job) -> Iterator[None]:
        raise JobRefusedError(gettext(WRONG))
        yield

    with a_kind(refused):
        with translation.override("ko"):
            job = a_job()
        with translation.override("en"):
            actions.work_off(job)
    with translation.override("ko"):
        assert again(job).error == gettext(WRONG) != WRONG


def test_a_kind_that_nobody_registers_any_more_ends_with_an_error():
    with a_kind():
        job = a_job()

    actions.work_off(job)

    assert again(job).state == Job.State.FAILED


def test_a_database_that_is_away_is_no_failure_and_it_goes_on_later(monkeypatch):
    def away(job: Job) -> Iterator[None]:
        yield from counting(job)
        if again(job).taken_over == 0:
            raise OperationalError("the server closed the connection")

    called = []
    monkeypatch.setattr(actions, "ring", called.append)
    with a_kind(away):
        job = a_job()
        actions.work_off(job)
        assert again(job).state == Job.State.RUNNING
        tasks.resume()
        assert called == []  # not at once
        Job.objects.update(worked_at=timezone.now() - timedelta(minutes=3))
        tasks.resume()
        assert called == [job.pk]
        actions.work_off(again(job))

    assert again(job).state == Job.State.FINISHED
    assert Source.objects.count() == 3


def test_what_brings_its_workers_down_is_not_given_to_them_for_ever():
    with a_kind():
        job = a_job()
        Job.objects.update(
            token="dead", taken_over=5, worked_at=timezone.now() - timedelta(minutes=3)
        )

        assert not actions.work_off(again(job))

    assert again(job).state == Job.State.FAILED
    assert not Source.objects.exists()


def test_a_form_that_is_sent_twice_starts_one_job():
    with a_kind():
        first, second, third = a_job(once="form-1"), a_job(once="form-1"), a_job(once="form-2")

    assert first == second != third


def test_it_is_started_only_if_the_transaction_holds(
    monkeypatch, django_capture_on_commit_callbacks
):
    called = []
    monkeypatch.setattr(actions, "ring", called.append)
    with a_kind(), django_capture_on_commit_callbacks(execute=True):
        with suppress(RuntimeError), transaction.atomic():
            a_job()
            raise RuntimeError
        job = a_job()

    assert called == [job.pk]
    assert Job.objects.count() == 1


def test_the_same_line_of_the_report_twice_is_one_and_rows_that_fail_are_counted_once():
    def noting(job: Job) -> Iterator[None]:
        for _again in range(2):
            job.note(7, "wrong day", failed=True)
            job.note(7, "wrong place", failed=True)
            job.note(8, "fine")
        job.done = 2
        yield

    with a_kind(noting):
        job = a_job()
        actions.work_off(job)

    assert again(job).failed == 1
    assert job.notes.count() == 3


def test_the_file_is_gone_a_day_later():
    def with_file(job: Job) -> Iterator[None]:
        job.keep_result(ContentFile(b"a,b"), "list.csv")
        yield

    with a_kind(with_file):
        job = a_job()
        actions.work_off(job)
    found = again(job)
    path = found.result.path
    tasks.drop_results()
    assert found.result.read() == b"a,b"
    Job.objects.update(finished_at=timezone.now() - timedelta(hours=25))

    tasks.drop_results()

    assert not again(job).result
    assert not Path(path).exists()


def test_the_database_refuses_a_job_that_is_both_over_and_cancelled():
    with a_kind():
        job = a_job()

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(
            finished_at=timezone.now(), cancelled_at=timezone.now()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(error="and yet it goes on")
