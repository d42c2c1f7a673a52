"""Publishing the IATI files: only what is clean is ever served, and only while it is public."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from oda_portal.audit.models import Transition
from oda_portal.files.storages import private_storage
from programs.models import Identifier, Publication, PublisherBudget, SectorShare
from programs.reporting import files, following, progress, tasks
from programs.reporting.publishing import Kind, Result, publish, publish_one, serving
from tests.factories import StaffFactory
from tests.storing.places import MOSTLY_IN_FOLDERS, age

from .reporting import confirmed, name_publisher, reported_program

AT_ONCE = 8

pytestmark = [*MOSTLY_IN_FOLDERS, pytest.mark.django_db]


def content(kind: Kind = Kind.ACTIVITIES) -> bytes:
    with files.opened(serving(kind).sha256) as file:
        return file.read()


def test_a_ready_programme_is_published_with_its_identifier():
    name_publisher()
    program = reported_program()
    outcome = publish_one(Kind.ACTIVITIES, by=None)
    assert (outcome.result, outcome.activities) == (Result.PUBLISHED, 1)
    publication = Publication.objects.get()
    assert (publication.is_clean, publication.activities, publication.findings) == (True, 1, [])
    assert publication.size == len(content())
    assert Identifier.objects.get().program == program


def test_it_is_written_down_who_published():
    name_publisher()
    reported_program()
    by = StaffFactory()
    publish_one(Kind.ACTIVITIES, by=by)
    trail = Transition.objects.get(field="state", to_state="published")
    assert (trail.subject, trail.by) == (serving(Kind.ACTIVITIES), by)


def test_the_same_data_gives_the_same_bytes_and_no_second_publication():
    name_publisher()
    reported_program(countries={"VN": Decimal("33.33"), "LA": Decimal("66.67")})
    reported_program()
    publish(by=None)
    before = content()
    private_storage().delete(files.name_of(serving(Kind.ACTIVITIES).sha256))
    results = [outcome.result for outcome in publish(by=None)]
    assert results == [Result.UNCHANGED, Result.UNCHANGED]
    assert content() == before
    assert Publication.objects.count() == 2


def test_nothing_is_published_without_a_publisher():
    reported_program()
    assert {outcome.result for outcome in publish(by=None)} == {Result.EMPTY}
    assert not Publication.objects.exists()
    assert not Identifier.objects.exists()


def test_a_programme_that_is_not_ready_is_left_out():
    name_publisher()
    reported_program(code="confirmed")
    waiting = reported_program(code="waiting")
    SectorShare.objects.filter(program=waiting).update(basis=SectorShare.Basis.ESTIMATED)
    publish_one(Kind.ACTIVITIES, by=None)
    assert b"-confirmed<" in content()
    assert b"-waiting<" not in content()


def test_when_the_last_one_goes_nothing_is_served():
    name_publisher()
    program = reported_program()
    publish_one(Kind.ACTIVITIES, by=None)
    program.withdraw(by=None)
    assert publish_one(Kind.ACTIVITIES, by=None).result == Result.EMPTY
    assert serving(Kind.ACTIVITIES) is None
    assert publish_one(Kind.ACTIVITIES, by=None).result == Result.EMPTY
    assert Publication.objects.count() == 2


def break_the_budget() -> None:
    """A period of two years, which no form lets through, but the checker must stop."""
    PublisherBudget.objects.create(
        publisher=name_publisher(),
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 12, 31),
        amount=1,
    )


def test_what_the_checker_refuses_is_not_served():
    break_the_budget()
    assert publish_one(Kind.ORGANISATION, by=None).result == Result.REFUSED
    assert serving(Kind.ORGANISATION) is None
    refused = Publication.objects.get()
    assert not refused.is_clean
    assert refused.findings[0]["rule"] == "7.5.3"


def test_the_last_good_file_stays_when_the_next_is_refused():
    break_the_budget()
    PublisherBudget.objects.update(ends_on=date(2026, 12, 31))
    publish_one(Kind.ORGANISATION, by=None)
    good = content(Kind.ORGANISATION)
    PublisherBudget.objects.update(ends_on=date(2027, 12, 31))
    publish_one(Kind.ORGANISATION, by=None)
    # The same fault again is not written down again.
    assert publish_one(Kind.ORGANISATION, by=None).result == Result.REFUSED
    assert Publication.objects.count() == 2
    assert content(Kind.ORGANISATION) == good


def test_a_publisher_without_what_it_needs_is_refused_and_the_last_good_file_stays():
    organisation = name_publisher().organisation
    reported_program()
    publish(by=None)
    organisation.name_en = ""
    organisation.save()
    assert {outcome.result for outcome in publish(by=None)} == {Result.REFUSED}
    assert "name in Korean and in English" in Publication.objects.first().findings[0]["message"]
    assert serving(Kind.ACTIVITIES).activities == 1


def test_budgets_stand_in_the_organisation_file():
    publisher = name_publisher()
    for kind in PublisherBudget.Kind:
        PublisherBudget.objects.create(
            publisher=publisher,
            kind=kind,
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
            amount=2_400_000_000,
        )
    publish_one(Kind.ORGANISATION, by=None)
    text = content(Kind.ORGANISATION).decode()
    assert '<total-budget status="2">' in text
    assert text.count(">2400000000<") == 2
    assert "<total-expenditure>" in text


def test_files_that_none_serves_go_after_a_day():
    name_publisher()
    first = reported_program()
    publish_one(Kind.ACTIVITIES, by=None)
    old = serving(Kind.ACTIVITIES).sha256
    reported_program()
    assert private_storage().exists(files.name_of(old))
    for name in list(private_storage().names()):
        age(private_storage(), name, hours=48)
    publish_one(Kind.ACTIVITIES, by=None)
    files.tidy(serving={serving(Kind.ACTIVITIES).sha256})
    assert not private_storage().exists(files.name_of(old))
    assert f"-{first.code}<".encode() in content()


def test_the_command_says_what_came_of_it(capsys):
    break_the_budget()
    reported_program()
    with pytest.raises(CommandError):
        call_command("iati_publish")
    said = capsys.readouterr().out
    assert "activities: published, 1 activities" in said
    assert "organisation: refused" in said
    assert "7.5.3" in said


# --- in the background ---------------------------------------------------------------------------


def test_a_change_of_what_is_reported_calls_the_worker_once(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as calls:
        following.take_in([("news.article", "1")])
        following.take_in([("programs.role", "1"), ("partners.organisation", "2")])
        following.take_in([("programs.program", "3")])
    assert len(calls) == 1
    assert progress.waiting()


def test_the_task_publishes_and_another_that_comes_meanwhile_has_it_go_round_again():
    name_publisher()
    reported_program()
    assert progress.begin()
    tasks.publish_iati()
    assert serving(Kind.ACTIVITIES) is None
    assert progress.end()
    tasks.publish_iati()
    assert serving(Kind.ACTIVITIES)
    assert progress.under_way() is None


def test_confirming_again_is_followed_by_what_is_served():
    name_publisher()
    program = reported_program()
    publish_one(Kind.ACTIVITIES, by=None)
    program.country_shares.all().delete()
    assert publish_one(Kind.ACTIVITIES, by=None).result == Result.EMPTY
    confirmed(program)
    assert publish_one(Kind.ACTIVITIES, by=None).result == Result.PUBLISHED
    assert b'<recipient-region vocabulary="1" code="998"/>' in content()


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_many_who_publish_at_once_publish_once():
    name_publisher()
    reported_program()
    start = Barrier(AT_ONCE)

    def one(_number: int) -> Any:
        try:
            start.wait(timeout=30)
            return publish_one(Kind.ACTIVITIES, by=None).result
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        results = list(threads.map(one, range(AT_ONCE)))
    assert sorted(results) == [Result.PUBLISHED, *[Result.UNCHANGED] * (AT_ONCE - 1)]
    assert Publication.objects.count() == Identifier.objects.count() == 1
