"""The names of the records in the trail, and how many questions they cost."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from oda_portal.audit import naming
from oda_portal.audit.models import record_transition
from oda_portal.privacy.looks import RecordedLooks
from tests import factories
from tests.admin.test_every_record import RECORDS
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db

TRAIL = "admin:audit_transition_changelist"
NAMED = [
    model
    for model, known in admin.site._registry.items()
    if model in RECORDS and not isinstance(known, RecordedLooks)
]


@pytest.mark.parametrize("model", NAMED, ids=lambda model: model._meta.label_lower)
@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_a_record_is_called_as_everywhere(model: type[models.Model], language: str):
    record = RECORDS[model][0]()
    row = record_transition(record, "status", "", "published", by=None)

    with translation.override(language):
        names = naming.names_of([row], admin.site)

        assert names == {
            (row.content_type_id, record.pk): str(model._base_manager.get(pk=record.pk))
        }


def test_a_name_that_is_missing_in_a_language_is_that_of_the_next():
    record = factories.PageFactory(title_zh_hans="", title_en="About", title_ko="소개")
    row = record_transition(record, "status", "", "published", by=None)

    with translation.override("zh-hans"):
        assert list(naming.names_of([row], admin.site).values()) == ["About"]


def test_records_of_many_kinds_keep_their_own_names(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(naming, "MOST_APART", len(NAMED))
    records = [RECORDS[model][0]() for model in NAMED]
    rows = [record_transition(record, "status", "", "published", by=None) for record in records]

    with translation.override("ko"):
        assert naming.names_of(rows, admin.site) == {
            (row.content_type_id, record.pk): str(type(record)._base_manager.get(pk=record.pk))
            for row, record in zip(rows, records, strict=True)
        }


def test_a_page_of_many_kinds_is_named_in_few_questions(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    records = [RECORDS[model][0]() for model in NAMED]
    for record in records:
        record_transition(record, "status", "", "published", by=None)
    client.get(reverse(TRAIL))

    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse(TRAIL)).content.decode()

    # In production the cache is Redis.
    assert sum('"page_cache"' not in query["sql"] for query in queries) <= 12
    assert factories.PageFactory._meta.model.objects.get().title in page


def test_kinds_that_are_too_many_go_by_number(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(naming, "MOST_APART", 1)
    sign_in_staff(client, factories.StaffFactory())
    sectors = [factories.SectorFactory(code=code) for code in ("11110", "11120")]
    run = factories.RunFactory()
    for record in (*sectors, run):
        record_transition(record, "status", "", "published", by=None)

    page = client.get(reverse(TRAIL)).content.decode()

    assert all(str(sector) in page for sector in sectors)
    with translation.override("ko"):
        assert f"{run._meta.verbose_name} {run.pk}" in page


def test_what_is_gone_keeps_its_number(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    record = factories.PageFactory(title_ko="없어질 글")
    record_transition(record, "status", "", "published", by=None)
    key = record.pk
    record.delete()

    page = client.get(reverse(TRAIL)).content.decode()

    assert f"#{key}" in page
    assert "없어질 글" not in page
