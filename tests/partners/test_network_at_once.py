"""What many do in the network at the same moment happens once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import translation

from forums.freezing import freeze
from oda_portal.mail.models import Message
from oda_portal.privacy import consent_texts, consents
from partners.models import Invitation, Membership, Suggestion
from partners.network import actions
from partners.network.forms import DetailsForm, JoinForm
from partners.network.suggesting import actions as suggesting
from tests.factories import (
    InvitationFactory,
    MembershipFactory,
    NetworkMemberFactory,
    OfficeFactory,
    RoleFactory,
    StaffFactory,
    SuggestionFactory,
)
from tests.forums.test_frozen import past
from tests.partners.networkers import agreed, person
from tests.privacy.test_at_once import MANY, at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has one writer and no row locks"
    ),
]
State = Membership.State


def test_one_invitation_and_one_mail():
    staff, organisation = StaffFactory(), NetworkMemberFactory().organisation

    results = at_once(
        lambda: actions.invite(organisation, email="a@example.org", language="ko", by=staff)
    )

    assert sum(isinstance(result, Invitation) for result in results) == 1
    assert results.count(None) == MANY - 1
    assert Message.objects.count() == 1


def test_one_membership_for_who_asks():
    consent_texts.load(in_force=True)
    organisation, user = NetworkMemberFactory().organisation, person()
    said = {"organisation": organisation.slug, "name": "김민아", "consent_network": "yes.1"}

    def ask() -> Membership:
        with translation.override("ko"):
            form = JoinForm(said)
            assert form.is_valid()
            return actions.ask(form, by=user)

    results = at_once(ask)

    assert all(isinstance(result, Membership) for result in results), results
    assert Membership.objects.get().state == State.PENDING


def test_an_invitation_is_accepted_once():
    consent_texts.load(in_force=True)
    user = person()
    invitation = InvitationFactory(email=user.email)

    def accept() -> Membership | None:
        with translation.override("ko"):
            form = DetailsForm({"name": "김민아", "consent_network": "yes.1"})
            assert form.is_valid()
            return actions.accept(Invitation.objects.get(pk=invitation.pk), form, by=user)

    results = at_once(accept)

    assert sum(isinstance(result, Membership) for result in results) == 1, results
    assert Membership.objects.get().state == State.ACTIVE


def test_one_decision_and_one_mail():
    OfficeFactory()
    staff = StaffFactory()
    membership = agreed(MembershipFactory(state=State.PENDING, approved_at=None))

    results = at_once(lambda: actions.approve(Membership.objects.get(pk=membership.pk), by=staff))

    assert sorted(results) == [False] * (MANY - 1) + [True]
    assert Message.objects.count() == 1


@pytest.mark.parametrize("number", range(8))
def test_nobody_is_a_member_whose_consent_was_taken_back_at_that_moment(number: int):
    OfficeFactory()
    staff = StaffFactory()
    membership = agreed(MembershipFactory(state=State.PENDING, approved_at=None))

    def act() -> object:
        row = Membership.objects.get(pk=membership.pk)
        if turns.pop():
            return actions.approve(row, by=staff)
        return consents.withdraw(row, "network", by=row.user)

    turns = [bool(turn % 2) for turn in range(MANY)]
    results = at_once(act)

    assert not [result for result in results if isinstance(result, Exception)], results
    assert Membership.objects.get().state == State.ENDED


def test_an_edition_that_is_being_closed_takes_no_suggestion_any_more():
    OfficeFactory()
    staff, forum = StaffFactory(), past()
    role = RoleFactory(program=forum.program)
    suggestion = SuggestionFactory(
        membership=MembershipFactory(organisation=role.organisation),
        subject=forum.program,
        was={"title_en": forum.program.title_en or ""},
        wanted={"title_en": "In silence"},
    )
    shown = suggesting.shown_to_staff(suggestion)

    def approve() -> bool:
        try:
            row = Suggestion.objects.get(pk=suggestion.pk)
            return suggesting.approve(row, by=staff, shown=shown)
        except ValidationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            freeze(forum, by=staff)
            approved = threads.submit(approve)
            wait([approved], timeout=2)  # it has to wait for us
        assert approved.result(timeout=30) is False

    forum.program.refresh_from_db()
    assert forum.program.title_en != "In silence"


def test_a_suggestion_is_published_once():
    OfficeFactory()
    staff, suggestion = StaffFactory(), SuggestionFactory()
    shown = suggesting.shown_to_staff(suggestion)

    results = at_once(
        lambda: suggesting.approve(Suggestion.objects.get(pk=suggestion.pk), by=staff, shown=shown)
    )

    assert sorted(results) == [False] * (MANY - 1) + [True]
    assert Message.objects.count() == 1
    assert suggestion.organisation.history.count() == 2


def test_approved_and_refused_at_once_is_one_of_them():
    OfficeFactory()
    staff, suggestion = StaffFactory(), SuggestionFactory()
    shown = suggesting.shown_to_staff(suggestion)

    def decide() -> bool:
        row = Suggestion.objects.get(pk=suggestion.pk)
        if threads.pop():
            return suggesting.approve(row, by=staff, shown=shown)
        return suggesting.refuse(row, by=staff, answer="no")

    threads = [bool(number % 2) for number in range(MANY)]
    results = at_once(decide)

    assert sorted(results) == [False] * (MANY - 1) + [True]
    assert Message.objects.count() == 1
