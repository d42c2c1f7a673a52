"""What many do with a proposal at the same moment happens once, and nothing is lost between two."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from programs.models import Program, Proposal, ProposalComment, ProposalPartner, Role
from programs.proposals import acts, adopting
from tests.factories import OfficeFactory, ProposalFactory, ProposalPartnerFactory, StaffFactory
from tests.privacy.test_at_once import MANY, at_once
from tests.programs.proposing import (
    comment,
    joining,
    member_of,
    organisation_of,
    page,
    signed_in,
    words,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has one writer and no row locks"
    ),
]


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


def again(client: Client) -> Client:
    """The same person in another window."""
    window = Client()
    window.cookies = client.cookies
    return window


def test_one_form_sent_by_many_hands_is_one_proposal_submitted_once():
    user = member_of()
    client, said = signed_in(user), words(user, submit="1")

    codes = at_once(
        lambda: again(client).post("/partners/network/members/proposals/new/", said).status_code
    )

    assert set(codes) == {302}
    assert Proposal.objects.get().state == "submitted"
    assert Transition.objects.filter(to_state="submitted").count() == 1


def test_one_comment_and_one_joining_sent_by_many_hands_are_one():
    proposal, user = ProposalFactory(state="submitted"), member_of()
    member_of(proposal.organisation)
    client, said = signed_in(user), comment(user)

    at_once(lambda: again(client).post(page(proposal, "comment"), said).status_code)
    at_once(lambda: again(client).post(page(proposal, "join"), joining(user)).status_code)

    assert ProposalComment.objects.count() == ProposalPartner.objects.count() == 1
    assert Message.objects.count() == 1


def test_of_many_who_adopt_it_one_makes_the_programme():
    proposal, staff = ProposalFactory(state="in_discussion"), StaffFactory()
    member_of(proposal.organisation)
    seen = proposal.stamp

    def adopt() -> Program:
        program = Program(code=f"p-{uuid4().hex[:8]}", kind="consulting", arrangement="own")
        return adopting.adopt(
            Proposal.objects.get(pk=proposal.pk), program,
            roles={proposal.organisation_id: "implements"}, by=staff, reason="좋습니다.", seen=seen,
        )  # fmt: skip

    results = at_once(adopt)

    assert sum(isinstance(result, Program) for result in results) == 1
    assert len(results) == MANY
    assert Program.objects.count() == Role.objects.count() == Message.objects.count() == 1


def test_who_joins_while_it_is_decided_is_in_time_or_refused():
    """Whoever takes part when it is adopted was seen by who adopted it."""
    proposal, staff = ProposalFactory(state="in_discussion"), StaffFactory()
    ProposalPartnerFactory(proposal=proposal)
    people = [member_of() for _one in range(MANY - 1)]
    clients = [(signed_in(user), joining(user)) for user in people]
    seen = proposal.stamp

    def act(number: int) -> object:
        if number == 0:
            current = Proposal.objects.get(pk=proposal.pk)
            adopting.decline(current, by=staff, reason="다음에", seen=seen)
            return "declined"
        client, said = clients[number - 1]
        return client.post(page(proposal, "join"), said).status_code

    numbers = iter(range(MANY))
    results = at_once(lambda: act(next(numbers)))

    proposal.refresh_from_db()
    joined = proposal.partners.count() - 1
    if "declined" in results:
        assert (proposal.state, joined) == ("declined", 0)
    else:
        assert any(isinstance(result, acts.ChangedError) for result in results)
        assert (proposal.state, joined) == ("in_discussion", len(people))


def test_two_who_edit_at_once_one_is_told():
    user = member_of()
    proposal = ProposalFactory(organisation=organisation_of(user), state="submitted")
    client = signed_in(user)
    said = words(user, seen=proposal.stamp)
    numbers = iter(range(MANY))

    codes = at_once(
        lambda: (
            again(client)
            .post(page(proposal, "edit"), {**said, "title": f"제목 {next(numbers)}"})
            .status_code
        )
    )

    assert sorted(codes) == [302] + [422] * (MANY - 1)
