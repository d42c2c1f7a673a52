"""Who reports to IATI, in the back office."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from partners.models import Organisation
from programs.models import (
    Identifier,
    Program,
    Publisher,
)
from tests.accounts.test_roles import member
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.factories import (
    OfficeFactory,
    OrganisationFactory,
)
from tests.programs.reporting import (
    ready_program,
    the_publisher,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


@pytest.fixture
def editor(client: Client) -> Client:
    sign_in_staff(client, member("editor"))
    return client


def test_there_is_one_publisher_and_its_list_leads_to_it(editor: Client):
    add = "/admin/programs/publisher/add/"
    reporter = OrganisationFactory(org_ref="KR-BRN-000-83-00000")

    first = editor.get("/admin/programs/publisher/", follow=True)
    editor.post(add, filled(first, organisation=str(reporter.pk)))
    again = editor.get("/admin/programs/publisher/")

    assert Publisher.objects.get().organisation == reporter
    assert again.url == "/admin/programs/publisher/1/change/"
    assert editor.get(add).url == "/admin/programs/publisher/"
    assert editor.post(add, {}).status_code == 302


def given_identifier() -> Program:
    program = ready_program()
    Identifier.objects.create(program=program, value=f"XI-IATI-PORTALTEST-{program.code}")
    return program


def test_the_publisher_stays_once_identifiers_were_given(editor: Client):
    given_identifier()
    page = "/admin/programs/publisher/1/change/"
    before = the_publisher().organisation
    other = OrganisationFactory(org_ref="KR-BRN-000-83-11111")

    editor.post(page, filled(editor.get(page), organisation=str(other.pk)))

    assert Publisher.objects.get().organisation == before
    assert editor.post("/admin/programs/publisher/1/delete/", {"post": "yes"}).status_code == 403
    with pytest.raises(ValidationError):
        Publisher(pk=1, organisation=other).clean()


@pytest.mark.parametrize("value", ["", "KR-BRN-999-83-99999"])
def test_the_publishers_identifier_stays_once_others_begin_with_it(editor: Client, value: str):
    given_identifier()
    reporter = the_publisher().organisation
    page = f"/admin/partners/organisation/{reporter.pk}/change/"

    answer = editor.post(page, filled(editor.get(page), org_ref=value))

    assert answer.context["errors"]
    assert Organisation.objects.get(pk=reporter.pk).org_ref == reporter.org_ref


def test_other_identifiers_of_organisations_may_change(editor: Client):
    given_identifier()
    partner = OrganisationFactory(org_ref="KR-BRN-1")
    page = f"/admin/partners/organisation/{partner.pk}/change/"

    refused = editor.post(page, filled(editor.get(page), org_ref="KR BRN/2"))
    editor.post(page, filled(editor.get(page), org_ref="KR-BRN-2"))

    assert refused.context["errors"]
    assert Organisation.objects.get(pk=partner.pk).org_ref == "KR-BRN-2"


def test_a_budget_is_for_a_year_at_most(editor: Client):
    the_publisher()
    page = "/admin/programs/publisher/1/change/"
    line = {
        "budgets-TOTAL_FORMS": "1",
        "budgets-0-kind": "budget",
        "budgets-0-certainty": "2",
        "budgets-0-starts_on": "2026-01-01",
        "budgets-0-amount": "1000",
        "budgets-0-currency": "KRW",
    }

    for ends, count in (("2027-12-31", 0), ("2025-12-31", 0), ("2026-12-31", 1)):
        editor.post(page, filled(editor.get(page), **line, **{"budgets-0-ends_on": ends}))
        assert the_publisher().budgets.count() == count, ends


@pytest.mark.parametrize("model", ["identifier", "publication"])
@pytest.mark.parametrize("act", ["add/", "1/delete/"])
def test_what_the_portal_writes_nobody_changes(editor: Client, model: str, act: str):
    given_identifier()

    assert editor.post(f"/admin/programs/{model}/{act}", {}).status_code in (302, 403)
    assert Identifier.objects.count() == 1
