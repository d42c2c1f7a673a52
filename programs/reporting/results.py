"""What came of a programme, as IATI results: people who took part, and measured indicators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from oda_portal.opendata.iati import activity as iati
from programs.models import Indicator, Measurement, Program, Run

from .narratives import narratives
from .people import Count, count_of

LEVELS = {
    Indicator.Level.OUTPUT: "1",
    Indicator.Level.OUTCOME: "2",
    Indicator.Level.IMPACT: "3",
}
PEOPLE: iati.Narratives = {
    "ko": "참가 인원(명)",
    "en": "People who took part",
    "zh": "参加人数",
}
ABOUT: iati.Narratives = {"ko": "대략의 수", "en": "Approximate number", "zh": "大致数字"}


def indicators_of(program: Program, today: date) -> tuple[iati.Indicator, ...]:
    """Reads what `for_reporting` fetches. Those of which nothing is known are left out."""
    return (*_people(program, today), *_measured(program, today))


def _people(program: Program, today: date) -> Iterator[iati.Indicator]:
    periods = tuple(
        period
        for run in program.runs.all()
        if (count := count_of(run)) and (period := _run_period(program, run, count, today))
    )
    if periods:
        yield iati.Indicator(level="1", measure="1", title=PEOPLE, periods=periods)


def _run_period(program: Program, run: Run, count: Count, today: date) -> iati.Period | None:
    """Numbers of a run that has not begun are what is planned; of one called off there are none."""
    starts_on = run.starts_on or program.starts_on
    ends_on = run.ends_on or run.starts_on or program.ends_on
    if not starts_on or not ends_on or ends_on < starts_on:
        return None
    values = _values(count)
    if starts_on > today:
        return iati.Period(starts_on=starts_on, ends_on=ends_on, targets=values)
    if program.cancelled_at:
        return None
    return iati.Period(starts_on=starts_on, ends_on=ends_on, actuals=values)


def _values(count: Count) -> tuple[iati.Value, ...]:
    comment = ABOUT if count.about else {}
    parts = [
        *(("sex", sex, number) for sex, number in count.sexes.items()),
        *(("country", code, number) for code, number in count.countries.items()),
    ]
    return (
        iati.Value(number=Decimal(count.total), comment=comment),
        *(
            iati.Value(number=Decimal(number), dimension=(name, of), comment=comment)
            for name, of, number in parts
        ),
    )


def _measured(program: Program, today: date) -> Iterator[iati.Indicator]:
    """Numbers alone: a qualitative indicator has none, and nobody writes down its words.

    Without the year in which it was measured no baseline is given.
    """
    for indicator in program.indicators.all():
        periods = tuple(_periods(program, indicator, today))
        title = _with_unit(indicator)
        if title and periods and indicator.measure != Indicator.Measure.QUALITATIVE:
            yield iati.Indicator(
                level=LEVELS[Indicator.Level(indicator.level)],
                measure=indicator.measure,
                title=title,
                periods=periods,
            )


def _with_unit(indicator: Indicator) -> iati.Narratives:
    """`Homes with running water (homes)`: what is counted, in the languages of the name."""
    units = narratives(indicator, "unit")
    return {
        language: f"{name} ({unit})" if (unit := units.get(language)) else name
        for language, name in narratives(indicator, "name").items()
    }


def _periods(program: Program, indicator: Indicator, today: date) -> Iterator[iati.Period]:
    """From the beginning of the programme to the day of each measurement."""
    targets: tuple[iati.Value, ...] = ()
    if indicator.target is not None:
        targets = (iati.Value(number=indicator.target),)
    starts_on, last = program.starts_on, program.ends_on or program.closed_on
    if starts_on is None:
        return
    found = [
        (measurement.measured_on or last, measurement)
        for measurement in indicator.measurements.all()
    ]
    usable = [(day, each) for day, each in found if day and starts_on <= day]
    for day, measurement in usable:
        yield _measured_period(starts_on, day, measurement, targets, today)
    if targets and not usable and last and starts_on <= last:
        yield iati.Period(starts_on=starts_on, ends_on=last, targets=targets)


def _measured_period(
    starts_on: date,
    day: date,
    measurement: Measurement,
    targets: tuple[iati.Value, ...],
    today: date,
) -> iati.Period:
    """What was announced beforehand, or is of a day to come, is a target and nothing achieved."""
    value = iati.Value(number=measurement.value, comment=ABOUT if measurement.about else {})
    if measurement.announced or day > today:
        return iati.Period(starts_on=starts_on, ends_on=day, targets=(*targets, value))
    return iati.Period(starts_on=starts_on, ends_on=day, targets=targets, actuals=(value,))
