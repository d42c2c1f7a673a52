"""Many workers and many hands at one file of a partner, or at one identifier."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from partners.iati import acts
from partners.models import IatiFile, PartnerActivity
from tests import factories
from tests.partners.iati_files import (
    activity,
    iati,
    publisher,
    sent,
)

State = IatiFile.State

ONE_WRITER = pytest.mark.skipif(
    "connection.vendor != 'postgresql'",
    reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
)


def at_once(files: list[IatiFile]) -> None:
    start = Barrier(len(files))

    def one(file: IatiFile) -> None:
        try:
            start.wait(timeout=30)
            acts.work_on(IatiFile.objects.get(pk=file.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(files)) as threads:
        list(threads.map(one, files))


@ONE_WRITER
@pytest.mark.django_db(transaction=True)
def test_ten_workers_read_a_file_once_and_take_it_over_once():
    organisation, by = publisher(), factories.StaffFactory()
    content = iati(*(activity(number) for number in range(30)))
    file = acts.receive(content, organisation=organisation, licence="CC0", url="", by=by)

    at_once([file] * 10)
    file.refresh_from_db()
    assert (file.state, file.entries.count()) == (State.READ, 30)

    acts.confirm(file, by=by)
    at_once([file] * 10)
    file.refresh_from_db()
    assert (file.state, file.entries.count()) == (State.TAKEN, 30)
    assert PartnerActivity.objects.count() == 30


@ONE_WRITER
@pytest.mark.django_db(transaction=True)
def test_two_publishers_with_one_identifier_at_once_leave_it_to_the_first():
    by = factories.StaffFactory()
    bodies = [publisher(), factories.OrganisationFactory()]
    content = iati(*(activity(number) for number in range(40)))
    files = [sent(content, body, by=by) for body in bodies]
    for file in files:
        assert acts.confirm(file, by=by, agreed=True)

    at_once(files)

    assert PartnerActivity.objects.count() == 40
    first = PartnerActivity.objects.first().organisation
    assert PartnerActivity.objects.filter(organisation=first).count() == 40
    loser = next(file for file in files if file.organisation != first)
    assert {row.verdict for row in loser.entries.all()} == {"refused"}


@ONE_WRITER
@pytest.mark.django_db(transaction=True)
def test_twenty_sendings_at_once_keep_one_file():
    organisation, by, start = publisher(), factories.StaffFactory(), Barrier(20)

    def one(_turn: int) -> int:
        try:
            start.wait(timeout=30)
            given = {"organisation": organisation, "licence": "CC0", "url": "", "by": by}
            return acts.receive(iati(activity(1)), **given).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        kept = set(threads.map(one, range(20)))

    assert len(kept) == IatiFile.objects.count() == 1
