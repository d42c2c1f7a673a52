"""Changes that members suggest: nothing is public before staff say so, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from oda_portal.accounts.roles import set_up_roles
from oda_portal.audit.models import Transition
from oda_portal.privacy.models import AccessSubject
from partners.models import Membership, Organisation, Suggestion
from partners.network.suggesting import actions
from partners.network.suggesting.differences import pieces
from tests.doors import sign_in_staff
from tests.factories import (
    MembershipFactory,
    OfficeFactory,
    OrganisationFactory,
    ProgramFactory,
    RoleFactory,
    StaffFactory,
    SuggestionFactory,
    UserFactory,
)
from tests.partners.networkers import HOME, member, person, signed_in, told

pytestmark = pytest.mark.django_db

TEXTS = f"{HOME}texts/"
State = Suggestion.State


def form_of(client: Client, page: str) -> dict[str, Any]:
    """The form as the browser would send it back unchanged."""
    form = client.get(page).context["form"]
    return {field.name: field.value() or "" for field in form}


def suggested(client: Client, row: Any, kind: str = "organisation", **said: str) -> Any:
    page = f"{TEXTS}{kind}/{row.pk}/"
    return client.post(page, {**form_of(client, page), **said})


def a_member(client: Client) -> Membership:
    OfficeFactory()
    membership = member(user=person("mina@example.org", preferred_language="en"))
    signed_in(client, membership.user)
    return membership


def decide(client: Client, suggestion: Suggestion, act: str, **said: str) -> Any:
    """First the page, then its letter, then the button: as staff do it."""
    page = reverse(f"admin:partners_suggestion_{act}", args=[suggestion.pk])
    shown = client.post(page, said)
    if shown.status_code == 302:
        return shown
    sure = {"sure": "yes", "shown": shown.context["form"].stamp()}
    return client.post(page, {**said, **sure, "texts": shown.context["texts"]})


# --- who may suggest what -------------------------------------------------------------------------


def test_the_list_has_the_own_profile_and_programmes_with_a_role(client: Client):
    membership = a_member(client)
    role = RoleFactory(organisation=membership.organisation)
    hidden = RoleFactory(organisation=membership.organisation, program__status="draft")
    stranger = RoleFactory()

    page = client.get(TEXTS).content.decode()

    assert membership.organisation.name_en in page
    assert role.program.title_en in page
    assert hidden.program.title_en not in page
    assert stranger.program.title_en not in page
    assert stranger.organisation.name_en not in page


def test_texts_of_others_have_no_form(client: Client):
    membership = a_member(client)
    hidden = RoleFactory(organisation=membership.organisation, program__status="draft").program
    for kind, row in (
        ("organisation", OrganisationFactory()),
        ("program", ProgramFactory()),
        ("program", hidden),
        ("agreement", membership.organisation),
    ):
        assert client.get(f"{TEXTS}{kind}/{row.pk}/").status_code == 404
        assert client.post(f"{TEXTS}{kind}/{row.pk}/", {"name_ko": "x"}).status_code == 404
    assert not Suggestion.objects.exists()


def test_a_suggestion_is_nobody_elses(client: Client):
    suggestion = SuggestionFactory()
    OfficeFactory()
    colleague = MembershipFactory(organisation=suggestion.organisation)
    signed_in(client, colleague.user)

    page = f"{HOME}suggestions/{suggestion.pk}/"

    assert client.get(page).status_code == 404
    assert client.post(f"{page}withdraw/").status_code == 404
    suggestion.refresh_from_db()
    assert suggestion.state == State.WAITING


def test_who_is_no_member_any_more_suggests_nothing(client: Client):
    membership = a_member(client)
    membership.end(by=None)

    assert client.get(f"{TEXTS}organisation/{membership.organisation_id}/").status_code == 404


@pytest.mark.parametrize("cause", ["withdrawn", "another organisation"])
def test_a_record_that_is_not_theirs_to_see_any_more_shows_only_what_it_was(
    client: Client, cause: str
):
    membership = a_member(client)
    about = membership if cause == "withdrawn" else member(user=membership.user)
    suggestion = SuggestionFactory(membership=about, wanted={"name_ko": "제안한 이름"})
    organisation = about.organisation
    if cause != "withdrawn":
        about.end(by=None)
    type(organisation).objects.filter(pk=organisation.pk).update(
        name_ko="비밀 이름", name_en="Secret name", status="draft"
    )

    listed = client.get(TEXTS).content.decode()
    page = client.get(f"{HOME}suggestions/{suggestion.pk}/").content.decode()

    for text in (listed, page):
        assert "비밀" not in text
        assert "Secret" not in text
    assert f"{HOME}suggestions/{suggestion.pk}/" in listed
    assert f"{HOME}texts/organisation/{organisation.pk}/" not in page
    assert "제안한" in page


# --- suggesting -----------------------------------------------------------------------------------


def test_what_is_suggested_waits_and_changes_nothing(client: Client):
    organisation = a_member(client).organisation
    before = organisation.about_en

    suggested(client, organisation, about_en="We train teachers.", note="We moved on.")

    organisation.refresh_from_db()
    assert organisation.about_en == before
    suggestion = Suggestion.objects.get()
    assert suggestion.wanted == {"about_en": "We train teachers."}
    assert suggestion.was == {"about_en": before or ""}
    assert (suggestion.organisation, suggestion.language) == (organisation, "en")
    public = client.get(organisation.get_absolute_url()).content.decode()
    assert "We train teachers." not in public


def test_suggesting_again_takes_the_place_of_what_waits(client: Client):
    organisation = a_member(client).organisation
    suggested(client, organisation, name_en="First")
    assert form_of(client, f"{TEXTS}organisation/{organisation.pk}/")["name_en"] == "First"

    suggested(client, organisation, name_en="Second")

    assert Suggestion.objects.get().wanted == {"name_en": "Second"}


def test_a_form_without_a_change_says_so(client: Client):
    organisation = a_member(client).organisation

    page = suggested(client, organisation, note="Nothing")

    assert "Nothing is changed yet." in page.content.decode()
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("column", "text"), [("name_ko", "가" * 151), ("url", "no address"), ("url", "javascript:1")]
)
def test_texts_that_the_record_cannot_hold_are_refused(client: Client, column: str, text: str):
    organisation = a_member(client).organisation

    page = suggested(client, organisation, **{column: text})

    assert page.context["form"].errors.keys() == {column}
    assert text in page.content.decode()
    assert not Suggestion.objects.exists()


def test_a_text_that_changed_while_somebody_wrote_is_shown_and_nothing_is_lost(client: Client):
    organisation = a_member(client).organisation
    page = f"{TEXTS}organisation/{organisation.pk}/"
    mine = {**form_of(client, page), "name_en": "Mine"}
    organisation.name_en = "Theirs"
    organisation.save()

    told_so = client.post(page, mine)

    text = told_so.content.decode()
    assert "The office changed these texts while you were writing." in text
    assert "Theirs" in text
    assert 'value="Mine"' in text
    assert not Suggestion.objects.exists()
    again = {**mine, "seen": told_so.context["form"]["seen"].value()}
    assert client.post(page, again).status_code == 302
    assert Suggestion.objects.get().was == {"name_en": "Theirs"}


@pytest.mark.parametrize("language", ["", "/en", "/zh-hans"])
def test_the_difference_is_shown_in_each_language(client: Client, language: str):
    organisation = a_member(client).organisation
    suggested(client, organisation, name_ko="새 이름", name_en="New name", name_zh_hans="新名称")
    suggestion = Suggestion.objects.get()

    page = client.get(f"{language}/partners/network/members/suggestions/{suggestion.pk}/")

    text = page.content.decode()
    for html_lang in ("ko", "en", "zh-Hans"):
        assert f'<p lang="{html_lang}" class="difference-text">' in text
    assert "<ins>" in text
    assert "<del>" in text


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("a b", "a c", [("same", "a "), ("gone", "b"), ("new", "c")]),
        ("", "new", [("new", "new")]),
        ("old", "", [("gone", "old")]),
        ("부산 대학교", "부산 대학", [("same", "부산 "), ("gone", "대학교"), ("new", "대학")]),
        ("釜山大学", "釜庆大学", [("same", "釜"), ("gone", "山"), ("new", "庆"), ("same", "大学")]),
    ],
)
def test_pieces_are_words_and_of_chinese_characters(before: str, after: str, found: list):
    assert [tuple(piece) for piece in pieces(before, after)] == found


def test_a_member_withdraws_once(client: Client):
    organisation = a_member(client).organisation
    suggested(client, organisation, name_en="Mine")
    suggestion = Suggestion.objects.get()
    page = f"{HOME}suggestions/{suggestion.pk}/withdraw/"

    client.post(page)
    again = client.post(page, follow=True)

    suggestion.refresh_from_db()
    assert suggestion.state == State.WITHDRAWN
    assert "has already decided" in again.content.decode()
    assert Transition.objects.filter(field="state").count() == 1


# --- what staff decide ----------------------------------------------------------------------------


def test_staff_compare_read_the_letter_and_publish(client: Client):
    organisation = a_member(client).organisation
    suggested(client, organisation, name_en="Busan New University", note="New name")
    suggestion = Suggestion.objects.get()
    staff = StaffFactory()
    sign_in_staff(client, staff)
    page = reverse("admin:partners_suggestion_approve", args=[suggestion.pk])

    shown = client.get(page).content.decode()
    assert "University</ins>" in shown
    assert f"{organisation.name_en.split()[-1]}</del>" in shown
    decide(client, suggestion, "approve", answer="Thank you.")
    decide(client, suggestion, "approve", answer="Thank you.")

    organisation.refresh_from_db()
    suggestion.refresh_from_db()
    assert organisation.name_en == "Busan New University"
    assert organisation.history.first().history_user == staff
    assert (suggestion.state, suggestion.decided_by) == (State.APPROVED, staff)
    letters = told("suggestion_decided")
    assert [(letter.to, letter.language) for letter in letters] == [("mina@example.org", "en")]
    assert "Thank you." in letters[0].context["sentence"]
    looks = AccessSubject.objects.filter(label="partners.suggestion", object_id=suggestion.pk)
    assert looks.exists()


def test_other_columns_stay_as_they_are(client: Client):
    organisation = a_member(client).organisation
    suggested(client, organisation, name_en="Only English")
    names = organisation.name_ko, organisation.name_zh_hans
    sign_in_staff(client, StaffFactory())

    decide(client, Suggestion.objects.get(), "approve")

    organisation.refresh_from_db()
    assert (organisation.name_ko, organisation.name_zh_hans) == names
    assert Organisation.objects.values_list("name", flat=True).get(pk=organisation.pk) == names[0]


def test_a_no_needs_an_answer_and_changes_nothing(client: Client):
    organisation = a_member(client).organisation
    before = organisation.name_en
    suggested(client, organisation, name_en="Best university")
    suggestion = Suggestion.objects.get()
    sign_in_staff(client, StaffFactory())

    decide_page = reverse("admin:partners_suggestion_refuse", args=[suggestion.pk])
    assert client.post(decide_page, {"answer": ""}).status_code == 200
    decide(client, suggestion, "refuse", answer="Praise is not a name.")

    organisation.refresh_from_db()
    suggestion.refresh_from_db()
    assert (organisation.name_en, suggestion.state) == (before, State.REFUSED)
    signed_in(client, suggestion.by)
    own = client.get(f"{HOME}suggestions/{suggestion.pk}/").content.decode()
    assert "Praise is not a name." in own


def test_a_conflict_is_shown_and_replaced_only_when_staff_say_so(client: Client):
    organisation = a_member(client).organisation
    suggested(client, organisation, name_en="Suggested")
    suggestion = Suggestion.objects.get()
    organisation.name_en = "Edited meanwhile"
    organisation.save()
    sign_in_staff(client, StaffFactory(preferred_language="en"))
    page = f"/en/admin/partners/suggestion/{suggestion.pk}/approve/"

    text = client.get(page).content.decode()
    assert "The text changed since it was suggested." in text
    assert client.post(page, {"answer": ""}).context["form"].errors.keys() == {"compared"}

    decide(client, suggestion, "approve", answer="", compared="on")
    organisation.refresh_from_db()
    assert organisation.name_en == "Suggested"


def test_what_changes_while_staff_read_is_shown_again(client: Client):
    organisation = a_member(client).organisation
    suggested(client, organisation, name_en="Suggested")
    suggestion = Suggestion.objects.get()
    shown = actions.shown_to_staff(suggestion)
    organisation.name_ko = "그사이 고침"
    organisation.save()

    with pytest.raises(actions.ChangedMeanwhileError):
        actions.approve(suggestion, by=StaffFactory(), shown=shown)

    organisation.refresh_from_db()
    suggestion.refresh_from_db()
    assert organisation.name_en != "Suggested"
    assert suggestion.state == State.WAITING
    assert told("suggestion_decided") == []


def test_a_partner_suggests_about_a_programme(client: Client):
    membership = a_member(client)
    program = RoleFactory(organisation=membership.organisation).program

    suggested(client, program, "program", summary_en="In one line, better.")
    sign_in_staff(client, StaffFactory())
    decide(client, Suggestion.objects.get(), "approve")

    program.refresh_from_db()
    assert program.summary_en == "In one line, better."


def test_the_networks_manager_puts_a_suggestion_into_a_programme_and_nothing_else(client: Client):
    membership = a_member(client)
    program = RoleFactory(organisation=membership.organisation).program
    suggested(client, program, "program", summary_en="In one line, better.")
    set_up_roles()
    manager = UserFactory(is_staff=True)
    manager.groups.add(Group.objects.get(name="network_manager"))
    sign_in_staff(client, manager)

    assert not manager.has_perm("programs.change_program")
    decide(client, Suggestion.objects.get(), "approve")

    program.refresh_from_db()
    assert program.summary_en == "In one line, better."


def test_a_record_that_is_gone_can_only_be_refused(client: Client):
    OfficeFactory()
    program = ProgramFactory()
    suggestion = SuggestionFactory(subject=program, was={"title_en": "a"}, wanted={"title_en": "b"})
    program.delete()
    sign_in_staff(client, StaffFactory())

    approve = reverse("admin:partners_suggestion_approve", args=[suggestion.pk])
    assert client.get(approve).status_code == 404
    assert (
        client.get(reverse("admin:partners_suggestion_change", args=[suggestion.pk])).status_code
        == 200
    )
    decide(client, suggestion, "refuse", answer="It is gone.")

    suggestion.refresh_from_db()
    assert suggestion.state == State.REFUSED


def test_the_list_asks_the_same_with_many(client: Client, uncached_queries):
    membership = a_member(client)
    RoleFactory(organisation=membership.organisation)
    SuggestionFactory(membership=membership)
    one = uncached_queries(client, TEXTS)
    for role in RoleFactory.create_batch(10, organisation=membership.organisation):
        SuggestionFactory(membership=membership, subject=role.program, was={}, wanted={})

    assert uncached_queries(client, TEXTS) <= one + 1  # programmes are a second kind of record
