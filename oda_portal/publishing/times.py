"""Deadlines in words: the day with its weekday, and the hour, always in Korea time."""

from __future__ import annotations

from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from .texts import format_rule


def korea_day(moment: datetime) -> str:
    """2026. 11. 20.(금), Friday 20 November 2026, 2026年11月20日（星期五）."""
    local = timezone.localtime(moment)
    pattern, weekdays = format_rule("WEEKDAY")
    weekday = weekdays.split()[local.weekday()]
    return pattern.format(day=formats.date_format(local, "DATE_FORMAT"), weekday=weekday)


def korea_hour(moment: datetime) -> str:
    """18:00, and that it is Korea time."""
    hour = timezone.localtime(moment).strftime("%H:%M")
    return _("%(hour)s Korea time") % {"hour": hour}


def korea_moment(moment: datetime) -> str:
    """Both, in the order of the language."""
    return _("%(hour)s on %(day)s") % {"hour": korea_hour(moment), "day": korea_day(moment)}
