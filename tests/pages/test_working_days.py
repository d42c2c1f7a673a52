"""Working days of Korea, by days that stand in its law."""

from __future__ import annotations

from datetime import date

import pytest

from oda_portal.pages.working_days import after_working_days, is_working_day


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        ("2026-11-20", True),
        ("2026-11-21", False),  # Saturday
        ("2026-11-22", False),  # Sunday
        ("2026-03-02", False),  # in place of 1 March, a Sunday
        ("2026-02-17", False),  # lunar new year
        ("2026-09-25", False),  # Chuseok
        ("2026-12-25", False),
        ("2026-12-28", True),
        ("2027-02-09", False),  # in place of a Sunday of the lunar new year
        ("2030-01-01", False),
    ],
)
def test_is_working_day_knows_weekends_and_holidays(day: str, is_one: bool):
    assert is_working_day(date.fromisoformat(day)) is is_one


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        ("2026-11-20", "2026-12-04"),  # a Friday: the Monday after it is the first
        ("2026-11-22", "2026-12-04"),  # a Sunday
        ("2026-12-18", "2027-01-05"),  # over Christmas and New Year
        ("2026-09-21", "2026-10-08"),  # over Chuseok, and 3 October made up for on the 5th
    ],
)
def test_after_working_days_counts_from_the_next_day(sent: str, due: str):
    assert after_working_days(date.fromisoformat(sent), 10) == date.fromisoformat(due)
