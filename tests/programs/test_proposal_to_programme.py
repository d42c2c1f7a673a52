"""One story from end to end: an idea of a member becomes a public programme with its partners."""

from __future__ import annotations

import pytest
from django.test import Client

from oda_portal.audit.models import Transition
from oda_portal.publishing.actions import publish
from programs.models import Program, Proposal
from tests.accounts.test_roles import member
from tests.factories import OfficeFactory, StaffFactory
from tests.letters import delivered
from tests.programs.proposing import (
    carry_out,
    comment,
    joining,
    member_of,
    organisation_of,
    page,
    signed_in,
    staff_client,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_from_idea_to_programme(language: str):
    OfficeFactory()
    prefix = "" if language == "ko" else f"/{language}"
    proposer = member_of(preferred_language=language, name="홍길동")
    partner = member_of(preferred_language="en")
    other = member_of()
    office = staff_client(member("network_manager"))

    # A draft is written, seen by nobody else, and submitted.
    at_desk = signed_in(proposer)
    form = words(proposer, language=language, title="Library", save="1")
    at_desk.post(f"{prefix}/partners/network/members/proposals/new/", form)
    proposal = Proposal.objects.get()
    assert signed_in(partner).get(page(proposal)).status_code == 404
    at_desk.post(page(proposal, "submit", language=language))

    # Others join and comment; the office takes it up.
    signed_in(partner).post(page(proposal, "join"), joining(partner, note="Books"))
    signed_in(other).post(page(proposal, "comment"), comment(other))
    carry_out(office, proposal, "discuss")

    # The proposer improves it, and the office adopts it in the roles that they want.
    shown = at_desk.get(page(proposal, "edit", language=language))
    better = words(proposer, language=language, title="A library", seen=shown.context["seen"])
    assert at_desk.post(page(proposal, "edit", language=language), better).status_code == 302
    carry_out(office, proposal, "adopt", code="a-library", kind="consulting", arrangement="own")

    program = Program.objects.get()
    column = f"title_{language.replace('-', '_')}"
    assert getattr(program, column) == "A library"
    assert Client().get(f"{prefix}/programs/a-library/").status_code == 404
    publish(program, by=StaffFactory())
    public = Client().get(f"{prefix}/programs/a-library/").content.decode()
    assert f"/organisations/{organisation_of(proposer).slug}/" in public
    assert f"/organisations/{organisation_of(partner).slug}/" in public
    assert f"/organisations/{organisation_of(other).slug}/" not in public
    assert "홍길동" not in public

    # Everybody who took part reads what became of it.
    after = signed_in(other).get(page(proposal, language=language)).content.decode()
    assert f'href="{prefix}/programs/a-library/"' in after
    states = Transition.objects.filter(field="state").order_by("pk")
    assert list(states.values_list("to_state", flat=True)) == [
        "submitted", "in_discussion", "adopted",
    ]  # fmt: skip
    to = [letter.to[0] for letter in delivered()]
    assert to.count(proposer.email) == 3
    assert to.count(partner.email) == 3
    assert other.email not in to
