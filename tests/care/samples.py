"""Records that lack something, for tests."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from oda_portal.care import keeping
from oda_portal.care.models import Finding
from oda_portal.care.registry import cared_of
from tests import factories


def looked_after(*records: models.Model) -> list[Finding]:
    """What the worker finds of these, in the order in which it tells of it."""
    found: list[Finding] = []
    for record in records:
        cared = cared_of(record._meta.label_lower)
        assert cared is not None
        keeping.look_after(cared, [record.pk])
        found += Finding.objects.of(record)
    return found


def kinds_of(record: models.Model) -> set[tuple[str, str]]:
    """The kinds and columns of what is found of a record, without empty fields."""
    looked_after(record)
    rows = Finding.objects.of(record).exclude(kind="empty")
    return set(rows.values_list("kind", "column"))


def a_finding(**given: Any) -> Finding:
    """A broken link in the introduction of a city."""
    city = factories.CityFactory()
    values = {
        "content_type": ContentType.objects.get_for_model(city),
        "object_id": city.pk,
        "kind": "broken",
        "column": "intro_ko",
        "language": "ko",
        "about": "/no/",
        "facts": {"link": "/no/"},
        "fingerprint": "x",
        **given,
    }
    return Finding.objects.create(**values)


RECORDS = {Finding: (a_finding, None)}
