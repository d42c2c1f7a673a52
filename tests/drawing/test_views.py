"""The address of the world map, and the names that pages lay over maps."""

import gzip
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from oda_portal.drawing.geometry import Point
from oda_portal.drawing.maps import locator, world_base
from oda_portal.drawing.regions import region
from tests.factories import OfficeFactory

from .places import HOME


@pytest.mark.django_db
def test_world_is_the_map_of_the_office_and_is_kept_for_long(client):
    OfficeFactory(longitude=-3.7, latitude=40.4)

    response = client.get(reverse("drawing:world"))

    assert response.status_code == 200
    assert response.content.decode() == world_base(Point(-3.7, 40.4))
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert "max-age=86400" in response.headers["Cache-Control"]
    assert response.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in response.headers


@pytest.mark.django_db
def test_world_is_packed_where_the_browser_takes_it(client):
    OfficeFactory()

    response = client.get(reverse("drawing:world"), headers={"Accept-Encoding": "gzip, br"})

    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content).decode() == world_base(HOME)
    assert len(response.content) < 6_000


@pytest.mark.django_db
def test_world_is_not_sent_again_to_whoever_has_it(client):
    OfficeFactory()
    address = reverse("drawing:world")
    etag = client.get(address).headers["ETag"]

    known = client.get(address, headers={"If-None-Match": etag, "Accept-Encoding": "gzip"})
    other = client.get(address, headers={"If-None-Match": 'W/"another"'})

    assert (known.status_code, known.content) == (304, b"")
    assert known.headers["ETag"] == etag
    assert (other.status_code, other.content.decode()) == (200, world_base(HOME))


@pytest.mark.django_db
def test_world_is_not_written_to(client):
    OfficeFactory()

    assert client.post(reverse("drawing:world")).status_code == 405


def labels_drawn(labels, **context):
    return ET.fromstring(render_to_string("drawing/labels.html", {"labels": labels, **context}))


def test_labels_stand_over_a_locator_in_its_own_coordinates():
    labels = locator(Point(106.9, 47.9), HOME, "496").labels("Улаанбаатар <МУ>", "Busan")

    with translation.override("en"):
        root = labels_drawn(labels)

    here, home = root.iter("text")
    assert root.get("viewBox") == "0 0 960 540"
    assert root.get("aria-hidden") == "true"
    assert (here.text, here.get("class")) == ("Улаанбаатар <МУ>", "at")
    assert (home.text, home.get("class")) == ("Busan", None)
    assert [home.get("x"), home.get("y")] == [str(labels[1].x), str(labels[1].y)]


def test_labels_stand_over_a_region_in_its_own_coordinates():
    drawn = region(("398",), home=HOME, pin=Point(71.43, 51.13))

    root = labels_drawn(
        drawn.labels({"398": "Kazakhstan"}, pin_name="Astana"), box=drawn.box, look="light"
    )

    assert (root.get("viewBox"), root.get("class")) == ("0 0 960 411", "light")
    assert {text.text: text.get("class") for text in root.iter("text")} == {
        "Astana": "pin",
        "Kazakhstan": None,
    }
