"""People of the network and their letters, for its tests."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

from oda_portal.accounts.models import User
from oda_portal.mail.models import Message
from oda_portal.privacy import consent_texts, consents
from oda_portal.privacy.models import Kind
from partners.models import Membership, Organisation
from tests.factories import MembershipFactory, UserFactory

JOIN = "/en/partners/network/join/"
HOME = "/en/partners/network/members/"


def person(email: str = "mina@example.org", **fields: Any) -> User:
    """Somebody with an account whose address is known to be theirs."""
    user = UserFactory(email=email, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def member(organisation: Organisation | None = None, **fields: Any) -> Membership:
    given = {"organisation": organisation} if organisation else {}
    return MembershipFactory(**given, **fields)


def agreed(membership: Membership) -> Membership:
    """Whoever asked to join has consented; the texts are in force from here on."""
    consent_texts.load(in_force=True)
    (text,) = consents.current_texts([Kind.NETWORK])
    consents.give(membership, text, given=True, by=membership.user)
    return membership


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def answers(**said: Any) -> dict[str, Any]:
    """The form of whoever joins, filled in; the consents are in force from here on."""
    consent_texts.load(in_force=True)
    return {"name": "김민아", "consent_network": "yes.1", **said}


def told(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("pk"))
