"""The texts of this app that members may suggest changes to: their organisation’s profile."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...models import Organisation
from .registry import Suggestable, register


def register_all() -> None:
    register(
        Suggestable(
            kind="organisation",
            label=_("Profile of your organisation"),
            model=Organisation,
            name="name",
            fields=("name", "abbreviation", "label", "about", "predecessors", "url"),
            rows=lambda organisations: Organisation.objects.published().filter(
                pk__in=organisations
            ),
            speaker=lambda row, organisations: row.pk,
        )
    )
