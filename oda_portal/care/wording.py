"""What a finding says: what is wrong, and what to do about it, in whole sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oda_portal.publishing.texts import day

from .registry import cared_of

if TYPE_CHECKING:
    from .models import Finding

SENTENCES = {
    "broken": gettext_lazy("The link “%(link)s” leads nowhere. Correct or remove it."),
    "hidden": gettext_lazy(
        "The link “%(link)s” leads to something that is not public. Remove it, or publish what it"
        " leads to."
    ),
    "no_alt": gettext_lazy("The picture “%(picture)s” has no text alternative. Say what it shows."),
    "large": gettext_lazy(
        "The picture “%(picture)s” is larger than pages need: %(size)s. A smaller file saves space"
        " and time."
    ),
    "small": gettext_lazy(
        "The picture “%(picture)s” is only %(width)s pixels wide and looks blurred on large"
        " screens. Replace it by one of at least %(least)s."
    ),
    "lost": gettext_lazy("The picture “%(picture)s” cannot be read. Upload it again."),
}


def sentence_of(finding: Finding) -> str:
    facts: dict[str, Any] = finding.facts
    if finding.kind == "old":
        return _old(facts)
    if finding.kind == "empty":
        name = _name_of(finding)
        return _("“%(field)s” is empty. Open data needs it.") % {"field": name}
    words = {
        "link": facts.get("link", ""),
        "picture": facts.get("picture") or _("without a caption"),
        "size": _size(facts),
        "width": facts.get("width", ""),
        "least": facts.get("least", ""),
    }
    return str(SENTENCES[finding.kind]) % words


def _old(facts: dict[str, Any]) -> str:
    since = parse_date(str(facts.get("since", "")))
    months = int(facts.get("months", 0))
    sentence = ngettext(
        "Nobody has revised it since %(day)s, %(months)s month ago. Check that it is still right.",
        "Nobody has revised it since %(day)s, %(months)s months ago. Check that it is still right.",
        months,
    )
    return sentence % {"day": day(since) if since else "–", "months": months}


def _size(facts: dict[str, Any]) -> str:
    sides = f"{facts.get('width', '?')} × {facts.get('height', '?')}"
    return f"{sides}, {filesizeformat(facts.get('bytes') or 0)}"


def _name_of(finding: Finding) -> str:
    """What the form calls the field, or the app what it lacks."""
    model = finding.content_type.model_class()
    cared = cared_of(model._meta.label_lower) if model else None
    if cared and cared.lack_label and finding.facts.get("lack"):
        return str(cared.lack_label(finding.about))
    return field_name(model, finding.column) if model else finding.column


def field_name(model: type[models.Model], name: str) -> str:
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    label = getattr(found, "verbose_name", None)
    if label is None:
        label = found.related_model._meta.verbose_name_plural  # type: ignore[union-attr]
    return capfirst(str(label))
