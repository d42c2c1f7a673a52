"""What factories are made with."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from oda_portal.publishing.models import Status


def in_three(field: str, ko: str, en: str, zh: str) -> dict[str, Any]:
    """Declarations for a translated field: `{n}` is the row's number."""
    texts = {f"{field}_ko": ko, f"{field}_en": en, f"{field}_zh_hans": zh}
    return {
        column: factory.Sequence(lambda n, text=text: text.format(n=n))
        for column, text in texts.items()
    }


class PublishedFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    status = Status.PUBLISHED
