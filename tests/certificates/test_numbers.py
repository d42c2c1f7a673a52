"""Numbers: one wrong sign and two swapped ones are noticed, each and every."""

from __future__ import annotations

import pytest

from oda_portal.certificates import numbers
from oda_portal.readable import SIGNS


def test_a_new_number_is_three_groups_of_four_and_reads_as_itself():
    number = numbers.new_number()

    assert [len(group) for group in number.split("-")] == [4, 4, 4]
    assert set(number) <= {*SIGNS, "-"}
    assert numbers.read(number) == number


def test_numbers_are_not_drawn_twice():
    assert len({numbers.new_number() for _turn in range(2000)}) == 2000


def test_every_wrong_sign_and_every_swap_is_noticed():
    number = numbers.new_number()
    signs = number.replace("-", "")
    for place, right in enumerate(signs):
        for wrong in set(SIGNS) - {right}:
            assert numbers.read(signs[:place] + wrong + signs[place + 1 :]) is None
    for place in range(len(signs) - 1):
        first, second = signs[place], signs[place + 1]
        swapped = signs[:place] + second + first + signs[place + 2 :]
        assert numbers.read(swapped) == (number if first == second else None)


def test_a_number_is_read_however_it_is_typed():
    number = numbers.new_number()

    typed = (number.lower(), number.replace("-", ""), number.replace("-", " "), f" {number}\n",
             number.replace("-", "–"))  # fmt: skip
    assert {numbers.read(text) for text in typed} == {number}


@pytest.mark.parametrize(
    "text", ["", "-", "O0I1-LLLL-0000", "김" * 12, "2" * 11, "2" * 500, "\x00"]
)
def test_what_is_no_number_is_none(text: str):
    assert numbers.read(text) is None
