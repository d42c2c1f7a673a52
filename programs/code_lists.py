"""Lists of codes that the API names: what programmes are about."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from oda_portal.opendata.api.codes import code_list, register_codes

from .models import Sector, Theme


def register_all() -> None:
    register_codes(code_list("themes", _("Themes"), Theme.objects.all, code="slug"))
    register_codes(code_list("sectors", _("Sectors (DAC purpose codes)"), Sector.objects.all))
