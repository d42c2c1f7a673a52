"""Dates as the portal writes them; see `writing` in the README."""

DATE_FORMAT = "Y. n. j."
DATETIME_FORMAT = "Y. n. j. H:i"
TIME_FORMAT = "H:i"
DAY_PRECISION = DATE_FORMAT
MONTH_PRECISION = "Y. n."
YEAR_PRECISION = "Y년"

# first date, what stands between, last date
PERIODS = {
    "days": ("Y. n. j.", "~", "n. j."),
    "days_and_months": ("Y. n. j.", "~", "n. j."),
    "days_and_years": ("Y. n. j.", "~", "Y. n. j."),
    "months": ("Y. n.", "~", "n."),
    "months_and_years": ("Y. n.", "~", "Y. n."),
    "years": ("Y", "~", "Y년"),
}
