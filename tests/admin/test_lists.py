"""Lists: their queries, searches and filters."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from oda_portal.pages.models import SatisfactionAnswer
from programs.models import Program
from tests import factories
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db

LISTS = {
    "partners_agreement": factories.AgreementFactory,
    "partners_city": factories.CityFactory,
    "partners_country": factories.CountryFactory,
    "partners_organisation": factories.OrganisationFactory,
    "programs_indicator": factories.IndicatorFactory,
    "programs_monitoringvisit": factories.MonitoringVisitFactory,
    "programs_program": factories.ProgramFactory,
    "programs_run": factories.RunFactory,
    "pages_service": factories.ServiceFactory,
    "pages_page": factories.PageFactory,
    "publishing_source": factories.SourceFactory,
}


def queries_of(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_much_for_fifty_rows_as_for_one(client: Client, name: str):
    sign_in_staff(client, factories.StaffFactory())
    page = reverse(f"admin:{name}_changelist")
    LISTS[name]()
    client.get(page)
    one = queries_of(client, page)

    LISTS[name].create_batch(49)

    assert queries_of(client, page) == one


def test_transitions_ask_as_much_for_fifty_rows_as_for_one(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    page = reverse("admin:audit_transition_changelist")
    factories.PageFactory(status="draft").publish(by=None)
    client.get(page)
    one = queries_of(client, page)

    for row in factories.PageFactory.create_batch(49, status="draft"):
        row.publish(by=None)

    assert queries_of(client, page) == one


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
@pytest.mark.parametrize("word", ["항만", "Port", "港口"])
def test_search_looks_into_all_languages(client: Client, language: str, word: str):
    sign_in_staff(client, factories.StaffFactory())
    found = factories.ProgramFactory(title_ko="항만 연수", title_en="Port", title_zh_hans="港口")
    factories.ProgramFactory()
    with translation.override(language):
        page = reverse("admin:programs_program_changelist")

    assert list(client.get(f"{page}?q={word}").context["cl"].queryset) == [found]
    runs = reverse("admin:programs_run_changelist")
    run = factories.RunFactory(program=found)
    assert list(client.get(f"{runs}?q={word}").context["cl"].queryset) == [run]


def test_filters_find_stages_states_and_missing_texts(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    draft = factories.ProgramFactory(status="draft", kind="forum")
    planned = factories.ProgramFactory(starts_on="2090-01-01", ends_on=None)
    untold = factories.ProgramFactory(title_zh_hans="")
    page = reverse("admin:programs_program_changelist")

    for query, expected in [
        ("stage=draft", {draft}),
        ("kind__exact=forum", {draft}),
        ("state=planned", {planned}),
        ("missing=title_zh_hans", {untold}),
        ("missing=title_ko", set()),
    ]:
        assert set(client.get(f"{page}?{query}").context["cl"].queryset) == expected, query


def test_the_list_of_a_kind_carries_its_name_and_its_form(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    page = reverse("admin:programs_program_changelist") + "?kind__exact=forum"

    response = client.get(page)

    with translation.override("ko"):
        assert response.context["title"] == Program(kind="forum").get_kind_display()
    add = reverse("admin:programs_program_add") + "?_changelist_filters=kind__exact%3Dforum"
    assert client.get(add).context["adminform"].form.initial["kind"] == "forum"


def test_answers_on_satisfaction_are_averaged_and_read_only(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    for page, score in [("/about/", 5), ("/about/", 2), ("/programs/", 3)]:
        answer = SatisfactionAnswer.objects.create(page=page, language="ko", score=score)
    changelist = reverse("admin:pages_satisfactionanswer_changelist")

    averages = list(client.get(changelist).context["averages"])

    assert [(row["page"], row["average"], row["answers"]) for row in averages] == [
        ("/about/", 3.5, 2), ("/programs/", 3, 1),
    ]  # fmt: skip
    only = client.get(f"{changelist}?about=/programs/")
    assert list(only.context["cl"].queryset) == [answer]
    assert client.get(reverse("admin:pages_satisfactionanswer_add")).status_code == 403
    change = reverse("admin:pages_satisfactionanswer_change", args=[answer.pk])
    assert client.post(change, {"score": 1}).status_code == 403
