"""What the database lets a proposal be, and from which state to which it goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from oda_portal.audit.models import Transition
from programs.models import Proposal
from programs.models.proposals import IllegalMoveError
from tests.factories import ProgramFactory, ProposalFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "values",
    [
        {"state": "submitted", "submitted_at": None},
        {"state": "draft", "submitted_at": timezone.now()},
        {"state": "adopted", "submitted_at": timezone.now(), "decided_at": None},
        {"state": "submitted", "submitted_at": timezone.now(), "decided_at": timezone.now()},
        {"budget": -1},
    ],
)
def test_the_database_refuses_what_cannot_be(values: dict):
    proposal = ProposalFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(**values)


def test_only_an_adopted_one_has_a_programme():
    proposal, program = ProposalFactory(state="declined"), ProgramFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(program=program)


MOVES = {
    "submit": ({"draft"}, {}),
    "discuss": ({"submitted", "declined"}, {"reason": "좋습니다"}),
    "decline": ({"submitted", "in_discussion"}, {"reason": "다음에"}),
}


@pytest.mark.parametrize("state", Proposal.State.values)
@pytest.mark.parametrize("act", MOVES)
def test_a_state_changes_only_from_where_it_may(act: str, state: str):
    proposal, staff = ProposalFactory(state=state), StaffFactory()
    sources, more = MOVES[act]

    if state in sources:
        getattr(proposal, act)(by=staff, **more)
        assert Transition.objects.get().from_state == state
    else:
        with pytest.raises(IllegalMoveError):
            getattr(proposal, act)(by=staff, **more)
        assert not Transition.objects.exists()
    assert Proposal.objects.get().state == proposal.state


def test_a_proposal_that_is_taken_up_again_is_no_longer_decided():
    proposal = ProposalFactory(state="declined", decided_at=timezone.now() - timedelta(days=9))

    proposal.discuss(by=StaffFactory(), reason="예산이 생겼습니다.")

    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_at) == ("in_discussion", None)
    assert proposal.answer == "예산이 생겼습니다."
