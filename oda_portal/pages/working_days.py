"""Working days in Korea: neither Saturday nor Sunday nor a public holiday.

A holiday that the government declares at short notice is known after the next update of the
package; until then a day is promised that is a day too early, never one too late.
"""

from __future__ import annotations

from datetime import date, timedelta

from holidays.countries.south_korea import SouthKorea

A_DAY = timedelta(days=1)
SATURDAY = 5

# It works a year out when it is first asked about one of its days.
_HOLIDAYS = SouthKorea()


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in _HOLIDAYS


def after_working_days(day: date, number: int) -> date:
    """The last of so many working days, of which the first follows `day`."""
    while number:
        day += A_DAY
        number -= is_working_day(day)
    return day
