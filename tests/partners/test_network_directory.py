"""Who finds whom in the directory of the network, and how an entry goes."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.privacy import archive, consent_texts, consents, retention
from oda_portal.privacy.closing import close_account
from oda_portal.privacy.models import Consent
from partners.models import Invitation, Membership, Suggestion
from partners.network import actions
from partners.network.panels import Panel, Tab, register_panel, register_tab
from tests.doors import sign_in_staff
from tests.factories import (
    InvitationFactory,
    MembershipFactory,
    NetworkMemberFactory,
    OfficeFactory,
    StaffFactory,
    SuggestionFactory,
    UserFactory,
)
from tests.partners.networkers import HOME, answers, member, person, signed_in

pytestmark = pytest.mark.django_db

DIRECTORY = f"{HOME}directory/"


def listed(client: Client, name: str = "이서연", **fields: object) -> Membership:
    """A member who agreed to stand in the directory, by the form."""
    membership = member(user=person(f"{name}@example.org", name=name), **fields)
    signed_in(client, membership.user)
    said = answers(name=name, post="팀장", telephone="+82 51 000 0000", consent_directory="yes.1")
    assert client.post(f"{HOME}{membership.pk}/", said).status_code == 302
    return membership


def test_only_members_who_agreed_are_listed(client: Client):
    OfficeFactory()
    listed(client)
    quiet = member(user=person("quiet@example.org", name="박조용"))
    signed_in(client, quiet.user)

    page = client.get(DIRECTORY).content.decode()

    assert "이서연" in page
    assert "+82 51 000 0000" in page
    assert "박조용" not in page
    assert "quiet@example.org" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=이서연", True), ("q=팀장", True), ("q=nobody", False), ("organisation=alpha", True),
     ("organisation=nowhere", True)],
)  # fmt: skip
def test_directory_filters(client: Client, query: str, found: bool):
    OfficeFactory()
    organisation = NetworkMemberFactory(organisation__slug="alpha").organisation
    listed(client, organisation=organisation)

    page = client.get(f"{DIRECTORY}?{query}").content.decode()

    assert ("팀장" in page) is found


def test_a_consent_that_is_taken_back_takes_the_entry_at_once(client: Client):
    OfficeFactory()
    membership = listed(client)
    consent = Consent.objects.get(kind="directory", given=True)

    client.post(reverse("privacy:consent_withdraw", args=[consent.pk]))

    membership.refresh_from_db()
    assert membership.in_directory is False
    signed_in(client, member().user)
    assert "이서연" not in client.get(DIRECTORY).content.decode()


@pytest.mark.parametrize("how", ["ended", "left", "closed"])
def test_who_is_no_member_any_more_is_not_listed(client: Client, how: str):
    OfficeFactory()
    membership = listed(client)
    if how == "ended":
        assert actions.end(membership, by=StaffFactory())
    elif how == "left":
        membership.organisation.network.leave(by=None)
    else:
        close_account(membership.user)
    signed_in(client, member().user)

    assert "이서연" not in client.get(DIRECTORY).content.decode()


def test_no_by_the_form_takes_the_entry_and_keeps_the_membership(client: Client):
    OfficeFactory()
    membership = listed(client)

    client.post(f"{HOME}{membership.pk}/", answers(name="이서연", consent_directory="no.1"))

    membership.refresh_from_db()
    assert (membership.in_directory, membership.state) == (False, Membership.State.ACTIVE)


def test_the_directory_asks_the_same_with_many(client: Client, uncached_queries):
    OfficeFactory()
    reader = member()
    signed_in(client, reader.user)
    MembershipFactory(in_directory=True)
    one = uncached_queries(client, DIRECTORY)
    MembershipFactory.create_batch(20, in_directory=True)

    assert uncached_queries(client, DIRECTORY) == one


def test_rooms_put_their_panels_and_lists_on_the_members_home(client: Client):
    OfficeFactory()
    signed_in(client, member().user)

    page = client.get(HOME).content.decode()

    for name in ("entries", "texts"):
        assert f'id="{name}"' in page
    assert DIRECTORY in page
    for register, row in (
        (register_panel, Panel("entries", "x", 1, "x.html", lambda request, rows: None)),
        (register_tab, Tab("network:directory", "x", 1)),
    ):
        with pytest.raises(ValueError, match="twice"):
            register(row)


# --- personal data --------------------------------------------------------------------------------


def test_a_person_gets_what_there_is_and_closing_leaves_nothing(client: Client):
    membership = listed(client)
    user = membership.user
    InvitationFactory(email=user.email)
    SuggestionFactory(membership=membership)

    with zipfile.ZipFile(archive.archive_of(user)) as given:
        data = json.loads(given.read("data.json"))
    assert data["partners.memberships"][0]["post"] == "팀장"
    assert data["partners.invitations"][0]["email"] == user.email
    assert data["partners.suggestions"][0]["wanted"]

    close_account(user)
    assert not Membership.objects.exists()
    assert not Invitation.objects.exists()
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("state", "days", "stays"),
    [("ended", 364, True), ("ended", 366, False), ("refused", 182, True), ("refused", 184, False),
     ("active", 4000, True)],
)  # fmt: skip
def test_memberships_go_when_their_time_is_over(state: str, days: int, stays: bool):
    retention.load_rules()
    over = timezone.now() - timedelta(days=days - 31)
    member(state=state, asked_at=over, ended_at=None if state == "active" else over)

    retention.destroy_due()  # the notice
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        retention.destroy_due()

    assert Membership.objects.exists() is stays


def test_an_export_asks_for_a_reason(client: Client):
    OfficeFactory()
    membership = member()
    sign_in_staff(client, StaffFactory())
    page = reverse("admin:partners_membership_changelist")
    chosen = {"action": "export_selected", "_selected_action": [membership.pk]}

    assert membership.user.email not in client.post(page, chosen).content.decode()
    sheet = client.post(page, {**chosen, "sure": "yes", "reason": "meeting in May"})

    assert membership.user.email in b"".join(sheet.streaming_content).decode()


def test_consent_to_be_a_member_that_is_gone_ends_the_membership():
    consent_texts.load(in_force=True)
    membership = member(user=UserFactory())
    text = next(text for text in consents.current_texts(["network"]))
    consents.give(membership, text, given=True, by=membership.user)

    consents.withdraw(membership, "network", by=membership.user)

    membership.refresh_from_db()
    assert membership.state == Membership.State.ENDED
