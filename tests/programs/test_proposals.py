"""Proposals as members write them, and who can see which."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.audit.models import Transition
from partners.models import Membership, NetworkMember
from programs.models import Proposal
from tests.factories import (
    MembershipFactory,
    OfficeFactory,
    ProposalCommentFactory,
    ProposalFactory,
    ProposalPartnerFactory,
    StaffFactory,
    ThemeFactory,
    UserFactory,
)
from tests.programs.proposing import member_of, organisation_of, page, signed_in, words

pytestmark = pytest.mark.django_db
PREFIXES = ["", "/en", "/zh-hans"]
LIST = "/partners/network/members/proposals/"


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


def test_a_draft_asks_for_a_title_alone_and_keeps_every_word():
    user, theme = member_of(), ThemeFactory()
    said = words(user, need="", idea="", place="", themes=[theme.pk], budget="50000000", save="1")

    answer = signed_in(user).post(f"{LIST}new/", said, follow=True)

    proposal = Proposal.objects.get()
    assert answer.redirect_chain == [(proposal.get_absolute_url(), 302)]
    assert (proposal.title, proposal.state, proposal.author) == ("마을 도서관", "draft", user)
    assert proposal.organisation == organisation_of(user)
    assert (proposal.budget, list(proposal.themes.all())) == (50_000_000, [theme])
    assert not Transition.objects.exists()


def test_a_title_is_needed_and_nothing_is_kept_without_one():
    user = member_of()

    answer = signed_in(user).post(f"/en{LIST}new/", words(user, title="", save="1"))

    assert answer.status_code == 422
    assert "폐교를 도서관으로 고친다." in answer.content.decode()
    assert not Proposal.objects.exists()


def test_submitting_asks_for_place_need_and_idea():
    user = member_of()
    said = words(user, place="", need="", idea="", submit="1")

    answer = signed_in(user).post(f"/en{LIST}new/", said)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"place", "need", "idea"}
    assert not Proposal.objects.exists()


def test_submitting_is_written_down_and_seen_by_other_members():
    user, other = member_of(), member_of()

    signed_in(user).post(f"{LIST}new/", words(user, submit="1"))

    proposal = Proposal.objects.get()
    assert proposal.state == "submitted"
    assert proposal.submitted_at
    trail = Transition.objects.get()
    assert (trail.subject, trail.from_state, trail.to_state, trail.by) == (
        proposal, "draft", "submitted", user,
    )  # fmt: skip
    assert signed_in(other).get(page(proposal)).status_code == 200
    assert "마을 도서관" in signed_in(other).get(LIST).content.decode()


def test_the_same_form_sent_twice_is_one_proposal_with_the_words_sent_last():
    user = member_of()
    client, said = signed_in(user), words(user, save="1")

    client.post(f"{LIST}new/", said)
    client.post(f"{LIST}new/", {**said, "title": "마을 도서관과 놀이터"})
    client.post(f"{LIST}new/", {**said, "title": "마을 도서관과 놀이터", "submit": "1"})
    client.post(f"{LIST}new/", {**said, "title": "너무 늦은 말", "submit": "1"})

    proposal = Proposal.objects.get()
    assert (proposal.title, proposal.state) == ("마을 도서관과 놀이터", "submitted")
    assert Transition.objects.count() == 1


def test_somebody_elses_form_key_gives_no_way_to_their_draft():
    theirs = ProposalFactory(author=UserFactory())
    user = member_of()

    signed_in(user).post(f"{LIST}new/", words(user, form_key=str(theirs.form_key), save="1"))

    own = Proposal.objects.exclude(pk=theirs.pk).get()
    assert own.author == user
    theirs.refresh_from_db()
    assert theirs.title != own.title


def test_nobody_proposes_for_an_organisation_that_is_not_theirs():
    user, other = member_of(), member_of()

    said = words(user, organisation=organisation_of(other).pk, save="1")
    answer = signed_in(user).post(f"{LIST}new/", said)

    assert answer.status_code == 422
    assert not Proposal.objects.exists()


def test_whoever_works_for_two_organisations_says_for_which():
    user = member_of()
    second = MembershipFactory(user=user).organisation
    said = {**words_of_two(user), "organisation": second.pk, "save": "1"}

    signed_in(user).post(f"{LIST}new/", said)

    assert Proposal.objects.get().organisation == second


def words_of_two(user) -> dict:
    one = member_of()
    return {**words(one), "organisation": user.memberships.first().organisation_id}


# --- who sees it ---------------------------------------------------------------------------------

PAGES = ("detail", "edit", "submit", "discard", "join", "leave", "comment")
READ = ("detail", "edit", "discard")


def ask(client: Client, proposal: Proposal, name: str):
    address = page(proposal, name)
    return client.get(address) if name in READ else client.post(address)


@pytest.mark.parametrize("name", PAGES)
def test_another_organisations_draft_does_not_exist(name: str):
    proposal, stranger = ProposalFactory(), member_of()

    assert ask(signed_in(stranger), proposal, name).status_code == 404
    proposal.refresh_from_db()
    assert proposal.state == "draft"


@pytest.mark.parametrize("name", ["edit", "submit", "discard"])
def test_what_another_organisation_submitted_is_not_others_to_change(name: str):
    proposal, stranger = ProposalFactory(state="submitted"), member_of()

    assert ask(signed_in(stranger), proposal, name).status_code == 404


def test_colleagues_share_a_draft():
    user = member_of()
    colleague = member_of(organisation_of(user))
    proposal = ProposalFactory(organisation=organisation_of(user), author=user)

    shown = signed_in(colleague).get(page(proposal, "edit"))
    answer = signed_in(colleague).post(
        page(proposal, "edit"),
        words(colleague, title="함께 쓴 제안", seen=shown.context["seen"], save="1"),
    )

    assert answer.status_code == 302
    proposal.refresh_from_db()
    assert (proposal.title, proposal.author) == ("함께 쓴 제안", user)


def leaves(user) -> None:
    Membership.objects.filter(user=user).update(state="ended", ended_at=timezone.now())


def is_left_by_the_organisation(user) -> None:
    NetworkMember.objects.filter(organisation=organisation_of(user)).update(
        left_on=timezone.localdate()
    )


def is_not_confirmed(user) -> None:
    NetworkMember.objects.filter(organisation=organisation_of(user)).update(confirmed_at=None)


@pytest.mark.parametrize("ends", [leaves, is_left_by_the_organisation, is_not_confirmed])
@pytest.mark.parametrize("state", ["draft", "submitted", "in_discussion", "adopted", "declined"])
def test_whose_membership_ends_loses_every_proposal(ends, state: str):
    user = member_of()
    proposal = ProposalFactory(organisation=organisation_of(user), author=user, state=state)
    client = signed_in(user)
    assert client.get(page(proposal)).status_code == 200

    ends(user)

    for address in (LIST, f"{LIST}new/", *(page(proposal, name) for name in READ)):
        assert client.get(address).status_code == 404, address
    assert not Proposal.objects.visible_to(user).exists()


def test_who_is_signed_out_is_asked_to_sign_in_and_an_account_alone_is_not_enough():
    proposal = ProposalFactory(state="submitted")

    answer = Client().get(page(proposal))

    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]
    assert signed_in(UserFactory()).get(page(proposal)).status_code == 404
    assert signed_in(StaffFactory()).get(page(proposal)).status_code == 404


@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_page_is_ever_kept(prefix: str):
    user = member_of()
    proposal = ProposalFactory(organisation=organisation_of(user), state="in_discussion")

    for address in (LIST, f"{LIST}new/", page(proposal), page(proposal, "edit")):
        answer = signed_in(user).get(prefix + address)
        assert answer.status_code == 200, address
        assert "no-store" in answer["Cache-Control"]


# --- changing ------------------------------------------------------------------------------------


def edit(client: Client, proposal: Proposal, said: dict, *, seen: str):
    return client.post(page(proposal, "edit"), {**said, "seen": seen})


def test_two_who_change_it_at_once_do_not_overwrite_each_other():
    user = member_of()
    proposal = ProposalFactory(organisation=organisation_of(user), state="submitted")
    client = signed_in(user)
    seen = client.get(page(proposal, "edit")).context["seen"]
    edit(client, proposal, words(user, title="먼저 고친 제목"), seen=seen)

    late = edit(client, proposal, words(user, title="나중 제목", idea="나중 생각"), seen=seen)

    assert late.status_code == 422
    text = late.content.decode()
    assert "먼저 고친 제목" in text
    assert "폐교를 도서관으로 고친다." in text
    assert "나중 제목" in text
    assert "나중 생각" in text
    proposal.refresh_from_db()
    assert proposal.title == "먼저 고친 제목"
    again = edit(client, proposal, words(user, title="나중 제목"), seen=late.context["seen"])
    assert again.status_code == 302
    proposal.refresh_from_db()
    assert proposal.title == "나중 제목"


def test_what_was_submitted_cannot_be_emptied_nor_given_to_another_organisation():
    user = member_of()
    second = MembershipFactory(user=user).organisation
    first = user.memberships.first().organisation
    proposal = ProposalFactory(organisation=first, state="submitted")
    client = signed_in(user)
    seen = client.get(page(proposal, "edit")).context["seen"]

    said = {**words_of_two(user), "organisation": second.pk}
    empty = edit(client, proposal, {**said, "need": ""}, seen=seen)
    edit(client, proposal, said, seen=seen)

    proposal.refresh_from_db()
    assert empty.status_code == 422
    assert proposal.organisation == first


@pytest.mark.parametrize("state", ["adopted", "declined"])
def test_a_decided_proposal_is_not_changed(state: str):
    user = member_of()
    proposal = ProposalFactory(organisation=organisation_of(user), state=state)
    client = signed_in(user)

    answers = [
        client.get(page(proposal, "edit")),
        edit(client, proposal, words(user, title="늦은 제목"), seen=proposal.stamp),
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    proposal.refresh_from_db()
    assert proposal.title != "늦은 제목"


def test_a_draft_that_lacks_something_is_led_to_its_form():
    user = member_of()
    proposal = ProposalFactory(organisation=organisation_of(user), need="")

    answer = signed_in(user).post(page(proposal, "submit"))

    assert answer["Location"] == page(proposal, "edit")
    proposal.refresh_from_db()
    assert proposal.state == "draft"


def test_submitting_twice_is_once():
    user = member_of()
    proposal = ProposalFactory(organisation=organisation_of(user))
    client = signed_in(user)

    for _time in range(2):
        assert client.post(page(proposal, "submit"))["Location"] == page(proposal)

    assert Transition.objects.filter(to_state="submitted").count() == 1


@pytest.mark.parametrize("name", ["submit", "join", "leave", "comment"])
def test_looking_changes_nothing(name: str):
    user = member_of()
    proposal = ProposalFactory(organisation=organisation_of(user))

    assert signed_in(user).get(page(proposal, name)).status_code == 405
    signed_in(user).get(page(proposal, "discard"))
    proposal.refresh_from_db()
    assert proposal.state == "draft"


def test_a_draft_is_thrown_away_and_what_was_submitted_is_not():
    user = member_of()
    draft = ProposalFactory(organisation=organisation_of(user))
    sent = ProposalFactory(organisation=organisation_of(user), state="submitted")
    client = signed_in(user)

    assert draft.title in client.get(page(draft, "discard")).content.decode()
    client.post(page(draft, "discard"))
    client.post(page(sent, "discard"))

    assert list(Proposal.objects.all()) == [sent]
    assert client.post(page(draft, "discard")).status_code == 404


@pytest.mark.parametrize("field", ["title", "place", "need", "idea", "partners_sought"])
def test_resident_numbers_are_refused(field: str):
    user = member_of()

    answer = signed_in(user).post(f"{LIST}new/", words(user, **{field: "900101-1234567"}))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"budget": "-1"},
        {"budget": "9" * 30},
        {"budget": "많이"},
        {"role": "boss"},
        {"language": "xx"},
        {"country": "0"},
        {"country": "a"},
        {"themes": ["99999"]},
        {"form_key": "no"},
        {"title": "가" * 121},
        {"need": "가" * 3001},
        {"title": "\x00"},
    ],
)
def test_bad_input_is_refused_and_nothing_is_kept(said: dict):
    user = member_of()

    assert signed_in(user).post(f"{LIST}new/", words(user, **said)).status_code == 422
    assert not Proposal.objects.exists()


def test_a_line_break_counts_once():
    user = member_of()
    need = "\r\n".join(["가" * 99] * 30)  # 2,970 letters and 29 breaks

    signed_in(user).post(f"{LIST}new/", words(user, need=need, save="1"))

    assert Proposal.objects.get().need == need.replace("\r\n", "\n")


# --- the list ------------------------------------------------------------------------------------


def test_the_list_is_filtered_by_words_state_and_theme():
    user, theme = member_of(), ThemeFactory()
    library = ProposalFactory(state="submitted", title="도서관", need="책")
    library.themes.add(theme)
    harbour = ProposalFactory(state="in_discussion", title="항구", need="배")
    client = signed_in(user)

    def found(query: str) -> set[str]:
        return {row.title for row, _tone in client.get(f"{LIST}?{query}").context["rows"]}

    assert found("") == {library.title, harbour.title}
    assert found("q=책") == {"도서관"}
    assert found("state=in_discussion") == {"항구"}
    assert found(f"theme={theme.slug}") == {"도서관"}
    assert found("state=nonsense") == {"도서관", "항구"}
    assert client.get(f"{LIST}?page=9").status_code == 404


def test_ones_own_drafts_come_first():
    user = member_of()
    ProposalFactory(state="submitted")
    own = ProposalFactory(organisation=organisation_of(user))
    ProposalFactory()  # another organisation's

    rows = [row for row, _tone in signed_in(user).get(LIST).context["rows"]]

    assert len(rows) == 2
    assert rows[0] == own


@pytest.mark.thorough
@pytest.mark.parametrize("prefix", PREFIXES)
def test_questions_to_the_database_do_not_grow(prefix: str, uncached_queries):
    user = member_of()
    client = signed_in(user)

    def some() -> Proposal:
        proposal = ProposalFactory(state="in_discussion", organisation=organisation_of(user))
        proposal.themes.add(ThemeFactory())
        return proposal

    proposal = some()
    ProposalPartnerFactory(proposal=proposal)
    ProposalCommentFactory(proposal=proposal)
    pages = [f"{prefix}{LIST}", prefix + page(proposal), f"{prefix}/partners/network/members/"]
    few = [uncached_queries(client, address) for address in pages]

    for _number in range(8):
        ProposalPartnerFactory(proposal=some())
        ProposalPartnerFactory(proposal=proposal)
        ProposalCommentFactory(proposal=proposal)
        proposal.themes.add(ThemeFactory())

    assert [uncached_queries(client, address) for address in pages] == few
    assert max(few) <= 24


def test_the_members_home_shows_the_newest():
    user = member_of()
    proposal = ProposalFactory(state="submitted")
    hidden = ProposalFactory()

    text = signed_in(user).get("/partners/network/members/").content.decode()

    assert proposal.title in text
    assert hidden.title not in text
