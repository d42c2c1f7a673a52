"""How calls and places are shown."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.publishing.templatetags.times import korea_moment
from volunteers.models import Application, Call, Opening, Stage
from volunteers.models.calls import Phase

register = template.Library()

TONES = {
    Phase.UPCOMING: "soon",
    Phase.OPEN: "open",
    Phase.CLOSED: "closed",
    Phase.ANNOUNCED: "closed",
}
METER = 100


@register.simple_tag
def call_badge(call: Call) -> SafeString:
    phase = call.phase()
    return render_to_string("components/badge.html", {"label": phase.label, "tone": TONES[phase]})


@register.simple_tag
def call_times(call: Call) -> SafeString:
    """When it opens or closes, or when it closed."""
    phase = call.phase()
    if phase == Phase.UPCOMING:
        sentence = _("Opens at {opens}, closes at {closes}")
    elif phase == Phase.OPEN:
        sentence = _("You can apply until {closes}")
    else:
        sentence = _("Closed at {closes}")
    opens, closes = korea_moment(call.opens_at), korea_moment(call.closes_at)
    return format_html(sentence, opens=opens, closes=closes)


@register.simple_tag
def call_left(call: Call) -> str:
    """How much time is left, in whole days or hours; or the phase."""
    phase = call.phase()
    if phase != Phase.OPEN:
        return str(phase.label)
    left = call.closes_at - timezone.now()
    if left.days:
        sentence = ngettext("%(n)s day left", "%(n)s days left", left.days)
        return sentence % {"n": left.days}
    hours = left.seconds // 3600
    if hours:
        return ngettext("%(n)s hour left", "%(n)s hours left", hours) % {"n": hours}
    return _("Less than an hour left")


@register.simple_tag
def sentence_of(application: Application, sentence: str) -> SafeString:
    """Where the person stands; a receipt number in it stays on one line."""
    if not application.receipt:
        return conditional_escape(sentence)
    number = format_html('<span class="receipt">{}</span>', application.receipt)
    return format_html_join(number, "{}", ((part,) for part in sentence.split(application.receipt)))


@register.simple_tag
def stage_is_on(stage: Stage, now: datetime) -> bool:
    """Whether this stage of a call is under way on the day of `now` in Korea."""
    today = timezone.localdate(now)
    ends_on = stage.ends_on or stage.starts_on
    return bool(stage.starts_on and ends_on and stage.starts_on <= today <= ends_on)


@register.simple_tag
def places_left(opening: Opening) -> SafeString:
    """In words, and as a bar drawn beside them."""
    pool = opening.pool
    words = ngettext("%(n)s place left", "%(n)s places left", pool.left) % {"n": pool.left}
    width = round(METER * pool.taken / pool.capacity) if pool.capacity else METER
    return format_html(
        '<p class="row-meta">{}</p><svg class="meter" viewBox="0 0 {} 8"'
        ' preserveAspectRatio="none" aria-hidden="true"><rect class="all" width="{}" height="8"/>'
        '<rect class="taken" width="{}" height="8"/></svg>',
        words if pool.left else _("No places left"), METER, METER, width,
    )  # fmt: skip
