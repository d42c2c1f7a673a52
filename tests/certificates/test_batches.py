"""Many in one go: counted, killed and begun again, cancelled, with some that fail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition
from oda_portal.certificates import actions, tasks
from oda_portal.certificates.models import Batch, BatchRow, Certificate
from oda_portal.mail.models import Message
from tests.certificates.samples import KIND, NAMES, a_holder, a_kind, facts
from tests.factories import OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db


def people(count: int) -> list[User]:
    OfficeFactory()
    return [a_holder() for _turn in range(count)]


def counts(batch: Batch) -> tuple[int, int, int]:
    """Total, done, failed."""
    row = Batch.objects.with_counts().get(pk=batch.pk)
    return row.total, row.done, row.failed


def test_a_batch_issues_to_each_and_ends():
    with a_kind():
        batch = actions.start_batch(KIND, people(3), by=StaffFactory())
        assert counts(batch) == (3, 0, 0)

        is_more = actions.work_off(batch)

    assert not is_more
    assert counts(batch) == (3, 3, 0)
    assert batch.state == Batch.State.FINISHED
    assert Certificate.objects.count() == Message.objects.count() == 3


def test_a_batch_goes_on_in_steps_and_tells_after_each_how_far_it_is():
    with a_kind():
        batch = actions.start_batch(KIND, people(5), by=StaffFactory())
        told = [counts(batch)]
        while actions.work_off(batch, most=2):
            assert batch.is_running
            told.append(counts(batch))

    assert told == [(5, 0, 0), (5, 2, 0), (5, 4, 0)]
    assert counts(batch) == (5, 5, 0)
    assert not batch.is_running


def test_what_cannot_be_issued_says_why_in_the_language_of_who_asked_and_keeps_nobody():
    somebody, nobody, last = people(3)
    User.objects.filter(pk=nobody.pk).update(name="")
    staff = StaffFactory(preferred_language="en")
    gone = a_holder()
    with a_kind():
        batch = actions.start_batch(KIND, [somebody, nobody, gone, last], by=staff)
        gone.delete()
        actions.work_off(batch)

    assert counts(batch) == (4, 4, 2)
    reasons = batch.rows.filter(state=BatchRow.State.FAILED).values_list("reason", flat=True)
    assert list(reasons) == [
        "The hours are missing.", "The record that it is about no longer exists."
    ]  # fmt: skip
    assert set(Certificate.objects.values_list("user", flat=True)) == {somebody.pk, last.pk}


def test_a_fault_with_one_is_logged_and_keeps_nobody(caplog):
    first, second = people(2)

    def broken(user: User):  # type: ignore[no-untyped-def]
        if user == first:
            raise RuntimeError("broken")
        return facts(names=NAMES)

    with a_kind(facts=broken):
        batch = actions.start_batch(KIND, [first, second], by=StaffFactory())
        actions.work_off(batch)

    assert counts(batch) == (2, 2, 1)
    assert "RuntimeError: broken" in caplog.text


def test_two_batches_of_the_same_people_give_one_certificate_each():
    everybody, staff = people(3), StaffFactory()
    with a_kind():
        batches = [actions.start_batch(KIND, everybody, by=staff) for _turn in range(2)]
        for batch in batches:
            actions.work_off(batch)

    assert [counts(batch) for batch in batches] == [(3, 3, 0)] * 2
    assert Certificate.objects.count() == Message.objects.count() == 3


def test_somebody_chosen_twice_is_in_a_batch_once():
    [person] = people(1)
    with a_kind():
        batch = actions.start_batch(KIND, [person, person], by=StaffFactory())

    assert counts(batch) == (1, 0, 0)


def test_killed_between_certificate_and_note_it_is_found_and_not_made_again():
    first, second = people(2)
    staff = StaffFactory()
    with a_kind():
        batch = actions.start_batch(KIND, [first, second], by=staff)
        actions.issue(KIND, first, by=staff)  # and then the power went

        actions.work_off(batch)

    assert counts(batch) == (2, 2, 0)
    assert Certificate.objects.count() == Message.objects.count() == 2


def test_cancelling_stops_before_the_next_and_keeps_what_is_issued():
    staff = StaffFactory()
    with a_kind():
        batch = actions.start_batch(KIND, people(3), by=staff)
        actions.work_off(batch, most=1)

        assert batch.cancel(by=staff)
        assert not actions.work_off(batch)

    assert counts(batch) == (3, 1, 0)
    assert batch.state == Batch.State.CANCELLED
    assert Certificate.objects.valid().count() == 1
    trail = Transition.objects.get(to_state="cancelled")
    assert (trail.from_state, trail.by) == ("running", staff)


def test_a_batch_ends_once():
    staff = StaffFactory()
    with a_kind():
        batch = actions.start_batch(KIND, people(1), by=staff)
        actions.work_off(batch)

    assert not batch.cancel(by=staff)
    assert not batch.finish()
    assert batch.state == Batch.State.FINISHED


def test_resume_calls_again_for_batches_that_nobody_works_at(monkeypatch):
    called: list[int] = []
    monkeypatch.setattr(
        tasks.issue_batch, "apply_async", lambda args, **how: called.append(args[0])
    )
    staff = StaffFactory()
    with a_kind():
        silent, busy, over = (actions.start_batch(KIND, people(1), by=staff) for _turn in range(3))
    over.cancel(by=staff)
    long_ago = timezone.now() - timedelta(minutes=2)
    Batch.objects.filter(pk__in=[silent.pk, over.pk]).update(worked_at=long_ago)

    tasks.resume()

    assert called == [silent.pk]
    assert busy.is_running


def test_the_task_calls_itself_until_all_are_done(monkeypatch):
    called: list[int] = []
    monkeypatch.setattr(tasks.issue_batch, "delay", called.append)
    most = actions.AT_A_TIME
    with a_kind():
        batch = actions.start_batch(KIND, people(most + 2), by=StaffFactory())
        tasks.issue_batch(batch.pk)
        assert called == [batch.pk]
        assert counts(batch) == (most + 2, most, 0)
        assert batch.is_running

        tasks.issue_batch(called.pop())

    assert called == []
    assert counts(batch) == (most + 2, most + 2, 0)


def test_the_task_for_a_batch_that_is_gone_does_nothing():
    tasks.issue_batch(4711)

    assert not Certificate.objects.exists()


def test_a_batch_of_many_asks_the_database_a_bounded_number_of_times_for_each(
    django_assert_max_num_queries,
):
    everybody = people(4)
    staff = StaffFactory()
    with a_kind():
        batch = actions.start_batch(KIND, everybody, by=staff)
        with django_assert_max_num_queries(40 * 4):
            actions.work_off(batch)


def test_a_batch_is_there_whether_a_worker_hears_or_not(django_capture_on_commit_callbacks):
    """The broker of the tests has no worker; the batch is there all the same."""
    with a_kind(), django_capture_on_commit_callbacks(execute=True):
        batch = actions.start_batch(KIND, people(1), by=StaffFactory())

    assert batch.is_running
