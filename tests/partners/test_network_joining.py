"""Becoming a member of the network: invited or asking, approved or not, and ending."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy import consents
from oda_portal.privacy.models import AccessSubject
from partners.models import Invitation, Membership, NetworkMember
from partners.network import actions
from tests.doors import sign_in_staff
from tests.factories import (
    InvitationFactory,
    MembershipFactory,
    NetworkMemberFactory,
    OfficeFactory,
    OrganisationFactory,
    StaffFactory,
    UserFactory,
)
from tests.news.subscribers import mailed_link
from tests.partners.networkers import (
    HOME,
    JOIN,
    agreed,
    answers,
    member,
    person,
    signed_in,
    told,
)

pytestmark = pytest.mark.django_db

State = Membership.State
LANGUAGES = ["", "/en", "/zh-hans"]


# --- who opens the pages of members ---------------------------------------------------------------


@pytest.mark.parametrize("prefix", LANGUAGES)
def test_member_home_opens_for_a_member_in_each_language(client: Client, prefix: str):
    OfficeFactory()
    membership = member()
    signed_in(client, membership.user)

    page = client.get(f"{prefix}/partners/network/members/")

    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    language = {"": "ko", "/en": "en", "/zh-hans": "zh_hans"}[prefix]
    assert getattr(membership.organisation, f"name_{language}") in page.content.decode()


@pytest.mark.parametrize("page", ["directory/", "texts/", "documents/", "action-items/"])
def test_pages_of_members_are_there_for_nobody_else(client: Client, page: str):
    OfficeFactory()
    member()

    assert client.get(HOME + page).url.startswith("/en/accounts/login/")

    signed_in(client, UserFactory())
    assert client.get(HOME + page).status_code == 404


def test_who_is_no_member_is_shown_from_the_home_how_to_become_one(client: Client):
    OfficeFactory()
    member()
    assert client.get(HOME).url.startswith("/en/accounts/login/")

    signed_in(client, UserFactory())

    assert client.get(HOME).url == JOIN
    assert "Ask to join" in client.get(HOME, follow=True).content.decode()


def test_who_waits_is_shown_where_that_stands(client: Client):
    OfficeFactory()
    membership = member(state=State.PENDING, approved_at=None)
    signed_in(client, membership.user)

    page = client.get(HOME, follow=True)

    assert page.redirect_chain == [(JOIN, 302)]
    assert "Waiting for approval" in page.content.decode()


@pytest.mark.parametrize("state", [State.REFUSED, State.ENDED])
def test_who_was_refused_or_has_ended_finds_no_page(client: Client, state: str):
    membership = member(state=state)
    signed_in(client, membership.user)

    assert client.get(HOME).url == JOIN
    assert client.get(f"{HOME}directory/").status_code == 404


def test_members_of_an_organisation_that_left_lose_access_and_get_it_back(client: Client):
    OfficeFactory()
    membership = member()
    network = membership.organisation.network
    signed_in(client, membership.user)

    assert network.leave(by=None, reason="closed")
    assert not network.leave(by=None)
    assert client.get(HOME).url == JOIN
    assert client.get(f"{HOME}directory/").status_code == 404

    assert network.confirm(by=None)
    assert client.get(HOME).status_code == 200
    moves = Transition.objects.filter(field="standing").order_by("pk")
    assert [move.to_state for move in moves] == ["left", "member"]


# --- invited --------------------------------------------------------------------------------------


def test_staff_invite_after_reading_the_letter_and_once(client: Client):
    OfficeFactory()
    network = NetworkMemberFactory()
    sign_in_staff(client, StaffFactory())
    page = reverse("admin:partners_networkmember_invite", args=[network.pk])
    said = {"email": "Mina@Example.org", "language": "en"}

    shown = client.post(page, said)

    assert "Invitation to the ODA working-level network" in shown.content.decode()
    assert network.organisation.name_en in shown.content.decode()
    assert not Invitation.objects.exists()

    stamp = shown.context["form"].stamp()
    sure = {**said, "sure": "yes", "shown": stamp}
    assert client.post(page, sure).status_code == 302
    assert client.post(page, sure).status_code == 200  # told that it is open already

    invitation = Invitation.objects.get()
    assert invitation.email == "mina@example.org"
    assert [message.to for message in told("network_invited")] == ["mina@example.org"]


def test_another_address_than_the_one_shown_is_shown_first(client: Client):
    OfficeFactory()
    network = NetworkMemberFactory()
    sign_in_staff(client, StaffFactory())
    page = reverse("admin:partners_networkmember_invite", args=[network.pk])
    shown = client.post(page, {"email": "a@example.org", "language": "ko"})

    client.post(
        page,
        {
            "email": "b@example.org",
            "language": "ko",
            "sure": "yes",
            "shown": shown.context["form"].stamp(),
        },
    )

    assert not Invitation.objects.exists()


def test_whoever_has_the_address_accepts_and_is_a_member(client: Client):
    OfficeFactory()
    staff = StaffFactory()
    organisation = NetworkMemberFactory().organisation
    user = person("mina@example.org")
    actions.invite(organisation, email="mina@example.org", language="en", by=staff)
    link = mailed_link("network_invited")

    before = client.get(link)
    assert "Sign in or sign up" in before.content.decode()
    assert not Membership.objects.exists()
    assert client.post(link).url.startswith("/en/accounts/login/?next=")

    signed_in(client, user)
    accepted = client.post(link, answers(post="과장", consent_directory="yes.1"))

    assert accepted.url == JOIN
    membership = Membership.objects.get()
    assert (membership.user, membership.organisation) == (user, organisation)
    assert (membership.state, membership.approved_by) == (State.ACTIVE, staff)
    assert (membership.post, membership.in_directory) == ("과장", True)
    assert consents.has_given(membership, "network")
    assert client.get(HOME).status_code == 200


def test_an_invitation_that_was_passed_on_waits_for_staff(client: Client):
    OfficeFactory()
    organisation = NetworkMemberFactory().organisation
    actions.invite(organisation, email="mina@example.org", language="en", by=StaffFactory())
    link = mailed_link("network_invited")
    signed_in(client, person("other@example.org"))

    client.post(link, answers())

    assert Membership.objects.get().state == State.PENDING
    assert client.get(HOME).url == JOIN


def test_who_has_no_account_signs_up_and_proves_the_address_by_another_mail(client: Client):
    OfficeFactory()
    organisation = NetworkMemberFactory().organisation
    actions.invite(organisation, email="new@example.org", language="en", by=StaffFactory())
    link = mailed_link("network_invited")

    gone = client.post(link)
    assert gone.url.startswith("/en/accounts/signup/?next=")
    password = "a long way to Busan"
    said = {"email": "new@example.org", "preferred_language": "en", "old_enough": "on"}
    client.post(gone.url, {**said, "password1": password, "password2": password})

    # The mail may have been passed on: whoever follows its link may not have the mailbox.
    assert not EmailAddress.objects.get(email="new@example.org").verified
    client.post(link, answers())
    assert not Membership.objects.exists()


def test_consent_is_needed_and_what_was_written_stays(client: Client):
    OfficeFactory()
    organisation = NetworkMemberFactory().organisation
    user = person("mina@example.org")
    InvitationFactory(organisation=organisation, email=user.email)
    signed_in(client, user)
    page = f"{JOIN}{Invitation.objects.get().pk}/"

    refused = client.post(page, answers(post="과장", consent_network="no.1"))

    assert "We need this consent for your membership" in refused.content.decode()
    assert "과장" in refused.content.decode()
    assert not Membership.objects.exists()


def test_an_invitation_is_nobody_elses(client: Client):
    invitation = InvitationFactory(email="mina@example.org")
    signed_in(client, person("other@example.org"))

    assert client.get(f"{JOIN}{invitation.pk}/").status_code == 404


def test_my_page_shows_an_invitation_and_no_panel_to_others(client: Client):
    OfficeFactory()
    InvitationFactory(email="mina@example.org")
    signed_in(client, person("mina@example.org"))

    assert "You are invited" in client.get("/en/accounts/").content.decode()

    signed_in(client, person("other@example.org"))
    assert 'id="network"' not in client.get("/en/accounts/").content.decode()


@pytest.mark.parametrize("how", ["declined", "taken back", "too old"])
def test_an_invitation_that_is_over_opens_nothing(client: Client, how: str):
    OfficeFactory()
    staff = StaffFactory()
    organisation = NetworkMemberFactory().organisation
    invitation = actions.invite(organisation, email="mina@example.org", language="en", by=staff)
    link = mailed_link("network_invited")
    signed_in(client, person("mina@example.org"))
    if how == "declined":
        client.post(link, {"decline": "1"})
    elif how == "taken back":
        assert invitation.take_back(by=staff)
        assert not invitation.take_back(by=staff)
    else:
        days = timedelta(days=Invitation.DAYS + 1)
        Invitation.objects.update(invited_at=timezone.now() - days)

    page = client.post(link, answers())

    assert "Accept" not in page.content.decode()
    assert not Membership.objects.exists()


def test_an_invitation_is_sent_again_when_its_time_is_over():
    staff = StaffFactory()
    organisation = NetworkMemberFactory().organisation
    first = actions.invite(organisation, email="mina@example.org", language="en", by=staff)
    assert actions.invite(organisation, email="mina@example.org", language="en", by=staff) is None
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=Invitation.DAYS + 1))

    again = actions.invite(organisation, email="mina@example.org", language="en", by=staff)

    assert again == first
    assert again.is_open()
    assert len(told("network_invited")) == 2


# --- asking ---------------------------------------------------------------------------------------


def test_asking_twice_is_once_and_opens_nothing(client: Client):
    OfficeFactory()
    organisation = NetworkMemberFactory().organisation
    signed_in(client, person())
    said = answers(organisation=organisation.slug, telephone="+82 51 123 4567")

    client.post(JOIN, said)
    client.post(JOIN, said)

    membership = Membership.objects.get()
    assert (membership.state, membership.telephone) == (State.PENDING, "+82 51 123 4567")
    assert client.get(HOME).url == JOIN


def test_only_organisations_of_the_network_can_be_chosen(client: Client):
    OfficeFactory()
    signed_in(client, person())
    stranger = OrganisationFactory(name_en="No member")
    asked = NetworkMemberFactory(confirmed_at=None).organisation
    left = NetworkMemberFactory(left_on=timezone.localdate()).organisation
    for organisation in (stranger, asked, left):
        page = client.post(JOIN, answers(organisation=organisation.slug))
        assert "Choose one." in page.content.decode()
        assert f'value="{organisation.slug}"' not in page.content.decode()

    assert not Membership.objects.exists()


@pytest.mark.parametrize("telephone", ["call me", "1" * 31, "<b>1</b>"])
def test_a_telephone_number_that_is_none_is_refused(client: Client, telephone: str):
    OfficeFactory()
    organisation = NetworkMemberFactory().organisation
    signed_in(client, person())

    page = client.post(JOIN, answers(organisation=organisation.slug, telephone=telephone))

    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"telephone"}


def test_nobody_can_ask_while_there_is_no_text_in_force(client: Client):
    OfficeFactory()
    NetworkMemberFactory()
    signed_in(client, person())

    assert "Nobody can ask at the moment" in client.get(JOIN).content.decode()


@pytest.mark.parametrize(
    ("act", "before", "after", "said"),
    [
        ("approve", State.PENDING, State.ACTIVE, "has approved your membership"),
        ("refuse", State.PENDING, State.REFUSED, "could not approve your membership"),
        ("end", State.ACTIVE, State.ENDED, "Your membership has ended"),
    ],
)
def test_staff_read_the_letter_and_decide_once(
    client: Client, act: str, before: str, after: str, said: str
):
    OfficeFactory()
    approved_at = timezone.now() if before == State.ACTIVE else None
    membership = agreed(
        member(user=person(preferred_language="en"), state=before, approved_at=approved_at)
    )
    staff = StaffFactory()
    sign_in_staff(client, staff)
    page = reverse(f"admin:partners_membership_{act}", args=[membership.pk])

    assert said in client.get(page).content.decode()
    assert not Message.objects.exists()
    client.post(page, {"reason": "asked by phone"})
    client.post(page, {"reason": "asked by phone"})

    membership.refresh_from_db()
    assert membership.state == after
    assert [message.to for message in told("network_membership")] == ["mina@example.org"]
    move = Transition.objects.get(field="state")
    assert (move.from_state, move.to_state, move.by) == (before, after, staff)
    looks = AccessSubject.objects.filter(label="partners.membership", object_id=membership.pk)
    assert looks.count() >= 2


@pytest.mark.parametrize("state", [State.ENDED, State.REFUSED])
def test_nobody_is_approved_who_took_the_consent_back(client: Client, state: str):
    OfficeFactory()
    membership = agreed(member(state=state, ended_at=timezone.now()))
    consents.withdraw(membership, "network", by=membership.user)
    staff = StaffFactory(preferred_language="en")
    sign_in_staff(client, staff)
    page = f"/en/admin/partners/membership/{membership.pk}/approve/"

    for asked in (client.get(page, follow=True), client.post(page, follow=True)):
        assert "does not agree to our keeping their data" in asked.content.decode()
    assert not actions.approve(membership, by=staff)

    membership.refresh_from_db()
    assert membership.state == state
    assert told("network_membership") == []


def test_an_act_that_does_not_fit_the_state_has_no_page(client: Client):
    membership = member()
    sign_in_staff(client, StaffFactory())

    page = reverse("admin:partners_membership_refuse", args=[membership.pk])

    assert client.get(page).status_code == 404


def test_who_was_refused_may_ask_again(client: Client):
    OfficeFactory()
    membership = member(user=person(), state=State.REFUSED, ended_at=timezone.now())
    signed_in(client, membership.user)

    client.post(JOIN, answers(organisation=membership.organisation.slug))

    membership.refresh_from_db()
    assert (membership.state, membership.ended_at) == (State.PENDING, None)


def test_leaving_ends_access_and_takes_the_consents_back(client: Client):
    OfficeFactory()
    user = person()
    invitation = InvitationFactory(email=user.email)
    signed_in(client, user)
    client.post(f"{JOIN}{invitation.pk}/", answers(consent_directory="yes.1"))
    membership = Membership.objects.get()

    client.post(f"{HOME}{membership.pk}/leave/")

    membership.refresh_from_db()
    assert (membership.state, membership.in_directory) == (State.ENDED, False)
    assert not consents.has_given(membership, "network")
    assert not consents.has_given(membership, "directory")
    assert client.get(HOME).url == JOIN
    assert client.get(f"{HOME}directory/").status_code == 404


def test_the_entry_of_another_member_is_not_there(client: Client):
    other, me = member(), MembershipFactory()
    signed_in(client, me.user)

    assert client.get(f"{HOME}{other.pk}/").status_code == 404
    assert client.post(f"{HOME}{other.pk}/leave/").status_code == 404
    other.refresh_from_db()
    assert other.state == State.ACTIVE


# --- member organisations in the back office ------------------------------------------------------


def test_staff_confirm_an_organisation_and_let_it_leave(client: Client):
    OfficeFactory()
    network = NetworkMemberFactory(confirmed_at=None)
    sign_in_staff(client, StaffFactory())
    for act in ("confirm", "leave"):
        page = reverse(f"admin:partners_networkmember_{act}", args=[network.pk])
        assert client.get(page).status_code == 200
        assert client.post(page, {"reason": ""}).status_code == 302

    network = NetworkMember.objects.get()
    assert (network.confirmed_at is None, network.left_on) == (False, timezone.localdate())
    moves = Transition.objects.filter(field="standing").order_by("pk")
    assert [move.to_state for move in moves] == ["member", "left"]


def test_nobody_is_invited_for_an_organisation_that_is_not_confirmed(client: Client):
    network = NetworkMemberFactory(confirmed_at=None)
    sign_in_staff(client, StaffFactory())

    page = reverse("admin:partners_networkmember_invite", args=[network.pk])

    assert client.get(page).status_code == 404


def test_the_back_office_says_who_waits(client: Client):
    OfficeFactory()
    member(state=State.PENDING, approved_at=None)
    sign_in_staff(client, StaffFactory(preferred_language="en"))

    assert "1 person asks to join the network." in client.get("/en/admin/").content.decode()
