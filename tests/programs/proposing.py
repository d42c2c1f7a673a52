"""People and words for the tests of proposals."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import translation

from oda_portal.accounts.models import User
from partners.models import Organisation
from programs.models import Proposal
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.factories import MembershipFactory, UserFactory


def member_of(organisation: Organisation | None = None, **user: Any) -> User:
    """Somebody who works for this organisation of the network, or for one of their own."""
    more = {"organisation": organisation} if organisation else {}
    return MembershipFactory(user=UserFactory(**user), **more).user


def organisation_of(user: User) -> Organisation:
    return user.memberships.get().organisation


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def staff_client(user: User) -> Client:
    client = Client()
    sign_in_staff(client, user)
    return client


def words(user: User, **said: Any) -> dict[str, Any]:
    """What somebody fills in on a new proposal, with its hidden controls."""
    return {
        "form_key": str(uuid4()),
        "organisation": organisation_of(user).pk,
        "language": "ko",
        "title": "마을 도서관",
        "place": "다낭시 호아방",
        "need": "책을 읽을 곳이 없다.",
        "idea": "폐교를 도서관으로 고친다.",
        "role": "implements",
        **said,
    }


def comment(user: User, text: str = "우리도 책을 모으겠습니다.", **said: Any) -> dict[str, Any]:
    return {
        "form_key": str(uuid4()),
        "organisation": organisation_of(user).pk,
        "language": "ko",
        "text": text,
        **said,
    }


def joining(user: User, **said: Any) -> dict[str, Any]:
    return {"organisation": organisation_of(user).pk, "role": "funds", "note": "", **said}


def page(proposal: Proposal, name: str = "detail", *, language: str = "ko") -> str:
    with translation.override(language):
        return reverse(f"proposals:proposal_{name}", args=[proposal.uuid])


def office(proposal: Proposal, act: str, *more: int) -> str:
    return reverse(f"admin:programs_proposal_{act}", args=[proposal.pk, *more])


def carry_out(client: Client, proposal: Proposal, act: str, **said: Any):
    """As staff do it: look at the letters, then confirm."""
    reason = "5월 회의에서 이야기했습니다."
    said = {**filled(client.get(office(proposal, act))), "reason": reason, **said}
    shown = client.post(office(proposal, act), {**said, "look": "1"}).content.decode()
    stamp = re.search(r'name="shown" value="(\w+)"', shown)
    assert stamp, "the page shows no letter to confirm"
    return client.post(office(proposal, act), {**said, "shown": stamp[1], "sure": "1"}, follow=True)
