"""Two members of staff who save the same record: the second is told, and nothing is lost."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from threading import Barrier

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from oda_portal.publishing.merging import MOST_ROWS, Merging
from partners.models import City
from programs.models import Photo, Program
from tests import factories
from tests.accounts.test_roles import member
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.faults.line import line

pytestmark = pytest.mark.django_db


def two_forms(page: str) -> tuple[Client, dict, dict]:
    """A client of the second person, and the forms that both opened."""
    first, second = Client(), Client()
    sign_in_staff(first, factories.StaffFactory(name="첫사람"))
    sign_in_staff(second, factories.StaffFactory(name="둘째사람"))
    return second, filled(first.get(page)), filled(second.get(page))


def test_the_second_to_save_is_told_and_overwrites_nothing(client: Client):
    program = factories.ProgramFactory(
        title_ko="처음", title_en="First", body_ko="<p>본문</p>\n<p>둘째</p>"
    )
    page = reverse("admin:programs_program_change", args=[program.pk])
    second, form_of_first, form_of_second = two_forms(page)
    sign_in_staff(client, factories.StaffFactory(name="첫사람"))
    client.post(page, {**form_of_first, "title_ko": "첫사람의 제목"})

    response = second.post(page, {
        **form_of_second, "title_en": "Second person's title", "body_ko": "<p>본문</p><p>둘째</p>",
    })  # fmt: skip

    program.refresh_from_db()
    assert (program.title_ko, program.title_en) == ("첫사람의 제목", "First")
    form = response.context["adminform"].form
    assert "첫사람" in str(form.non_field_errors())
    assert str(form.non_field_errors()[0]) in response.content.decode()
    kept = filled(response)
    assert kept["title_en"] == ["Second person's title"]
    # What only the first changed is in the form; the same text with other white space is no change.
    assert kept["title_ko"] == ["첫사람의 제목"]
    assert set(form.errors) == {"__all__"}
    second.post(page, kept)
    program.refresh_from_db()
    assert (program.title_ko, program.title_en) == ("첫사람의 제목", "Second person's title")


def test_the_page_says_by_whom_and_what_changed_in_every_field(client: Client):
    program = factories.ProgramFactory(title_ko="처음 제목", venue_ko="부산")
    page = reverse("admin:programs_program_change", args=[program.pk])
    second, form_of_first, form_of_second = two_forms(page)
    sign_in_staff(client, factories.StaffFactory(name="첫사람"))
    client.post(page, {**form_of_first, "title_ko": "처음 이름", "venue_ko": "대구"})

    told = second.post(page, {**form_of_second, "title_ko": "나중 제목"})

    (entry,) = told.context["merged"].entries
    assert entry.by == "첫사람"
    assert {(change.before, change.after) for change in entry.changes} == {
        ("처음 제목", "처음 이름"), ("부산", "대구"),
    }  # fmt: skip
    html = told.content.decode()
    assert "<del><span" in html
    assert "<ins><span" in html
    # One field is to be chosen; what stands above it is no second thing to correct.
    assert len(told.context["merged"].clashes) == 1
    assert gettext("Somebody else saved this record while you had it open") in html
    assert ngettext("There is %(n)s thing to correct", "", 1) % {"n": 1} not in html


@pytest.mark.thorough
@pytest.mark.parametrize(("choice", "saved"), [("mine", "둘째의 것"), ("theirs", "첫째의 것")])
def test_of_two_texts_the_second_chooses(client: Client, choice: str, saved: str):
    program = factories.ProgramFactory(title_ko="처음")
    page = reverse("admin:programs_program_change", args=[program.pk])
    second, form_of_first, form_of_second = two_forms(page)
    sign_in_staff(client, factories.StaffFactory())
    client.post(page, {**form_of_first, "title_ko": "첫째의 것"})
    told = second.post(page, {**form_of_second, "title_ko": "둘째의 것"})
    (clash,) = told.context["merged"].clashes
    assert clash.name == "title_ko"
    assert "첫째의 것" in str(told.context["adminform"].form.errors["title_ko"])

    second.post(page, filled(told, **{clash.choice: choice}))

    program.refresh_from_db()
    assert program.title_ko == saved


@pytest.mark.thorough
def test_links_days_and_boxes_of_the_other_are_taken_over(client: Client):
    themes = factories.ThemeFactory.create_batch(2)
    program = factories.ProgramFactory(ours=True, publish_at=None, kind="training")
    page = reverse("admin:programs_program_change", args=[program.pk])
    second, form_of_first, form_of_second = two_forms(page)
    sign_in_staff(client, factories.StaffFactory())
    changes = {
        "themes": [theme.pk for theme in themes], "starts_on": "2026-03-01", "kind": "forum",
        "ends_on": "2026-03-09", "precision": "day",
    }  # fmt: skip
    first = {name: value for name, value in form_of_first.items() if name != "ours"}
    client.post(page, {**first, **changes})

    told = second.post(page, {**form_of_second, "title_en": "Another"})
    second.post(page, filled(told))

    program.refresh_from_db()
    assert (program.ours, str(program.starts_on), program.kind) == (False, "2026-03-01", "forum")
    assert set(program.themes.all()) == set(themes)
    assert program.title_en == "Another"


@pytest.mark.thorough
def test_inlines_are_joined_row_by_row(client: Client):
    mine, theirs = factories.PhotoFactory(), None
    theirs = factories.PhotoFactory(program=mine.program)
    page = reverse("admin:programs_program_change", args=[mine.program.pk])
    second, form_of_first, form_of_second = two_forms(page)
    names = {form_of_first[f"photos-{n}-id"][0]: f"photos-{n}-caption_ko" for n in range(2)}
    sign_in_staff(client, factories.StaffFactory())
    client.post(page, {**form_of_first, names[str(theirs.pk)]: "첫째의 설명"})

    told = second.post(page, {**form_of_second, names[str(mine.pk)]: "둘째의 설명"})
    second.post(page, filled(told))

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.caption_ko, theirs.caption_ko) == ("둘째의 설명", "첫째의 설명")


@pytest.mark.thorough
def test_a_row_that_another_page_changed_is_a_conflict_too(client: Client):
    run = factories.RunFactory(note_ko="처음")
    page = reverse("admin:programs_program_change", args=[run.program.pk])
    second, _form_of_first, form_of_second = two_forms(page)
    sign_in_staff(client, factories.StaffFactory())
    own = reverse("admin:programs_run_change", args=[run.pk])
    client.post(own, filled(client.get(own), note_ko="회차 화면에서 고침"))

    told = second.post(page, {**form_of_second, "title_en": "Another"})
    run.refresh_from_db()
    assert run.note_ko == "회차 화면에서 고침"
    second.post(page, filled(told))

    run.refresh_from_db()
    run.program.refresh_from_db()
    assert (run.note_ko, run.program.title_en) == ("회차 화면에서 고침", "Another")


@pytest.mark.thorough
@pytest.mark.parametrize("touched", [False, True])
def test_a_row_that_somebody_deleted_goes_or_comes_back_with_what_was_written(
    client: Client, touched: bool
):
    gone, kept = factories.PhotoFactory(caption_ko="지운 사진"), None
    kept = factories.PhotoFactory(program=gone.program)
    page = reverse("admin:programs_program_change", args=[gone.program.pk])
    second, form_of_first, form_of_second = two_forms(page)
    place = next(n for n in range(2) if form_of_first[f"photos-{n}-id"] == [str(gone.pk)])
    sign_in_staff(client, factories.StaffFactory())
    client.post(page, {**form_of_first, f"photos-{place}-DELETE": "on"})
    changed = {f"photos-{place}-caption_ko": "고친 설명"} if touched else {}

    told = second.post(page, {**form_of_second, "title_en": "Another", **changed})
    assert len(told.context["merged"].notes) == 1
    second.post(page, filled(told))

    captions = {photo.caption_ko for photo in gone.program.photos.all()}
    assert captions == {kept.caption_ko, *(["고친 설명"] if touched else [])}
    gone.program.refresh_from_db()
    assert gone.program.title_en == "Another"


@pytest.mark.parametrize(
    "version", ["x", "1", "1.2", "9" * 60, "1.1.1", "-1.0.0", "1.99999999999999999.1", "٣.1.1"]
)
def test_odd_versions_are_refused_and_save_nothing(client: Client, version: str):
    sign_in_staff(client, factories.StaffFactory())
    program = factories.ProgramFactory(title_ko="처음")
    page = reverse("admin:programs_program_change", args=[program.pk])

    answer = client.post(page, filled(client.get(page), version=version, title_ko="나중"))

    assert answer.status_code == 200
    program.refresh_from_db()
    assert program.title_ko == "처음"


@pytest.mark.thorough
def test_whoever_has_seen_both_versions_may_save(client: Client):
    program = factories.ProgramFactory(title_ko="처음")
    page = reverse("admin:programs_program_change", args=[program.pk])
    second, form_of_first, form_of_second = two_forms(page)
    sign_in_staff(client, factories.StaffFactory())
    client.post(page, {**form_of_first, "title_ko": "첫사람의 제목"})
    told = second.post(page, {**form_of_second, "title_ko": "둘째사람의 제목"})

    second.post(page, filled(told))

    program.refresh_from_db()
    assert program.title_ko == "둘째사람의 제목"


@pytest.mark.thorough
def test_a_change_of_an_inline_alone_is_a_conflict_too(client: Client):
    photo = factories.PhotoFactory()
    page = reverse("admin:programs_program_change", args=[photo.program.pk])
    second, form_of_first, form_of_second = two_forms(page)
    sign_in_staff(client, factories.StaffFactory())
    client.post(page, {**form_of_first, "photos-0-caption_ko": "새 설명"})

    second.post(page, {**form_of_second, "photos-0-caption_ko": "다른 설명"})

    photo.refresh_from_db()
    assert photo.caption_ko == "새 설명"


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time anyway")
@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_instant_one_is_told():
    program = factories.ProgramFactory(title_ko="처음")
    page = reverse("admin:programs_program_change", args=[program.pk])
    people = []
    for number in range(4):
        person = Client()
        sign_in_staff(person, factories.StaffFactory())
        people.append((person, filled(person.get(page), title_ko=f"제목 {number}")))
    start = Barrier(len(people))

    seconds: list[float] = []

    def save(person: Client, form: dict) -> int:
        start.wait()
        begun = time.monotonic()
        try:
            return person.post(page, form).status_code
        finally:
            seconds.append(time.monotonic() - begun)
            connection.close()

    with ThreadPoolExecutor(len(people)) as threads:
        answers = [answer.result() for answer in [threads.submit(save, *each) for each in people]]

    told = answers.count(200)
    case = "four staff saving one record at once"
    print(line(case, 4, lost=3 - told, errors=told, seconds=seconds))
    assert sorted(answers) == [200, 200, 200, 302]
    assert Program.objects.get().title_ko == f"제목 {answers.index(302)}"


def test_a_form_without_its_version_is_refused(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    city = factories.CityFactory(name_ko="몽골")
    page = reverse("admin:partners_city_change", args=[city.pk])

    client.post(page, filled(client.get(page), version="", name_ko="다른 이름"))

    assert City.objects.get().name_ko == "몽골"


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_message_is_in_the_language_of_the_page(client: Client, language: str):
    program = factories.ProgramFactory()
    with translation.override(language):
        page = reverse("admin:programs_program_change", args=[program.pk])
        history = reverse("admin:programs_program_history", args=[program.pk])
    second, _form_of_first, form_of_second = two_forms(page)
    Program.objects.get().save()

    response = second.post(page, form_of_second)

    assert f'href="{history}"' in str(response.context["adminform"].form.non_field_errors())


def test_what_a_translator_wrote_into_a_deleted_row_is_told_and_not_promised(client: Client):
    photo = factories.PhotoFactory(caption_ko="지운 사진", caption_en="Gone")
    page = reverse("admin:programs_program_change", args=[photo.program.pk])
    translator = Client()
    sign_in_staff(translator, member("translator_en"))
    form = filled(translator.get(page))
    photo.delete()

    told = translator.post(page, {**form, "photos-0-caption_en": "A bridge at night"})

    (note,) = told.context["merged"].notes
    assert "A bridge at night" in note
    assert note.count("지운 사진") == 1  # its name, and no text that another wrote
    assert filled(told)["photos-TOTAL_FORMS"] == ["0"]


def test_rows_that_are_only_announced_are_not_looked_for():
    program = factories.ProgramFactory()
    for count in ("1000000000", "9" * 5000):
        sent = Merging(program, [], QueryDict(f"photos-INITIAL_FORMS={count}"))
        rows = sent.rows_sent(Photo, "photos")

        assert len(list(islice(rows, MOST_ROWS + 1))) == MOST_ROWS
