"""What a form of the back office refuses, an import refuses as well: one rule, two doors."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from oda_portal.publishing.rich import MAX_LENGTH, RichTextField
from oda_portal.spreadsheets.importing import registry
from oda_portal.spreadsheets.importing.cells import Cell
from oda_portal.spreadsheets.importing.checking import Checker
from oda_portal.spreadsheets.importing.columns import Column, LinkColumn, columns_of
from oda_portal.spreadsheets.importing.models import Import, ImportRow
from oda_portal.spreadsheets.importing.registry import Importable
from oda_portal.spreadsheets.importing.rights import rights_of
from partners.models import Agreement, City
from programs.models import ParticipantGroup, Program, Run, Session
from tests import factories
from tests.admin.forms import filled
from tests.admin.test_every_record import RECORDS
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db

RESIDENT = "담당자 900101-1234567"
# Rows that are edited on the page of another, and what their controls begin with.
BELOW = {
    ParticipantGroup: (factories.ParticipantGroupFactory, "groups-0-"),
    Session: (lambda: Session.objects.create(run=factories.RunFactory()), "sessions-0-"),
}


def a_record(model: type[models.Model]) -> Any:
    return BELOW[model][0]() if model in BELOW else RECORDS[model][0]()


def bad_values(column: Column) -> list[str]:
    """Values that no column of this kind should take, and some that most take."""
    field = getattr(column.field, "translated_field", column.field)
    if field.is_relation or field.choices or column.name == "id":
        return []
    if isinstance(field, RichTextField):
        return [RESIDENT, f"<p>{RESIDENT}</p>"]
    if isinstance(field, models.CharField | models.TextField):
        longer = "가" * (field.max_length + 1) if field.max_length else ""
        return [RESIDENT, "Bad Value!", "javascript:alert(1)", *filter(None, [longer])]
    if isinstance(field, models.IntegerField | models.FloatField | models.DecimalField):
        return ["-5", "1000", "99999999999", "0.123456789"]
    return ["1066-10-14", "2026-02-30"] if isinstance(field, models.DateField) else []


def page_of(importable: Importable, row: Any) -> tuple[str, str]:
    owner = row if importable.listed_at is None else row.run
    options = owner._meta
    name = f"admin:{options.app_label}_{options.model_name}_change"
    return reverse(name, args=[owner.pk]), BELOW.get(importable.model, (None, ""))[1]


def refused_by_form(client: Client, page: str, form: dict, names: dict[str, str]) -> set[str]:
    """Of these columns, each under its control, the ones that have an error beside them."""
    with transaction.atomic():
        answer = client.post(page, form)
        transaction.set_rollback(True)
    if answer.status_code != 200:
        return set()
    found = dict(answer.context["adminform"].form.errors)
    for formset in answer.context["inline_admin_formsets"]:
        for below in formset.formset.forms:
            found |= {below.add_prefix(name): why for name, why in below.errors.items()}
    return {name for name, control in names.items() if control in found}


def key_of(importable: Importable, row: Any) -> dict[str, Cell]:
    cells = {}
    for column in columns_of(importable, importable.key):
        value = column.of(row)
        told = column.names.key_of(value) if isinstance(column, LinkColumn) else value
        cells[column.name] = Cell(told, "A3")
    return cells


def is_refused(importable: Importable, row: Any, values: dict[str, str]) -> bool:
    """Whether a row of a spreadsheet that says so of this record is one to correct."""
    source = Import.objects.create(
        content_type=ContentType.objects.get_for_model(importable.model),
        file_name="표.xlsx",
        columns=[*importable.key, *values],
    )
    checker = Checker(source, importable, rights_of(factories.StaffFactory(), importable.model))
    cells = key_of(importable, row) | {name: Cell(value, "B3") for name, value in values.items()}
    return checker.part([(3, cells)])[0].verdict == ImportRow.Verdict.WRONG


@pytest.mark.parametrize("importable", registry.registered(), ids=lambda one: one.model.__name__)
def test_a_value_that_the_form_refuses_is_refused_in_a_spreadsheet(
    client: Client, importable: Importable
):
    factories.OfficeFactory()
    sign_in_staff(client, factories.StaffFactory())
    row = a_record(importable.model)
    page, prefix = page_of(importable, row)
    fields = filled(client.get(page))
    columns = {one.name: bad_values(one) for one in columns_of(importable)}
    columns = {
        name: values for name, values in columns.items() if name not in importable.key and values
    }
    refused: list[tuple[str, str]] = []
    for turn in range(max(map(len, columns.values()))):
        sent = {name: values[turn] for name, values in columns.items() if turn < len(values)}
        controls = {name: prefix + name for name in sent if prefix + name in fields}
        form = {**fields, **{controls[name]: sent[name] for name in controls}}
        found = refused_by_form(client, page, form, controls)
        refused += [(name, sent[name]) for name in sorted(found)]

    assert refused
    row.refresh_from_db()
    taken = [
        (name, text) for name, text in refused if not is_refused(importable, row, {name: text})
    ]
    assert taken == []


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Program, {"starts_on": "2026-05-02", "ends_on": "2026-05-01"}),
        (Run, {"starts_on": "2026-05-02", "ends_on": "2026-05-01"}),
        (Agreement, {"signed_on": "2026-05-02", "valid_until": "2026-05-01"}),
        (City, {"latitude": "35.1", "longitude": ""}),
    ],
    ids=lambda one: one.__name__ if isinstance(one, type) else "-".join(one),
)
def test_what_does_not_go_together_is_refused_by_both(client: Client, model: Any, values: dict):
    factories.OfficeFactory()
    sign_in_staff(client, factories.StaffFactory())
    importable = registry.importable_of(model)
    row = a_record(model)
    page, _prefix = page_of(importable, row)

    answer = client.post(page, {**filled(client.get(page)), **values})

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert is_refused(importable, row, values)


def test_plain_text_is_as_long_as_the_paragraphs_that_are_made_of_it():
    """The form measures what it stores, tags and all: what it would not save again is refused."""
    importable = registry.importable_of(Program)
    row = factories.ProgramFactory()
    lines = MAX_LENGTH // len("<p>가</p>")

    assert not is_refused(importable, row, {"body_ko": "가\n" * lines})
    assert is_refused(importable, row, {"body_ko": "가\n" * (lines + 1)})
