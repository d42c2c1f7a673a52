"""Pictures are of what is public at this moment, of every kind that has one."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from PIL import Image

from oda_portal.publishing.models import Status
from oda_portal.structured.pictures.registry import kinds
from tests.factories import OfficeFactory

from .pictured import ROWS, address

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("lang", ["ko", "en", "zh-Hans"])
@pytest.mark.parametrize("kind", ROWS)
def test_public_row_has_a_picture(client: Client, kind: str, lang: str):
    OfficeFactory()

    response = client.get(address(kind, ROWS[kind](), lang))

    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)
    assert response.headers["Content-Language"] == lang
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Cookie" not in response.headers.get("Vary", "")


def test_every_kind_is_tried_here():
    assert set(ROWS) == {each.kind for each in kinds()}


@pytest.mark.every_case
@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN])
@pytest.mark.parametrize("kind", ROWS)
def test_what_is_not_published_has_none(client: Client, kind: str, status: str):
    OfficeFactory()

    assert client.get(address(kind, ROWS[kind](status=status))).status_code == 404


@pytest.mark.parametrize("kind", ROWS)
def test_picture_comes_and_goes_by_the_clock(client: Client, kind: str):
    OfficeFactory()
    # Later than the process began, so that a question asked then is seen.
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        now = timezone.now()
        path = address(kind, ROWS[kind](publish_at=now + HOUR, expire_at=now + 3 * HOUR))
    found = []

    for hours in (0, 2, 4):
        with time_machine.travel(now + hours * HOUR):
            found.append(client.get(path).status_code)

    assert found == [404, 200, 404]
