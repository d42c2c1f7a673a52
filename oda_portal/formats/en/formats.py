"""Dates and money as a native editor of the office writes them."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y H:i"
TIME_FORMAT = "H:i"
DAY_PRECISION = DATE_FORMAT
MONTH_PRECISION = "F Y"
YEAR_PRECISION = "Y"

# how a day stands with its weekday, and the weekdays from Monday on
WEEKDAY = (
    "{weekday} {day}",
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
)

# first date, what stands between, last date
PERIODS = {
    "days": ("j", "–", "j F Y"),
    "days_and_months": ("j F", " – ", "j F Y"),
    "days_and_years": ("j F Y", " – ", "j F Y"),
    "months": ("F", " – ", "F Y"),
    "months_and_years": ("F Y", " – ", "F Y"),
    "years": ("Y", "–", "Y"),
}

# pattern, units with their names, whether each unit is said (6억 800만) or a decimal (6.08亿)
WON = ("KRW %s", ((10**6, " million"),), False)
