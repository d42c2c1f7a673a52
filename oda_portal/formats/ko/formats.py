"""Dates and money as a native editor of the office writes them."""

DATE_FORMAT = "Y. n. j."
DATETIME_FORMAT = "Y. n. j. H:i"
TIME_FORMAT = "H:i"
DAY_PRECISION = DATE_FORMAT
MONTH_PRECISION = "Y. n."
YEAR_PRECISION = "Y년"

# how a day stands with its weekday, and the weekdays from Monday on
WEEKDAY = ("{day}({weekday})", "월 화 수 목 금 토 일")

# first date, what stands between, last date
PERIODS = {
    "days": ("Y. n. j.", "~", "n. j."),
    "days_and_months": ("Y. n. j.", "~", "n. j."),
    "days_and_years": ("Y. n. j.", "~", "Y. n. j."),
    "months": ("Y. n.", "~", "n."),
    "months_and_years": ("Y. n.", "~", "Y. n."),
    "years": ("Y", "~", "Y년"),
}

# pattern, units with their names, whether each unit is said (6억 800만) or a decimal (6.08亿)
WON = ("%s 원", ((10**8, "억"), (10**4, "만")), True)
