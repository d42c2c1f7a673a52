"""What members of other organisations do with a proposal: join it, leave it, comment on it."""

from __future__ import annotations

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from partners.models import Membership
from partners.network.mails import receiver_has_left
from programs.models import ProposalComment, ProposalPartner
from programs.proposals import mails
from programs.proposals.views import discussing
from tests.factories import (
    MembershipFactory,
    OfficeFactory,
    ProposalCommentFactory,
    ProposalFactory,
    ProposalPartnerFactory,
)
from tests.programs.proposing import (
    comment,
    joining,
    member_of,
    organisation_of,
    page,
    signed_in,
)

pytestmark = pytest.mark.django_db
OPEN = ["submitted", "in_discussion"]
NOT_OPEN = ["adopted", "declined"]


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


@pytest.mark.parametrize("state", OPEN)
def test_another_organisation_joins_in_the_role_that_it_wants(state: str):
    proposal, user = ProposalFactory(state=state), member_of()

    signed_in(user).post(page(proposal, "join"), joining(user, note="책 천 권"))

    row = ProposalPartner.objects.get()
    assert (row.proposal, row.organisation, row.role, row.note, row.joined_by) == (
        proposal, organisation_of(user), "funds", "책 천 권", user,
    )  # fmt: skip
    text = signed_in(user).get(page(proposal)).content.decode()
    assert "책 천 권" in text


def test_joining_twice_is_once_and_the_role_said_last_holds():
    proposal, user = ProposalFactory(state="submitted"), member_of()
    client = signed_in(user)

    client.post(page(proposal, "join"), joining(user))
    client.post(page(proposal, "join"), joining(user, role="hosts"))

    assert ProposalPartner.objects.get().role == "hosts"
    assert ProposalPartner.objects.get().joined_by == user


def test_whose_idea_it_is_does_not_join_it():
    user = member_of()
    proposal = ProposalFactory(state="submitted", organisation=organisation_of(user))

    answer = signed_in(user).post(page(proposal, "join"), joining(user))

    assert answer.status_code == 422
    assert not ProposalPartner.objects.exists()


def test_nobody_joins_or_leaves_for_somebody_else():
    theirs = ProposalPartnerFactory()
    user = member_of()
    client, said = signed_in(user), {"organisation": theirs.organisation_id}

    joined = client.post(page(theirs.proposal, "join"), joining(user, **said))
    left = client.post(page(theirs.proposal, "leave"), said)

    assert (joined.status_code, left.status_code) == (422, 404)
    assert list(ProposalPartner.objects.all()) == [theirs]


@pytest.mark.parametrize("asked", ["", "x", "-1", "9" * 30, "٣"])
def test_leaving_for_no_organisation_is_no_page(asked: str):
    user, proposal = member_of(), ProposalFactory(state="submitted")

    answer = signed_in(user).post(page(proposal, "leave"), {"organisation": asked})

    assert answer.status_code == 404


def test_leaving_twice_is_once():
    user = member_of()
    row = ProposalPartnerFactory(organisation=organisation_of(user))
    client = signed_in(user)

    for _time in range(2):
        answer = client.post(page(row.proposal, "leave"), {"organisation": row.organisation_id})
        assert answer["Location"] == page(row.proposal)

    assert not ProposalPartner.objects.exists()


@pytest.mark.parametrize("state", NOT_OPEN)
def test_a_decided_proposal_is_neither_joined_nor_left_nor_commented_on(state: str):
    user = member_of()
    proposal = ProposalFactory(state=state)
    row = ProposalPartnerFactory(proposal=proposal, organisation=organisation_of(user))
    other = member_of()

    answers = [
        signed_in(other).post(page(proposal, "join"), joining(other), follow=True),
        signed_in(user).post(
            page(proposal, "leave"), {"organisation": row.organisation_id}, follow=True
        ),
        signed_in(user).post(page(proposal, "comment"), comment(user), follow=True),
    ]

    assert [len(answer.context["messages"]) for answer in answers] == [1, 1, 1]
    assert list(ProposalPartner.objects.all()) == [row]
    assert not ProposalComment.objects.exists()
    text = signed_in(user).get(page(proposal)).content.decode()
    assert page(proposal, "comment") not in text


# --- comments ------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_a_comment_stands_under_name_and_organisation(prefix: str):
    proposal, user = ProposalFactory(state="submitted"), member_of(name="홍길동")
    client = signed_in(user)

    client.post(prefix + page(proposal, "comment"), comment(user, "좋은 <b>생각</b>입니다."))

    row = ProposalComment.objects.get()
    assert (row.author, row.organisation) == (user, organisation_of(user))
    text = signed_in(member_of()).get(prefix + page(proposal)).content.decode()
    assert "홍길동" in text
    assert "좋은 &lt;b&gt;생각&lt;/b&gt;입니다." in text


def test_the_same_comment_sent_twice_is_one():
    proposal, user = ProposalFactory(state="submitted"), member_of()
    client, said = signed_in(user), comment(user)

    for _time in range(3):
        assert client.post(page(proposal, "comment"), said).status_code == 302

    assert ProposalComment.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   ", "가" * 2001, "900101-1234567"])
def test_a_comment_that_cannot_be_kept_stays_in_its_form(text: str):
    proposal, user = ProposalFactory(state="submitted"), member_of()

    answer = signed_in(user).post(page(proposal, "comment"), comment(user, text))

    assert answer.status_code == 422
    assert answer.context["comment_form"].errors["text"]
    assert not ProposalComment.objects.exists()


def test_whoever_says_too_much_is_asked_to_wait(monkeypatch):
    monkeypatch.setattr(discussing, "COMMENTS_AN_HOUR", 2)
    proposal, user = ProposalFactory(state="submitted"), member_of()
    client = signed_in(user)

    codes = [
        client.post(page(proposal, "comment"), comment(user, f"의견 {number}")).status_code
        for number in range(3)
    ]

    assert codes == [302, 302, 429]
    assert ProposalComment.objects.count() == 2


def removal(row: ProposalComment) -> str:
    return f"{page(row.proposal)}comments/{row.pk}/remove/"


def test_ones_own_words_can_be_taken_away_and_nobody_elses():
    user = member_of()
    row = ProposalCommentFactory(author=user, text="성급한 말")
    theirs = ProposalCommentFactory(proposal=row.proposal, text="남의 말")
    client = signed_in(user)

    codes = [client.post(removal(one)).status_code for one in (row, row, theirs)]

    assert codes == [302, 302, 404]
    row.refresh_from_db()
    assert (row.text, bool(row.removed_at)) == ("", True)
    text = client.get(page(row.proposal)).content.decode()
    assert "성급한 말" not in text
    assert "남의 말" in text
    assert Transition.objects.count() == 1


def test_a_comment_of_another_proposal_is_not_found_under_this_one():
    user = member_of()
    row = ProposalCommentFactory(author=user)
    other = ProposalFactory(state="submitted")

    assert signed_in(user).post(f"{page(other)}comments/{row.pk}/remove/").status_code == 404


def test_the_database_lets_no_words_stand_in_what_was_removed():
    row = ProposalCommentFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalComment.objects.filter(pk=row.pk).update(removed_at=timezone.now())


# --- mail ----------------------------------------------------------------------------------------


def test_those_who_take_part_are_told_at_most_once_a_day():
    proposer = member_of(preferred_language="zh-hans")
    proposal = ProposalFactory(state="submitted", organisation=organisation_of(proposer))
    partner = member_of()
    ProposalPartnerFactory(proposal=proposal, organisation=organisation_of(partner))
    stranger, user = member_of(), member_of()
    client = signed_in(user)

    with time_machine.travel(timezone.now(), tick=True):
        for number in range(3):
            client.post(page(proposal, "comment"), comment(user, f"의견 {number}"))
        client.post(page(proposal, "join"), joining(user))

    sent = list(Message.objects.filter(kind="proposal_news").values_list("to", "language"))
    assert sorted(sent) == sorted([(proposer.email, "zh-hans"), (partner.email, "ko")])
    assert stranger.email not in str(sent)


def test_nobody_is_told_of_what_they_did_themselves():
    user = member_of()
    colleague = member_of(organisation_of(user))
    proposal = ProposalFactory(state="submitted", organisation=organisation_of(user))

    signed_in(user).post(page(proposal, "comment"), comment(user))

    assert list(Message.objects.values_list("to", flat=True)) == [colleague.email]


def test_whoever_works_for_both_is_told_once():
    user = member_of()
    row = ProposalPartnerFactory()
    for organisation in (row.organisation, row.proposal.organisation):
        MembershipFactory(user=user, organisation=organisation)

    assert mails.receivers(row.proposal) == [user]


def test_a_mail_to_somebody_who_has_left_meanwhile_is_void():
    user = member_of()
    proposal = ProposalFactory(state="submitted", organisation=organisation_of(user))
    mails.news(proposal, but=member_of())
    message = Message.objects.get(to=user.email)
    assert not receiver_has_left(message)

    Membership.objects.filter(user=user).update(state="ended")

    assert receiver_has_left(message)


def test_who_has_ended_is_not_told():
    user = member_of()
    proposal = ProposalFactory(state="submitted", organisation=organisation_of(user))
    Membership.objects.filter(user=user).update(state="ended")

    assert mails.receivers(proposal) == []
