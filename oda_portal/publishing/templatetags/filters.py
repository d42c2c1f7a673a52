"""The fields of a list’s form, put together at once."""

from __future__ import annotations

from django import forms, template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from oda_portal.publishing.pieces import Pieces, pieces

register = template.Library()


@register.simple_tag(takes_context=True)
def filter_fields(context: Context, form: forms.Form) -> SafeString:
    """Those that are seen, and of the hidden ones those that say something.

    Of a list that everybody may read each choice is drawn once: only listed values are chosen
    there, while words are never drawn for others.
    """
    is_public = getattr(context.get("listing"), "is_public", False)
    drawn = pieces() if is_public else None
    fields = [_field(form, name, drawn, context["request"].path) for name in form.fields]
    # Each is drawn by a template or a widget.
    return mark_safe("".join(fields))  # noqa: S308


def _field(form: forms.Form, name: str, drawn: Pieces | None, path: str) -> SafeString:
    if drawn is None or not getattr(form.fields[name], "has_choices", False):
        return _drawn(form, name)
    key = ("filter", path, name, form.data.get(name))
    if (found := drawn.get(key)) is None:
        found = drawn[key] = _drawn(form, name)
    return found


def _drawn(form: forms.Form, name: str) -> SafeString:
    field = form[name]
    if field.is_hidden:
        return field.as_widget() if field.value() else mark_safe("")
    return render_to_string("components/filter.html", {"field": field})
