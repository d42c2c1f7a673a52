"""Names on the map of the world."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from django.conf import settings
from django.utils import translation

from oda_portal.drawing.labels import frame_of
from partners.models import City
from partners.worldmap import LETTERS, world_map
from tests.factories import CityFactory, OfficeFactory

CITIES = [
    ("프놈펜", "Phnom Penh", "金边", 11.5564, 104.9282),
    ("호찌민", "Ho Chi Minh City", "胡志明市", 10.7769, 106.7009),
    ("세부주", "Cebu Province", "宿务省", 10.3157, 123.8854),
    ("양곤", "Yangon", "仰光", 16.8409, 96.1735),
    ("울란바토르", "Ulaanbaatar", "乌兰巴托", 47.8864, 106.9057),
]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_world_map_names_all_active_cities_and_none_touches_another(language: str):
    OfficeFactory()
    for ko, en, zh, latitude, longitude in CITIES:
        CityFactory(name_ko=ko, name_en=en, name_zh_hans=zh, latitude=latitude, longitude=longitude)
    cities = City.objects.published()

    with translation.override(language):
        drawn = world_map(cities, active={city.pk for city in cities})

    frames = [frame_of(label, LETTERS) for label, _city in drawn.labels]
    assert len(frames) == len(CITIES) + 1
    assert not [label for label, _city in drawn.labels if label.lead]
    assert not [pair for pair in combinations(frames, 2) if pair[0].meets(pair[1])]
    assert all(frame.left >= 0 and frame.right <= drawn.size for frame in frames)


def test_no_name_on_the_map_is_drawn_larger_than_it_was_placed():
    rules = (settings.BASE_DIR / "static/css/home.css").read_text(encoding="utf-8")

    blocks = re.findall(r"\.hero-map [^{]*(?:text|home-name)[^{]*\{([^}]*)\}", rules)

    sizes = [int(size) for block in blocks for size in re.findall(r"font-size: (\d+)px", block)]
    assert sizes
    assert max(sizes) == LETTERS
