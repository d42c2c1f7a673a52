"""The personal data in imports: who sent a file of public records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.destruction import destroy_row
from oda_portal.privacy.registry import PersonalData, register

from .models import Import


def register_all() -> None:
    register(
        PersonalData(
            key="spreadsheets.import",
            label=_("Imported spreadsheets"),
            model=Import,
            born="asked_at",
            purpose=_("Seeing what an import changed, and who asked for it"),
            days=90,
            due=lambda before: Import.objects.light().filter(asked_at__lt=before),
            destroy=destroy_row,
            of=lambda user: Import.objects.filter(asked_by=user),
            person="asked_by",
        )
    )
