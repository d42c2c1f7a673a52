"""Verbs of the office about its own pages."""

from __future__ import annotations

from django.db import transaction

from .models import Page, PageVersion


@transaction.atomic
def keep_version(page: Page) -> bool:
    """Keep the stored text as an earlier version, before a new one is written over it.

    False when the text in force from that day is kept already: it is left as it was.
    Raises ValueError for a page without a day from which it is in force.
    """
    current = Page.objects.select_for_update().get(pk=page.pk)
    if current.effective_on is None:
        raise ValueError("The page has no day from which it is in force")
    bodies = {
        field.name: getattr(current, field.name)
        for field in PageVersion._meta.concrete_fields
        if field.name.startswith("body_")
    }
    _version, is_new = PageVersion.objects.get_or_create(
        page=current, effective_on=current.effective_on, defaults=bodies
    )
    return is_new
