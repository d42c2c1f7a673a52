from itertools import combinations

import pytest

from oda_portal.drawing.labels import Spot, frame_of, place_labels, text_width
from oda_portal.drawing.plane import Box

BOX = Box(400, 300)
SIZE = 20


@pytest.mark.parametrize(("text", "letters"), [("부산", 2), ("釜山", 2), ("Busan", 3.6), ("", 0)])
def test_text_width_goes_by_the_script(text, letters):
    assert text_width(text, SIZE) == pytest.approx(letters * SIZE, abs=0.25 * SIZE)


def test_place_labels_puts_a_name_right_of_its_mark():
    (label,) = place_labels([Spot("Busan", (100, 100), "home", clear=10)], BOX, SIZE)

    assert (label.text, label.kind, label.anchor, label.lead) == ("Busan", "home", "start", "")
    assert label.x == 116
    assert frame_of(label, SIZE).top < 100 < frame_of(label, SIZE).bottom


def test_place_labels_turns_to_the_other_side_at_the_edge():
    (label,) = place_labels([Spot("Busan", (380, 100), "home", clear=10)], BOX, SIZE)

    assert label.anchor == "end"


def test_place_labels_prefers_the_direction_away():
    spot = Spot("Busan", (200, 150), "home", clear=10, away=(0, 50))

    (label,) = place_labels([spot], BOX, SIZE)

    assert label.anchor == "middle"
    assert label.y > 150


def test_place_labels_ties_a_crowded_name_to_its_place_with_a_line():
    spots = [Spot(f"Country {n}", (180 + 4 * n, 150), "country", clear=6) for n in range(8)]

    labels = place_labels(spots, BOX, SIZE)

    frames = [frame_of(label, SIZE) for label in labels]
    assert len(labels) == 8
    assert not [pair for pair in combinations(frames, 2) if pair[0].meets(pair[1])]
    assert [label for label in labels if label.lead.startswith("M")]


def test_place_labels_leaves_out_what_has_no_room():
    spots = [Spot("x" * 60, (200, 150), "country"), Spot("Nepal", (200, 150), "country")]

    assert [label.text for label in place_labels(spots, BOX, SIZE)] == ["Nepal"]


def test_place_labels_keeps_names_off_marks_without_a_name():
    spots = [Spot("", (130, 100), "pin", clear=18), Spot("Nepal", (100, 100), "country", clear=5)]

    (label,) = place_labels(spots, BOX, SIZE)

    assert label.anchor == "end"


@pytest.mark.parametrize(
    "names", [("캄보디아", "베트남"), ("Cambodia", "Viet Nam"), ("柬埔寨", "越南")]
)
@pytest.mark.parametrize("x", [0, 8, 200, 335, 380, 400])
@pytest.mark.parametrize("y", [0, 40, 290])
def test_place_labels_keeps_letters_and_halo_within_the_frame(names, x, y):
    spots = [Spot(name, (x, y + 5 * n), "country", clear=9) for n, name in enumerate(names)]

    labels = place_labels(spots, BOX, SIZE)

    frames = [frame_of(label, SIZE) for label in labels]
    assert len(frames) == 2
    assert all(frame.left >= 0 and frame.right <= BOX.width for frame in frames)
    assert all(frame.top >= 0 and frame.bottom <= BOX.height for frame in frames)


def test_place_labels_takes_the_measure_of_the_widest_font():
    # Measured in Chromium: DejaVu Sans Bold, 20 px.
    assert text_width("Cambodia", SIZE) >= 111.7
    assert text_width("Mumbai", SIZE) >= 89.6
