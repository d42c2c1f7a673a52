"""Lists of codes that the API names: countries and areas."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from oda_portal.opendata.api.codes import code_list, register_codes

from .models import Country


def register_all() -> None:
    register_codes(
        code_list(
            "countries",
            _("Countries and areas (ISO 3166-1)"),
            lambda: Country.objects.order_by("code"),
        )
    )
