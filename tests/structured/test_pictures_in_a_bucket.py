"""Pictures that are drawn, kept in a bucket: once, as long as somebody wants them."""

from __future__ import annotations

import pytest
from django.test import Client

from oda_portal.files.storages import private_storage
from oda_portal.structured.pictures import keeping
from tests.factories import OfficeFactory
from tests.storing.places import IN_A_BUCKET, age, nowhere, stored, use

pytestmark = [*IN_A_BUCKET, pytest.mark.django_db]
HOME = "/share/portal/home.ko.png"
LONG = keeping.UNUSED.days * 24 + 24


def test_a_picture_is_drawn_once_and_stays_while_it_is_wanted(client: Client):
    OfficeFactory()
    first = client.get(HOME).content
    [name] = [name.removeprefix("private/") for name in stored()]
    age(private_storage(), name, LONG)

    assert client.get(HOME).content == first
    assert (keeping.sweep(), len(stored())) == (0, 1)

    age(private_storage(), name, LONG)
    assert (keeping.sweep(), len(stored())) == (1, 0)


def test_a_storage_that_is_away_costs_only_the_keeping(client: Client, settings):
    OfficeFactory()
    use(settings, nowhere())

    answer = client.get(HOME)

    assert (answer.status_code, answer.content[:4]) == (200, b"\x89PNG")
