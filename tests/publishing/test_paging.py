"""Pages of lists of which nobody counts the end."""

import pytest
from django.core.cache import caches
from django.core.paginator import EmptyPage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oda_portal.publishing import freshness, paging
from oda_portal.publishing.paging import LongPaginator
from programs.models import Program
from tests.factories import CountryFactory, OfficeFactory, ProgramFactory
from tests.news.writing import LANGUAGES

pytestmark = pytest.mark.django_db
SHOWN = {"ko": "사업 20+건", "en": "20+ programmes", "zh-hans": "共20+个项目"}


@pytest.fixture
def few(monkeypatch):
    """So that thirty rows are many."""
    monkeypatch.setattr(paging, "MOST_COUNTED", 20)


def many(number: int = 30) -> list[Program]:
    OfficeFactory()
    return [ProgramFactory(code=f"program-{place:02}") for place in range(number)]


def listed(client: Client, address: str) -> list[str]:
    return [program.code for program in client.get(address).context["listing"].page]


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_a_long_list_says_that_there_are_more(client, few, prefix: str, language: str):
    many()

    page = client.get(f"{prefix}/programs/").content.decode()

    assert SHOWN[language] in page
    assert page.count('<li aria-hidden="true">…</li>') == 1


def test_a_list_that_was_counted_to_its_end_says_how_many_there_are(client, few):
    many(20)

    page = client.get("/en/programs/").content.decode()

    assert "20 programmes" in page
    assert "20+" not in page


def test_pages_lead_to_the_last_row_beyond_what_was_counted(client, few):
    codes = {program.code for program in many(40)}

    pages = [listed(client, f"/programs/?page={number}") for number in (1, 2, 3, 4)]

    assert [len(page) for page in pages] == [12, 12, 12, 4]
    assert {code for page in pages for code in page} == codes
    assert client.get("/programs/?page=5").status_code == 404


def test_pages_say_of_how_many_they_are_as_far_as_that_is_known(client, few):
    many(40)

    told = [client.get(f"/en/programs/?page={number}").content.decode() for number in (3, 4)]

    assert "Page 3 of 4+" in told[0]
    assert 'rel="next"' in told[0]
    assert "Page 4 of 4" in told[1]
    assert 'rel="next"' not in told[1]


def test_a_list_is_counted_once_for_all_its_pages_until_something_changes(client, few):
    many(5)
    country = CountryFactory()
    address = reverse("programs:program_list")

    def counted(query: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{address}{query}")
        told = [each["sql"] for each in asked if "programs_program" in each["sql"]]
        return sum("SELECT COUNT(" in sql for sql in told)

    counted("")
    caches["pages"].delete(freshness.GENERATION)
    assert counted("?page=1") == 2  # the list and what partners do
    assert counted("?page=1&page=1") == 0
    assert counted(f"?country={country.code}&page=1") == 0
    freshness.raise_generation()
    assert counted("?page=1") == 2


def test_words_are_counted_each_time(client, few):
    many(3)
    client.get("/programs/?q=program")
    client.get("/programs/?q=program&page=1")

    assert not [key for key in _keys() if "counted" in key and "q=" in key]


def _keys() -> list[str]:
    backend = caches["pages"]
    if hasattr(backend, "_table"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT cache_key FROM {backend._table}")
            return [key for (key,) in cursor.fetchall()]
    return [key.decode() for key in backend._cache.get_client().keys("*")]


@pytest.mark.parametrize("number", [0, -1, 3])
def test_there_is_no_page_before_the_first_or_behind_the_last(number: int):
    many(13)

    with pytest.raises(EmptyPage):
        LongPaginator(Program.objects.order_by("pk"), 12).page(number)
