"""The sheets of the atlas: their land, and where countries and cities lie on them."""

from __future__ import annotations

import gzip
import math
from xml.etree import ElementTree

import pytest
from django.test import Client

from oda_portal.drawing.frames import BOX, FRAMES, INSET, Sheet, frame_base
from oda_portal.drawing.maps import world_points
from tests.factories import OfficeFactory

from .places import CITIES, HOME

SHEETS = ["", *FRAMES]


@pytest.mark.parametrize("name", FRAMES)
def test_region_is_a_light_drawing_without_words(name: str):
    svg = frame_base(name, HOME)

    root = ElementTree.fromstring(svg)
    assert root.get("viewBox") == f"0 0 {BOX.width} {BOX.height}"
    assert not [element for element in root.iter() if (element.text or "").strip()]
    assert len(gzip.compress(svg.encode())) < 6_000


@pytest.mark.parametrize("name", SHEETS)
def test_every_place_is_marked_on_every_sheet(name: str):
    sheet = Sheet(name, HOME)

    for city in CITIES:
        assert BOX.holds(sheet.at(city.point), INSET - 20), city.name


def test_world_is_the_one_of_the_home_page():
    sheet = Sheet("", HOME)

    drawn = world_points(HOME, [city.point for city in CITIES])

    assert all(
        math.dist(sheet.at(city.point), (x, y)) < 0.1
        for city, (x, y, _shown) in zip(CITIES, drawn, strict=True)
    )


def test_country_is_outlined_and_its_middle_lies_in_the_outline():
    sheet = Sheet("south-east-asia", HOME)

    x, y = sheet.at_country("116")  # Cambodia

    assert math.dist((x, y), sheet.at(next(c.point for c in CITIES if c.country == "116"))) < 60
    assert sheet.outline("116").startswith("M")


def test_country_without_outline_has_neither():
    sheet = Sheet("", HOME)

    assert sheet.at_country("308") is None
    assert sheet.outline("") == ""


def test_north_is_up_and_east_is_right_in_a_region():
    sheet = Sheet("europe", HOME)
    cities = {city.name: sheet.at(city.point) for city in CITIES}

    assert cities["Hamburg"][1] < cities["Genoa"][1]
    assert cities["Barcelona"][0] < cities["Istanbul"][0]


@pytest.mark.django_db
def test_region_answers_once_for_all_languages(client: Client):
    OfficeFactory()

    answer = client.get("/drawings/regions/south-asia.svg", headers={"Accept-Encoding": "gzip"})
    again = client.get(
        "/drawings/regions/south-asia.svg", headers={"If-None-Match": answer.headers["ETag"]}
    )

    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert gzip.decompress(answer.content).startswith(b"<svg")
    assert again.status_code == 304


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["x", "world", "south-asia-", "SOUTH-ASIA"])
def test_unknown_region_has_no_drawing(client: Client, name: str):
    assert client.get(f"/drawings/regions/{name}.svg").status_code == 404
