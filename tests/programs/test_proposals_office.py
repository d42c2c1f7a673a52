"""Staff take proposals further: who gets what is seen before, and an adopted one is a programme."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy.models import AccessRecord
from oda_portal.publishing.models import Status
from programs.models import Program, Proposal, ProposalComment, Role
from programs.proposals import acts, adopting
from tests.accounts.test_roles import member
from tests.factories import (
    CountryFactory,
    OfficeFactory,
    ProgramFactory,
    ProposalCommentFactory,
    ProposalFactory,
    ProposalPartnerFactory,
    StaffFactory,
    ThemeFactory,
    UserFactory,
)
from tests.letters import delivered
from tests.programs.proposing import (
    carry_out,
    member_of,
    office,
    organisation_of,
    page,
    signed_in,
    staff_client,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/programs/proposal/"
ADOPTED = {"code": "danang-library", "kind": "consulting", "arrangement": "own", "ours": "on"}


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


@pytest.fixture
def manager() -> Client:
    return staff_client(member("network_manager"))


def discussed(**values) -> Proposal:
    return ProposalFactory(state="in_discussion", **values)


def test_staff_know_of_no_drafts(manager: Client):
    draft, sent = ProposalFactory(title="남의 초안"), ProposalFactory(state="submitted")

    listed = manager.get(LIST).content.decode()

    assert sent.title in listed
    assert draft.title not in listed
    assert manager.get(office(sent, "change")).status_code == 200
    for act in ("discuss", "adopt", "decline", "comment"):
        assert manager.post(office(draft, act)).status_code in (403, 404), act
    assert manager.get(office(draft, "change"), follow=True).redirect_chain


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_mail_is_shown_before_and_sent_once_in_the_receivers_language(
    manager: Client, language: str
):
    user = member_of(preferred_language=language)
    proposal = ProposalFactory(state="submitted", organisation=organisation_of(user))
    said = {"reason": "5월 회의에서 이야기하겠습니다."}

    preview = manager.post(office(proposal, "discuss"), {**said, "look": "1"})

    text = preview.content.decode()
    assert str(user) in text
    assert user.email not in text
    assert "5월 회의에서 이야기하겠습니다." in text
    assert proposal.title in text
    assert not Message.objects.exists()
    assert Proposal.objects.get().state == "submitted"

    for _time in range(2):
        carry_out_again(manager, proposal, {**said, "shown": stamp(preview), "sure": "1"})

    message = Message.objects.get()
    assert (message.kind, message.to, message.language) == (
        "proposal_discussed", user.email, language,
    )  # fmt: skip
    assert Transition.objects.get(field="state").reason == said["reason"]
    (letter,) = delivered()
    assert page(proposal, language=language) in letter.body
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer) == ("in_discussion", said["reason"])


def stamp(response) -> str:
    return re.search(r'name="shown" value="(\w+)"', response.content.decode())[1]


def carry_out_again(client: Client, proposal: Proposal, said: dict) -> None:
    answer = client.post(office(proposal, "discuss"), said)
    assert answer["Location"] == office(proposal, "change")


def test_nothing_is_done_without_a_reason_nor_without_having_seen_the_letter(manager: Client):
    proposal = ProposalFactory(state="submitted")

    for said in (
        {"reason": "", "sure": "1"},
        {"reason": "좋습니다.", "sure": "1"},
        {"reason": "좋습니다.", "sure": "1", "shown": "0" * 16},
    ):
        assert manager.post(office(proposal, "discuss"), said).status_code == 200

    assert Proposal.objects.get().state == "submitted"
    assert not Transition.objects.exists()


def test_a_text_that_changed_meanwhile_is_shown_once_more(manager: Client):
    user = member_of()
    proposal = discussed(organisation=organisation_of(user))
    said = {"reason": "다음 기회에"}
    seen = stamp(manager.post(office(proposal, "decline"), {**said, "look": "1"}))
    ProposalPartnerFactory(proposal=proposal)

    answer = manager.post(office(proposal, "decline"), {**said, "shown": seen, "sure": "1"})

    assert answer.status_code == 200
    assert Proposal.objects.get().state == "in_discussion"
    manager.post(office(proposal, "decline"), {**said, "shown": stamp(answer), "sure": "1"})
    assert Proposal.objects.get().state == "declined"


def test_an_act_on_what_changed_under_its_lock_is_refused():
    proposal = discussed()
    seen = proposal.stamp
    ProposalPartnerFactory(proposal=proposal)

    with pytest.raises(acts.ChangedError):
        adopting.decline(proposal, by=StaffFactory(), reason="x", seen=seen)
    assert not Transition.objects.exists()


REFUSED = [
    ("discuss", "in_discussion"), ("discuss", "adopted"), ("adopt", "submitted"),
    ("adopt", "declined"), ("adopt", "adopted"), ("decline", "adopted"), ("decline", "declined"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "state"), REFUSED)
def test_an_act_that_does_not_fit_the_state_says_so(manager: Client, act: str, state: str):
    proposal = ProposalFactory(state=state)

    answer = manager.post(office(proposal, act), {"reason": "x", "sure": "1"}, follow=True)

    assert answer.redirect_chain[0][0] == office(proposal, "change")
    assert len(answer.context["messages"]) == 1
    assert Proposal.objects.get().state == state


# --- adopting ------------------------------------------------------------------------------------


def test_an_adopted_proposal_becomes_a_draft_with_its_partners_in_their_roles(manager: Client):
    user = member_of()
    country, theme = CountryFactory(), ThemeFactory()
    proposal = discussed(
        organisation=organisation_of(user), country=country, language="ko", budget=50_000_000,
        need="책이 없다.\r\n\r\n<script>", idea="고친다.",
    )  # fmt: skip
    proposal.themes.add(theme)
    funds = ProposalPartnerFactory(proposal=proposal, role="funds").organisation
    other = ProposalPartnerFactory(proposal=proposal).organisation
    roles = {
        f"role_{proposal.organisation_id}": "implements",
        f"role_{funds.pk}": "funds",
        f"role_{other.pk}": "",
    }

    carry_out(manager, proposal, "adopt", **ADOPTED, **roles)

    proposal.refresh_from_db()
    program = Program.objects.get()
    assert (proposal.state, proposal.program) == ("adopted", program)
    assert (program.code, program.status, program.kind) == (
        "danang-library", Status.DRAFT, "consulting",
    )  # fmt: skip
    assert (program.title_ko, program.venue_ko) == (proposal.title, "다낭시")
    assert program.title_en in (None, "")
    assert program.body_ko == "<p>책이 없다.</p><p>&lt;script&gt;</p><p>고친다.</p>"
    assert [share.country for share in program.country_shares.all()] == [country]
    assert list(program.themes.all()) == [theme]
    assert set(program.roles.values_list("organisation", "kind")) == {
        (proposal.organisation_id, "implements"), (funds.pk, "funds"),
    }  # fmt: skip
    assert "5,000만 원" in program.editor_note
    assert not program.is_public()
    assert Message.objects.get(to=user.email).kind == "proposal_adopted"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_words_stand_in_the_language_they_were_written_in(manager: Client, language: str):
    proposal = discussed(language=language, title="A library")

    carry_out(manager, proposal, "adopt", **ADOPTED)

    program = Program.objects.get()
    column = f"title_{language.replace('-', '_')}"
    assert getattr(program, column) == "A library"
    assert program.title_ko in (None, "")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"code": "taken"}, "code"),
        ({"code": "by-partners"}, "code"),
        ({"code": "Große Bücherei"}, "code"),
        ({"code": ""}, "code"),
        ({"kind": "forum"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"role": "boss"}, None),
    ],
)
def test_what_no_programme_can_be_is_refused(manager: Client, said: dict, field: str | None):
    ProgramFactory(code="taken")
    proposal = discussed()
    if field is None:
        field = f"role_{proposal.organisation_id}"
        said = {field: said["role"]}

    answer = manager.post(
        office(proposal, "adopt"), {"reason": "좋습니다.", **ADOPTED, **said, "sure": "1"}
    )

    assert field in answer.context["form"].errors
    assert Program.objects.count() == 1
    assert Proposal.objects.get().state == "in_discussion"


def test_adopting_twice_makes_one_programme(manager: Client):
    proposal = discussed()
    carry_out(manager, proposal, "adopt", **ADOPTED)

    answer = manager.post(
        office(proposal, "adopt"), {"reason": "다시", **ADOPTED, "code": "second", "sure": "1"}
    )

    assert answer.status_code == 302
    assert Program.objects.count() == 1
    assert Transition.objects.filter(to_state="adopted").count() == 1


def test_the_page_says_what_became_of_it():
    user = member_of()
    proposal = discussed(organisation=organisation_of(user))
    carry_out(staff_client(StaffFactory()), proposal, "adopt", **ADOPTED, reason="예산이 있습니다.")
    program, client = Program.objects.get(), signed_in(user)

    hidden = client.get(page(proposal, language="en")).content.decode()
    assert program.get_absolute_url() not in hidden
    assert "예산이 있습니다." in hidden
    program.publish(by=None)
    shown = client.get(page(proposal, language="en")).content.decode()
    assert f"/en{program.get_absolute_url()}" in shown

    program.delete()
    assert client.get(page(proposal)).status_code == 200


def test_a_declined_one_says_why_and_can_be_taken_up_again(manager: Client):
    user = member_of()
    proposal = discussed(organisation=organisation_of(user))

    carry_out(manager, proposal, "decline", reason="올해 예산이 없습니다.")
    text = signed_in(user).get(page(proposal)).content.decode()
    carry_out(manager, proposal, "discuss", reason="예산이 생겼습니다.")

    assert "올해 예산이 없습니다." in text
    assert list(
        Transition.objects.order_by("pk").values_list("to_state", flat=True)
    ) == ["declined", "in_discussion"]  # fmt: skip
    kinds = Message.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["proposal_declined", "proposal_discussed"]


# --- comments ------------------------------------------------------------------------------------


def test_the_office_comments_under_its_own_name(manager: Client):
    user = member_of()
    proposal = discussed(organisation=organisation_of(user))
    preview = manager.get(office(proposal, "comment"))
    said = {
        "text": "현장을 확인하겠습니다.",
        "language": "ko",
        "form_key": str(preview.context["form"]["form_key"].value()),
    }
    seen = stamp(manager.post(office(proposal, "comment"), {**said, "look": "1"}))
    assert not ProposalComment.objects.exists()

    for _time in range(2):
        manager.post(office(proposal, "comment"), {**said, "shown": seen, "sure": "1"})

    row = ProposalComment.objects.get()
    assert (row.organisation, row.text) == (None, "현장을 확인하겠습니다.")
    assert Message.objects.get().to == user.email
    text = signed_in(user).get(page(proposal, language="en")).content.decode()
    assert "현장을 확인하겠습니다." in text
    assert row.author.email not in text


def test_staff_take_a_comment_away_with_a_reason(manager: Client):
    row = ProposalCommentFactory(text="무례한 말")
    address = office(row.proposal, "remove", row.pk)
    assert "무례한 말" in manager.get(address).content.decode()

    manager.post(address, {"reason": "무례합니다."})

    row.refresh_from_db()
    assert row.text == ""
    assert Transition.objects.get().reason == "무례합니다."
    other = ProposalFactory(state="submitted")
    assert manager.get(office(other, "remove", row.pk)).status_code == 404


# --- who -----------------------------------------------------------------------------------------

NOBODY = ["editor", "translator_ko", "volunteer_coordinator", "forum_manager", "reviewer"]


@pytest.mark.parametrize("role", [*NOBODY, "privacy_officer"])
def test_nobody_else_takes_a_proposal_further(role: str):
    proposal, client = discussed(), staff_client(member(role))

    for act in ("discuss", "adopt", "decline", "comment"):
        answer = client.post(office(proposal, act), {"reason": "x", **ADOPTED, "sure": "1"})
        assert answer.status_code == 403, act

    expected = 200 if role == "privacy_officer" else 403
    assert client.get(LIST).status_code == expected
    assert not Program.objects.exists()


@pytest.mark.parametrize("role", NOBODY)
def test_those_who_write_for_the_public_have_no_right_to_proposals(role: str):
    user = member(role)

    assert not any("proposal" in name for name in user.get_all_permissions())
    assert Permission.objects.filter(codename="view_proposal").exists()


def test_every_page_leaves_a_look_that_names_those_it_shows(manager: Client):
    user = member_of(name="홍길동")
    proposal = discussed(organisation=organisation_of(user), author=user)
    row = ProposalCommentFactory(proposal=proposal)
    AccessRecord.objects.all().delete()

    manager.get(office(proposal, "change"))
    manager.get(office(proposal, "decline"))

    shown = {
        (subject.label, subject.object_id)
        for record in AccessRecord.objects.all()
        for subject in record.subjects.all()
    }
    assert {
        ("programs.proposal", proposal.pk), ("accounts.user", user.pk),
        ("accounts.user", row.author.pk),
    } <= shown  # fmt: skip


def test_what_waits_stands_on_the_first_page(manager: Client):
    ProposalFactory(state="submitted")

    text = manager.get("/en/admin/").content.decode()

    assert "1 proposal of the network is waiting to be taken up." in text
    assert "?state__exact=submitted" in text
    assert (
        "waiting to be taken up"
        not in staff_client(member("editor")).get("/en/admin/").content.decode()
    )


def test_questions_of_the_back_office_do_not_grow(manager: Client, uncached_queries):
    proposal = discussed(author=UserFactory())
    ProposalPartnerFactory(proposal=proposal)
    ProposalCommentFactory(proposal=proposal)
    pages = [LIST, office(proposal, "change")]
    few = [uncached_queries(manager, address) for address in pages]

    for _number in range(6):
        ProposalPartnerFactory(proposal=discussed(author=UserFactory()))
        ProposalPartnerFactory(proposal=proposal)
        ProposalCommentFactory(proposal=proposal)

    assert [uncached_queries(manager, address) for address in pages] == few


def test_role_kinds_are_those_of_programmes():
    """What an organisation offers is what it can be in the programme."""
    assert Proposal._meta.get_field("role").choices == Role.Kind.choices
