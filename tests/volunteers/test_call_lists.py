"""Which calls stand where: what can be applied to comes first, everywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import CallFactory, OfficeFactory, OpeningFactory
from volunteers.models import Call, Opening

pytestmark = pytest.mark.django_db


def call(opens: int, closes: int, **fields: object) -> Call:
    """A call that opens and closes so many days from now."""
    now = timezone.now()
    return CallFactory(
        opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes), **fields
    )


def test_list_has_open_calls_by_deadline_then_those_to_come_then_the_latest(client: Client):
    OfficeFactory()
    closed_long, closed_lately = call(-90, -60), call(-30, -2)
    later, soon = call(20, 40), call(5, 60)
    relaxed, urgent = call(-1, 30), call(-7, 1)

    page = client.get("/volunteers/calls/").context["listing"].page

    assert list(page) == [urgent, relaxed, soon, later, closed_lately, closed_long]


def test_list_of_a_team_has_each_call_once(client: Client):
    OfficeFactory()
    wanted, other = call(-1, 2), call(-1, 1)
    OpeningFactory.create_batch(2, call=wanted, team=Opening.Team.MEDICAL)
    OpeningFactory(call=other)

    page = client.get("/volunteers/calls/?team=medical").context["listing"].page

    assert list(page) == [wanted]


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_home_page_shows_open_calls_alone(client: Client, prefix: str):
    OfficeFactory()
    call(5, 9)
    call(-9, -5)
    is_open = call(-1, 9)

    response = client.get(f"{prefix}/")

    assert response.context["home"]["open_calls"] == [is_open]
    assert f'href="{prefix}{is_open.get_absolute_url()}"' in response.content.decode()


def test_stage_of_today_is_marked_on_the_page_of_the_call(client: Client):
    OfficeFactory()
    today = timezone.localdate()
    row = call(-1, 9)
    for first, last in ((-3, -2), (-1, 1), (2, 3)):
        row.stages.create(
            kind="screening",
            title_ko=f"단계{first}",
            starts_on=today + timedelta(days=first),
            ends_on=today + timedelta(days=last),
        )

    page = client.get(row.get_absolute_url()).content.decode()

    assert page.count('aria-current="step"') == 1
    marked = page.split('aria-current="step"')[1].split("</li>")[0]
    assert "단계-1" in marked
