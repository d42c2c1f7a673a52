"""Many at once after a deployment, on real connections: one record, one answer, no story let out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.certificates import actions
from oda_portal.certificates.models import Certificate
from oda_portal.certificates.refusals import NotYetError
from oda_portal.privacy import consent_texts, consents
from oda_portal.privacy.models import ConsentText
from tests.factories import StaffFactory, StoryFactory
from tests.volunteers.served import approved, back, day_of, enter, past_opening, quarters
from volunteers.certificates import KIND
from volunteers.models import Application, ServiceRecord, Story, SurveyAnswer
from volunteers.service import attendance, records, surveys
from volunteers.service.attendance import Typed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
    ),
]

REFUSALS = (NotYetError, records.CertificateOutError, attendance.ChangedError)


def all_at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each returned or how it was refused; all begin together, each on its own connection."""
    start = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return act()
        except REFUSALS as refused:
            return type(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(one, acts))


def test_twenty_who_approve_and_twenty_who_enter_leave_one_record_that_adds_up():
    opening = past_opening()
    people = [back(opening) for _one in range(5)]
    for person in people:
        enter(person, 8)
    staff, seen = StaffFactory(), attendance.sheet_of(opening, timezone.localdate()).stamp
    cells = {(person.pk, day_of(opening)): Typed(16) for person in people}
    approve = partial(records.approve_all, people, by=staff)
    save = partial(attendance.save, opening, cells, seen=seen)

    all_at_once([approve, save] * 20)

    assert ServiceRecord.objects.filter(state="approved").count() == 5
    for person in people:
        record = ServiceRecord.objects.get(application=person)
        assert record.quarters == sum(quarters(person).values())
        trail = Transition.objects.filter(object_id=record.pk, field="state", to_state="approved")
        assert trail.count() == 1


def test_a_certificate_never_states_hours_that_were_opened_again():
    for _round in range(5):
        application, staff = approved(back(past_opening())), StaffFactory()
        issue = partial(actions.issue, KIND, application, by=staff)
        reopen = partial(records.reopen, application, by=staff, reason="Wrong")

        all_at_once([issue, reopen, issue, reopen])

        is_approved = ServiceRecord.objects.get(application=application).is_approved
        issued = Certificate.objects.about(KIND, application).valid().count()
        assert (is_approved, issued) in ((True, 1), (False, 0))


def test_a_form_that_is_sent_twenty_times_is_one_answer():
    application = back(past_opening())
    values = {**dict.fromkeys(SurveyAnswer.QUESTIONS, 4), "text": ""}

    all_at_once([partial(surveys.answer, application, values, language="ko")] * 20)

    assert SurveyAnswer.objects.get().work == 4


def test_nothing_is_public_after_its_consent_was_taken_back():
    consent_texts.load(in_force=True)
    staff = StaffFactory()
    for _round in range(5):
        story = StoryFactory(status="draft")
        application = Application.objects.get(pk=story.application_id)
        _agree(application)

        all_at_once(
            [partial(story.publish, by=staff), partial(_take_back, application)] * 3
            + [partial(story.publish, by=staff)]
        )

        assert not Story.objects.published().filter(pk=story.pk).exists()
        assert not Story.objects.get(pk=story.pk).agreed


def _agree(application: Application) -> None:
    text = ConsentText.objects.in_force().get(kind="story")
    consents.give(application, text, given=True, by=application.volunteer.user)


def _take_back(application: Application) -> None:
    consents.withdraw(application, "story", by=None)
