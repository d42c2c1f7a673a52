"""Dates and money as a native editor of the office writes them."""

DATE_FORMAT = "Y年n月j日"
DATETIME_FORMAT = "Y年n月j日H:i"
TIME_FORMAT = "H:i"
DAY_PRECISION = DATE_FORMAT
MONTH_PRECISION = "Y年n月"
YEAR_PRECISION = "Y年"

# how a day stands with its weekday, and the weekdays from Monday on
WEEKDAY = ("{day}（{weekday}）", "星期一 星期二 星期三 星期四 星期五 星期六 星期日")

# first date, what stands between, last date
PERIODS = {
    "days": ("Y年n月j日", "至", "j日"),
    "days_and_months": ("Y年n月j日", "至", "n月j日"),
    "days_and_years": ("Y年n月j日", "至", "Y年n月j日"),
    "months": ("Y年n月", "至", "n月"),
    "months_and_years": ("Y年n月", "至", "Y年n月"),
    "years": ("Y", "—", "Y年"),
}

# pattern, units with their names, whether each unit is said (6억 800만) or a decimal (6.08亿)
WON = ("%s韩元", ((10**8, "亿"), (10**4, "万")), False)
