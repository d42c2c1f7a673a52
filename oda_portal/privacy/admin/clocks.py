"""How long there is to answer, as lists and records of the back office show it."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def clock_badge(left: int, *, soon: int) -> SafeString:
    """Days left, or overdue when negative; alarming with fewer than `soon` days left."""
    if left < 0:
        words = ngettext("%(days)s day overdue", "%(days)s days overdue", -left)
    elif left == 0:
        words = _("today")
    else:
        words = ngettext("%(days)s day left", "%(days)s days left", left)
    stage = "withdrawn" if left < soon else "scheduled"
    sentence = words % {"days": abs(left)} if left else words
    return format_html('<span class="badge stage-{}">{}</span>', stage, sentence)
