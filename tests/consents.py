"""The consent texts as `consent_texts.load` writes them, in one go: hundreds of tests need them.

Without their history; tests/privacy compares the rows with those of `load`.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone, translation

from oda_portal.privacy import consent_texts
from oda_portal.privacy.models import ConsentText


def texts_in_force() -> None:
    if ConsentText.objects.exists():
        consent_texts.load(in_force=True)
        return
    now = timezone.now()
    with translation.override(settings.LANGUAGE_CODE):
        ConsentText.objects.bulk_create(
            ConsentText(
                kind=kind,
                required=entry["required"],
                valid_from=now,
                **consent_texts._columns(entry),
            )
            for kind, entry in consent_texts._entries().items()
        )
