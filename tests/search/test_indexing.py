"""The index follows its objects, by the worker; and can be made anew."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError

from oda_portal.publishing import freshness
from oda_portal.publishing.models import Dirty
from oda_portal.search import indexing
from oda_portal.search.models import SearchEntry
from oda_portal.search.queries import search
from oda_portal.search.registry import Searched, searched_of
from partners.models import City
from programs.models import CountryShare, Program
from tests.factories import (
    ArticleFactory,
    CityFactory,
    CountryFactory,
    MilestoneFactory,
    OrganisationFactory,
    PhotoFactory,
    ProgramFactory,
    RoleFactory,
    StrandFactory,
)

WorkOff = Callable[[], None]


def found(text: str, language: str = "ko") -> int:
    return search(text, language=language).total


def test_changes_are_worked_off_once_and_forgotten(work_off: WorkOff):
    program = ProgramFactory(title_ko="등대", summary_en="", title_en="")
    assert found("등대") == 0

    work_off()
    assert found("등대") == 1
    assert not Dirty.objects.exists()

    program.title_ko = "항구"
    program.save()
    work_off()
    work_off()
    assert (found("등대"), found("항구")) == (0, 1)


def test_the_generation_is_raised_when_the_index_knows(work_off: WorkOff):
    ProgramFactory()
    before = freshness.generation()

    work_off()

    assert freshness.generation() != before


def test_there_is_one_entry_for_each_language_that_something_is_written_in(work_off: WorkOff):
    program = ProgramFactory(title_en="", summary_en="", title_zh_hans="", summary_zh_hans="요약")
    work_off()

    entries = SearchEntry.objects.filter(model="programs.program", object_id=program.pk)
    assert sorted(entries.values_list("language", flat=True)) == ["ko", "zh-hans"]
    # A text without a title stands under that of the language that readers get instead.
    assert {entry.title for entry in entries} == {program.title_ko}

    program.summary_zh_hans = ""
    program.save()
    work_off()
    assert [entry.language for entry in entries.all()] == ["ko"]


def test_entries_go_with_their_object(work_off: WorkOff):
    program = ProgramFactory()
    work_off()

    program.delete()
    work_off()

    assert not SearchEntry.objects.filter(model="programs.program").exists()


def part_country() -> tuple[Program, CountryShare]:
    share = CountryShare.objects.create(
        program=ProgramFactory(), country=CountryFactory(name_ko="등대국")
    )
    return share.program, share


def part_photo() -> tuple[Program, object]:
    photo = PhotoFactory(caption_ko="등대국 사진")
    return photo.program, photo


def part_milestone() -> tuple[Program, object]:
    step = MilestoneFactory(text_ko="등대국과 협약을 맺었다")
    return step.program, step


def part_role() -> tuple[Program, object]:
    role = RoleFactory(organisation=OrganisationFactory(name_ko="등대국 협회"))
    return role.program, role


@pytest.mark.parametrize("part", [part_country, part_photo, part_milestone, part_role])
def test_parts_are_found_in_what_they_belong_to(work_off: WorkOff, part: Callable):  # type: ignore[type-arg]
    owner, row = part()
    Dirty.objects.exclude(model=row._meta.label_lower).delete()  # the owner was indexed before
    work_off()
    assert owner.get_absolute_url() in [hit.url for hit in search("등대국", language="ko").hits]

    row.delete()
    work_off()
    assert owner.get_absolute_url() not in [hit.url for hit in search("등대국", language="ko").hits]


def test_a_city_with_a_new_name_is_found_by_it_wherever_it_is_shown(work_off: WorkOff):
    city = CityFactory(name_ko="옛이름시")
    program, article = ProgramFactory(), ArticleFactory()
    program.cities.add(city)
    article.cities.add(city)
    work_off()
    assert found("옛이름시") == 3

    city.name_ko = "새이름시"
    city.save()
    work_off()
    assert (found("옛이름시"), found("새이름시")) == (0, 3)

    City.objects.get(pk=city.pk).delete()
    work_off()
    assert found("새이름시") == 0


def test_a_link_taken_off_from_the_other_side(work_off: WorkOff):
    city, program = CityFactory(name_ko="등대시"), ProgramFactory()
    program.cities.add(city)
    work_off()
    assert found("등대시") == 2

    city.programs.remove(program)
    work_off()
    assert found("등대시") == 1


def test_city_is_found_by_its_names_in_every_language(work_off: WorkOff):
    CityFactory(name_ko="하나", name_en="Two", name_zh_hans="三城", native_name="Дөрөв")
    work_off()

    for language in ("ko", "en", "zh-hans"):
        for name in ("하나", "Two", "三城", "дөрөв"):
            (hit,) = search(name, language=language).hits
            assert hit.language == language


def test_what_nobody_can_find_changes_nothing(work_off: WorkOff):
    StrandFactory()
    Dirty.objects.create(model="gone.model", object_id="7")
    Dirty.objects.create(model="files.file", object_id="not-a-number")

    work_off()

    assert not Dirty.objects.exists()


def test_what_cannot_be_indexed_keeps_nothing_else_from_it(
    work_off: WorkOff, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    broken, sound = ProgramFactory(title_ko="망가진"), ProgramFactory(title_ko="성한")
    plain_url = Program.get_absolute_url

    def url(program: Program) -> str:
        if program.pk == broken.pk:
            raise LookupError("no address")
        return plain_url(program)

    monkeypatch.setattr(Program, "get_absolute_url", url)
    with caplog.at_level(logging.ERROR):
        work_off()

    assert SearchEntry.objects.filter(object_id=sound.pk, language="ko").exists()
    assert f"[{broken.pk}]" in caplog.text
    assert not Dirty.objects.exists()


def test_a_database_that_is_away_is_told_again(work_off: WorkOff, monkeypatch: pytest.MonkeyPatch):
    ProgramFactory(title_ko="등대")

    def away(searched: Searched, pks: list[int]) -> int:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(indexing, "index", away)
        with pytest.raises(OperationalError):
            work_off()
    assert Dirty.objects.exists()

    work_off()
    assert found("등대") == 1


def rebuilt() -> str:
    said = StringIO()
    call_command("search_rebuild", stdout=said)
    return said.getvalue()


def test_rebuilding_brings_everything_back(work_off: WorkOff, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(indexing, "BATCH", 2)
    for number in range(5):
        ProgramFactory(title_ko=f"등대 {number}")
    work_off()
    before = sorted(SearchEntry.objects.values_list("model", "object_id", "language", "text"))
    SearchEntry.objects.all().delete()

    assert "5 of 5 objects" in rebuilt()
    assert rebuilt() == rebuilt()

    after = sorted(SearchEntry.objects.values_list("model", "object_id", "language", "text"))
    assert after == before
    assert found("등대") == 5


def test_rebuilding_removes_what_is_no_more(db: None):
    ProgramFactory()
    rebuilt()
    values = {"language": "ko", "kind": "page", "url": "/", "title": "", "names": ""}
    for model in ("programs.program", "gone.model"):
        SearchEntry.objects.create(
            model=model, object_id=10**6, tokens=indexing.Tokens(()), **values
        )

    rebuilt()

    assert not SearchEntry.objects.filter(object_id=10**6).exists()


def test_rebuilding_forgets_changes_that_it_took_in(db: None):
    ProgramFactory()

    rebuilt()

    assert not Dirty.objects.exists()


def test_entries_stay_while_the_index_is_made_anew(work_off: WorkOff):
    program = ProgramFactory(title_ko="등대")
    work_off()
    keys = set(SearchEntry.objects.values_list("pk", flat=True))

    for _done in indexing.rebuild():
        assert found("등대") == 1

    assert set(SearchEntry.objects.values_list("pk", flat=True)) == keys
    assert searched_of(program._meta.label_lower)


def test_every_model_that_an_entry_shows_is_watched():
    from oda_portal.publishing.changes import _watched
    from oda_portal.search.registry import all_searched

    for searched in all_searched():
        assert {searched.model, *searched.shown} <= _watched
