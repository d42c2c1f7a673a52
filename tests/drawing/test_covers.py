from statistics import mean
from xml.etree import ElementTree as ET

import pytest

from oda_portal.drawing.covers import cover
from oda_portal.drawing.palettes import PALETTES

SEEDS = [f"programme-{number}" for number in range(40)]


def test_palettes_are_the_themes():
    assert sorted(PALETTES) == [
        "children", "city", "culture", "digital", "finance",
        "green", "health", "ocean", "people", "transport",
    ]  # fmt: skip


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("detail", [False, True])
def test_cover_is_well_formed_and_safe_to_repeat_on_a_page(palette, detail):
    root = ET.fromstring(cover("a", palette, detail=detail))

    assert root.attrib.pop("viewBox") == ("0 0 32 10" if detail else "0 0 16 7")
    assert root.attrib == {
        "class": "cover",
        "aria-hidden": "true",
        "focusable": "false",
        "preserveAspectRatio": "xMidYMid slice",
    }
    inner = {name for part in root.iter() if part is not root for name in part.attrib}
    assert not inner & {"id", "style", "class"}
    assert {part.tag for part in root.iter()} <= {"svg", "path", "g"}


@pytest.mark.parametrize("palette", PALETTES)
def test_cover_is_compact(palette):
    cards = [len(cover(seed, palette)) for seed in SEEDS]
    details = [len(cover(seed, palette, detail=True)) for seed in SEEDS]

    assert mean(cards) <= 1_050
    assert max(cards) <= 1_150
    assert mean(cards) < mean(details)
    assert max(details) <= 2_200


def test_cover_is_compact_over_all_palettes():
    assert mean(len(cover(seed, palette)) for palette in PALETTES for seed in SEEDS) <= 1_000


def test_cover_is_the_same_for_a_seed_and_differs_between_seeds():
    first = cover("a", "ocean")
    cover.cache_clear()

    assert cover("a", "ocean") == first
    assert len({cover(seed, "ocean") for seed in SEEDS}) == len(SEEDS)
    assert cover("a", "people") != first


def test_cover_of_an_unknown_palette_is_the_ocean():
    assert cover("a", "plaid") == cover("a", "ocean")


@pytest.mark.parametrize("palette", PALETTES)
def test_cover_uses_its_accent_sparingly(palette):
    accent = PALETTES[palette].accent

    painted = [
        part.get("d").count("M")
        for seed in SEEDS
        for part in ET.fromstring(cover(seed, palette)).iter()
        if part.get("fill") == accent
    ]

    assert painted
    assert max(painted) <= 2
