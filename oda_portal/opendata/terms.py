"""Under which terms the data may be used, and in which forms it is there."""

# Korea Open Government License, Type 1: credit the source.
LICENCE = "https://www.kogl.or.kr/info/licenseType1.do"
FILES = {"csv": "text/csv", "json": "application/json"}
