"""Invented programmes for benchmarks: whole, told from real ones, and found as the search finds."""

import pytest
from django.db import connection

from benchmarks.generator import filling
from benchmarks.generator.programmes import FIRST_KEY
from benchmarks.generator.surroundings import MARK
from news.models import Article
from oda_portal.search.indexing import index
from oda_portal.search.models import SearchEntry
from oda_portal.search.queries import search
from oda_portal.search.registry import searched_of
from partners.models import City, Organisation
from programs.models import CountryShare, Program, Run
from tests import factories

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="written by COPY"),
]
TABLES = [table.model for table in filling.TABLES.values()]


@pytest.fixture(autouse=True)
def codes():
    """What `prepare` writes, and the parts small enough for a test."""
    for _number in range(3):
        factories.CountryFactory()
        factories.ThemeFactory()
        factories.SectorFactory()


def fill(number: int) -> None:
    list(filling.fill(number, processes=1))


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in TABLES}


def test_programmes_come_with_all_that_is_around_them():
    fill(40)

    assert Program.objects.filter(code__startswith=MARK).count() == 40
    assert Article.objects.filter(slug__startswith=MARK).count() == 8
    assert not [name for name, number in counts().items() if number == 0]
    assert Program.objects.filter(title_zh_hans=None).count() in range(1, 25)
    assert Run.objects.filter(program__code__startswith=MARK).count() >= 40


def test_entries_are_those_that_the_search_would_make():
    fill(40)
    columns = [field.name for field in SearchEntry._meta.fields if field.name != "id"]
    invented = SearchEntry.objects.filter(model__in=["programs.program", "news.article"])
    before = list(invented.order_by("model", "object_id", "language").values(*columns))

    for model in (Program, Article):
        pks = list(model._default_manager.values_list("pk", flat=True))
        index(searched_of(model._meta.label_lower), pks)

    assert list(invented.order_by("model", "object_id", "language").values(*columns)) == before
    assert len(before) > 100


def test_the_rare_word_stands_in_twenty_programmes():
    fill(200)

    assert search("lighthouse", language="en").total <= 20
    assert SearchEntry.objects.filter(language="ko", text__contains="해녀").count() == 20


def test_killed_and_started_again_it_goes_on_and_makes_nothing_twice(monkeypatch):
    monkeypatch.setattr(filling, "PART", 10)
    fill(40)
    whole = counts()
    Program.objects.filter(pk__gte=FIRST_KEY + 20).delete()
    Article.objects.filter(pk__gte=FIRST_KEY + 20).delete()
    SearchEntry.objects.filter(object_id__gte=FIRST_KEY + 20).delete()

    made = list(filling.fill(40, processes=1))

    assert [progress.done for progress in made] == [30, 40]
    assert counts() == whole
    assert list(filling.fill(40, processes=1)) == []


def test_another_number_is_refused_while_the_first_is_there():
    fill(40)

    with pytest.raises(SystemExit, match="another number"):
        fill(4000)


def test_a_database_with_programmes_of_its_own_is_refused(settings):
    settings.DEMO = False
    factories.ProgramFactory()

    with pytest.raises(SystemExit, match="of its own"):
        fill(40)

    assert not Program.objects.filter(code__startswith=MARK).exists()


def test_what_was_invented_goes_again_and_nothing_else(settings):
    settings.DEMO = True
    kept = factories.ProgramFactory()
    CountryShare.objects.create(program=kept, country=factories.CountryFactory())
    before = counts()
    fill(40)

    assert filling.remove() == 40

    assert counts() == before
    assert not City.objects.filter(slug__startswith=MARK).exists()
    assert not Organisation.objects.filter(slug__startswith=MARK).exists()
    assert list(CountryShare.objects.values_list("program", flat=True)) == [kept.pk]
