"""How long names stand on proposals, what a person gets of them, and how they go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from oda_portal.mail.models import Message
from oda_portal.privacy.registry import entry_of
from oda_portal.privacy.retention import destroy_due
from programs.models import Proposal, ProposalComment
from programs.proposals import mails
from tests.factories import (
    OfficeFactory,
    ProposalCommentFactory,
    ProposalFactory,
    ProposalPartnerFactory,
    UserFactory,
)
from tests.programs.proposing import member_of, organisation_of, page, signed_in

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 20, 3, tzinfo=UTC)
THREE_YEARS = timedelta(days=3 * 365)


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


def decided(ago: timedelta, **values) -> Proposal:
    return ProposalFactory(state="declined", decided_at=timezone.now() - ago, **values)


def test_three_years_after_the_decision_the_proposal_stays_and_its_names_go():
    old = decided(THREE_YEARS + timedelta(days=1), author=UserFactory())
    young = decided(THREE_YEARS - timedelta(days=1), author=UserFactory())
    for proposal in (old, young):
        ProposalCommentFactory(proposal=proposal)

    destroy_due()

    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.author, old.title != "") == (None, True)
    assert young.author
    assert [row.proposal for row in ProposalComment.objects.all()] == [young]


def test_a_draft_left_alone_for_a_year_goes_after_its_writer_was_told():
    with time_machine.travel(NIGHT, tick=False) as clock:
        writer = UserFactory(preferred_language="en")
        draft = ProposalFactory(author=writer)
        sent = ProposalFactory(author=writer, state="submitted")
        clock.shift(timedelta(days=352))
        again = ProposalFactory(author=writer)

        destroy_due()
        told = Message.objects.get(kind="retention_notice")
        assert (told.to, told.about) == (writer.email, draft)
        assert Proposal.objects.count() == 3
        clock.shift(timedelta(days=15))
        destroy_due()

    assert set(Proposal.objects.all()) == {sent, again}


def test_a_person_gets_what_they_wrote_and_nothing_of_others():
    user = UserFactory()
    ProposalFactory(author=user, title="내 제안")
    ProposalFactory(author=UserFactory(), title="남의 제안")
    ProposalCommentFactory(author=user, text="내 의견")
    ProposalCommentFactory(text="남의 의견")

    proposals = entry_of("programs.proposal").export(user)
    comments = entry_of("programs.proposal.comment").export(user)

    assert [row["title"] for row in proposals] == ["내 제안"]
    assert [row["text"] for row in comments] == ["내 의견"]


def test_closing_an_account_takes_the_name_and_the_comments_and_leaves_the_organisations_idea():
    user = member_of(name="홍길동")
    proposal = ProposalFactory(
        state="submitted", author=user, organisation=organisation_of(user), title="도서관"
    )
    ProposalPartnerFactory(proposal=proposal, joined_by=user)
    ProposalCommentFactory(proposal=proposal, author=user, text="내 의견")
    mails.news(proposal, but=UserFactory())
    reader = signed_in(member_of())
    assert "홍길동" in reader.get(page(proposal)).content.decode()

    for key in ("programs.proposal", "programs.proposal.comment"):
        entry_of(key).close(user)
    user.delete()

    text = reader.get(page(proposal)).content.decode()
    assert "도서관" in text
    assert "홍길동" not in text
    assert "내 의견" not in text
    assert not Message.objects.exists()
    proposal.refresh_from_db()
    assert proposal.partners.get().joined_by is None


def test_what_was_said_for_the_office_stays_when_its_writer_goes():
    writer = UserFactory(name="김담당")
    row = ProposalCommentFactory(author=writer, organisation=None, text="현장을 봅니다.")

    entry_of("programs.proposal.comment").close(writer)
    writer.delete()

    row.refresh_from_db()
    assert (row.text, row.author) == ("현장을 봅니다.", None)
