"""The network of the demonstration: its events from the facts, and no member list made up."""

from __future__ import annotations

import pytest
from django.test import Client

from partners.models import Membership, NetworkMember
from programs.models import Milestone

LANGUAGES = [("", "ko"), ("/en", "en"), ("/zh-hans", "zh_hans")]


@pytest.mark.thorough
@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_network_page_tells_every_event(loaded, client: Client, prefix: str, language: str):
    page = client.get(f"{prefix}/partners/network/").content.decode()

    events = Milestone.objects.filter(program__code="oda-working-network")
    titles = list(events.values_list(f"title_{language}", flat=True))
    assert len(titles) >= 8
    assert [title for title in titles if title not in page] == []
    moved = client.get(f"{prefix}/programs/oda-working-network/")
    assert (moved.status_code, moved.url) == (301, f"{prefix}/partners/network/")


@pytest.mark.thorough
def test_nobody_is_made_a_member(loaded, client: Client):
    assert not NetworkMember.objects.exists()
    assert not Membership.objects.exists()
    assert "Member organisations" not in client.get("/en/partners/network/").content.decode()


@pytest.mark.thorough
@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_role_matrix_is_light(loaded, client: Client, prefix: str):
    page = client.get(f"{prefix}/partners/network/matrix/", headers={"accept-encoding": "gzip"})

    assert page.status_code == 200
    assert page.headers["Content-Encoding"] == "gzip"
    assert len(page.content) <= 15_000
