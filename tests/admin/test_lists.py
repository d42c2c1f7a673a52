"""Lists: their queries, searches and filters."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from oda_portal.accounts.roles import set_up_roles
from oda_portal.pages.models import SatisfactionAnswer
from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import Act
from oda_portal.publishing import admin_base
from oda_portal.publishing.freshness import raise_generation
from oda_portal.publishing.tasks import settle
from oda_portal.search.indexing import take_in
from programs.models import Program
from tests import factories
from tests.doors import sign_in_staff
from tests.mail.examples import a_mail
from volunteers.models.applications import new_receipt

pytestmark = pytest.mark.django_db

LISTS = {
    "news_article": factories.ArticleFactory,
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
    """Without those of the embedded site’s cache, which is Redis in production."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return sum('"page_cache"' not in query["sql"] for query in queries)


@pytest.mark.thorough
@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_much_for_fifty_rows_as_for_one(client: Client, name: str):
    sign_in_staff(client, factories.StaffFactory())
    page = reverse(f"admin:{name}_changelist")
    LISTS[name]()
    client.get(page)
    one = queries_of(client, page)

    LISTS[name].create_batch(49)

    assert queries_of(client, page) == one


MOST_QUERIES = 12
# What begins and ends a transaction asks for nothing.
FRAMES = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def published() -> None:
    factories.PageFactory(status="draft").publish(by=None)


def sent() -> None:
    application = factories.ApplicationFactory(
        state="submitted", receipt=new_receipt(), sent_at=timezone.now()
    )
    factories.ChoiceFactory(application=application)


def looked() -> None:
    record_look(factories.StaffFactory(), Act.LIST, [factories.VolunteerFactory()])


# Lists that grow without end: who works with them, and how a row comes about.
LONG = {
    "programs_program": ("editor", factories.ProgramFactory),
    "news_article": ("editor", factories.ArticleFactory),
    "volunteers_application": ("volunteer_coordinator", sent),
    "mail_message": ("volunteer_coordinator", a_mail),
    "privacy_accessrecord": ("privacy_officer", looked),
    "audit_transition": ("editor", published),
}


def open_with_one_row(client: Client, name: str, *, is_all_powerful: bool) -> str:
    """The address of a long list, which somebody with its role has opened once."""
    role, make = LONG[name]
    set_up_roles()
    person = factories.StaffFactory(is_superuser=is_all_powerful)
    person.groups.add(Group.objects.get(name=role))
    sign_in_staff(client, person)
    make()
    settle()
    page = reverse(f"admin:{name}_changelist")
    client.get(page)
    return page


@pytest.mark.thorough
@pytest.mark.parametrize("is_all_powerful", [True, False])
@pytest.mark.parametrize("name", LONG)
def test_a_long_list_asks_little_whoever_opens_it(client: Client, name: str, is_all_powerful: bool):
    page = open_with_one_row(client, name, is_all_powerful=is_all_powerful)
    one = queries_of(client, page)
    for _row in range(59):
        LONG[name][1]()
    settle()
    client.get(page)

    assert queries_of(client, page) == one <= MOST_QUERIES


@pytest.mark.parametrize("is_all_powerful", [True, False])
@pytest.mark.parametrize("name", LONG)
def test_it_asks_little_where_nothing_is_kept(client: Client, name: str, is_all_powerful: bool):
    page = open_with_one_row(client, name, is_all_powerful=is_all_powerful)
    raise_generation()

    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200

    asked = [query["sql"] for query in queries if not query["sql"].startswith(FRAMES)]
    assert len([sql for sql in asked if '"page_cache"' not in sql]) <= MOST_QUERIES


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


def test_a_search_reads_the_whole_table_once(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    found = factories.ThemeFactory(name_ko="해녀 문화")
    factories.ThemeFactory.create_batch(3)
    page = reverse("admin:programs_theme_changelist")

    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"{page}?q=해녀")

    assert list(response.context["cl"].queryset) == [found]
    assert sum("해녀" in query["sql"] for query in queries) == 1


def test_what_many_records_have_is_found_whole(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(admin_base, "MOST_LOOKED_UP", 2)
    sign_in_staff(client, factories.StaffFactory())
    factories.ThemeFactory.create_batch(4, name_en="Port safety")
    factories.ThemeFactory()

    response = client.get(reverse("admin:programs_theme_changelist") + "?q=port")

    assert response.context["cl"].result_count == 4


def test_the_dates_above_a_list_go_from_its_first_to_its_last_day(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    for day in ("2019-03-05", "2021-11-20"):
        factories.ProgramFactory(starts_on=day, ends_on=None)
    page = reverse("admin:programs_program_changelist")

    def links(query: str) -> list[str]:
        shown = client.get(f"{page}{query}").content.decode().partition('class="toplinks"')[2]
        return re.findall(r'href="\?([^"]*)"', shown.partition("</nav>")[0])

    assert links("") == [f"starts_on__year={year}" for year in (2019, 2020, 2021)]
    months = links("?starts_on__year=2021")[1:]
    assert len(months) == 11
    assert "starts_on__month=11" in months[-1]
    days = links("?starts_on__year=2019&starts_on__month=3")[1:]
    assert len(days) == 27
    assert "starts_on__day=5" in days[0]


def test_a_filter_offers_only_what_records_have(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    used, other = factories.CountryFactory(), factories.CountryFactory()
    factories.ArticleFactory().countries.add(used)

    filters = client.get(reverse("admin:news_article_changelist")).context["cl"].filter_specs

    offered = [value for spec in filters for value, _name in getattr(spec, "lookup_choices", ())]
    assert used.pk in offered
    assert other.pk not in offered


@pytest.mark.parametrize("model", ["news.article", "programs.program"])
@pytest.mark.parametrize("text", ["summary_ko", "body_ko"])
def test_a_draft_is_found_by_its_texts(client: Client, model: str, text: str):
    sign_in_staff(client, factories.StaffFactory())
    make = {"news.article": factories.ArticleFactory, "programs.program": factories.ProgramFactory}
    found = make[model](status="draft", **{text: "<p>영도의 해녀가 말했다.</p>"})
    make[model]()
    take_in([(model, str(found.pk))])

    page = reverse(f"admin:{model.replace('.', '_')}_changelist") + "?q=해녀"

    assert list(client.get(page).context["cl"].queryset) == [found]


def test_a_large_list_is_not_counted_to_its_end(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(admin_base, "MOST_COUNTED", 2)
    sign_in_staff(client, factories.StaffFactory())
    for _one in range(4):
        factories.ThemeFactory()

    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("admin:programs_theme_changelist")).content.decode()

    assert "2+" in page
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"].upper()]
    assert all("LIMIT 3" in sql for sql in counts if "programs_theme" in sql)


# --- words of scripts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "한국 시각"), ("/en", "Korea time"), ("/zh-hans", "韩国时间")]
)
def test_a_device_of_another_time_zone_is_told_in_its_language(
    client: Client, prefix: str, words: str
):
    sign_in_staff(client, factories.StaffFactory())

    script = client.get(f"{prefix}/admin/jsi18n/").content.decode()

    found = re.search(r"newcatalog = (\{.*?\});\n", script, re.DOTALL)
    assert found
    said = json.loads(found[1])
    for direction in ("ahead of", "behind"):
        assert words in said[f"Note: You are %s hour {direction} server time."]
