"""In the form of a record, and on the page beside the original."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse, translate_url

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from oda_portal.audit.models import Transition
from oda_portal.translating.models import TranslationState
from oda_portal.translating.states import after_saving, texts_of
from programs.models import Program
from tests import factories
from tests.admin.forms import filled
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db


def late(row: Any) -> set[tuple[str, str]]:
    rows = TranslationState.objects.filter(object_id=row.pk)
    return set(rows.values_list("field", "language"))


def save(row: Any, **texts: str) -> None:
    before = texts_of(row)
    for column, text in texts.items():
        setattr(row, column, text)
    row.save()
    after_saving(before, row, by=None)


def page(name: str, program: Program, *more: str) -> str:
    return reverse(f"admin:programs_program_{name}", args=[program.pk, *more])


def translator(client: Client, *roles: str) -> User:
    set_up_roles()
    user = factories.StaffFactory(is_superuser=False)
    user.groups.set(Group.objects.filter(name__in=roles))
    sign_in_staff(client, user)
    return user


# --- the form ------------------------------------------------------------------------------------


def test_saving_the_form_notes_what_is_out_of_date(client: Client):
    staff, program = factories.StaffFactory(), factories.ProgramFactory()
    sign_in_staff(client, staff)

    client.post(page("change", program), filled(client.get(page("change", program)), title_ko="새"))

    assert late(program) == {("title", "en"), ("title", "zh-hans")}
    assert TranslationState.objects.filter(by=staff).count() == 2


def test_a_minor_edit_in_the_form_notes_nothing(client: Client):
    program = factories.ProgramFactory()
    sign_in_staff(client, factories.StaffFactory())
    form = filled(client.get(page("change", program)), title_ko="새", _minor_edit="on")

    client.post(page("change", program), form)

    program.refresh_from_db()
    assert (program.title_ko, late(program)) == ("새", set())


def test_inlines_are_noted_and_forgotten_with_their_rows(client: Client):
    line = factories.MilestoneFactory(title_ko="단계", title_en="Stage")
    sign_in_staff(client, factories.StaffFactory())
    url = page("change", line.program)
    prefix = "milestones-0"

    client.post(url, filled(client.get(url), **{f"{prefix}-title_ko": "새 단계"}))
    assert ("title", "en") in late(line)
    client.post(url, filled(client.get(url), **{f"{prefix}-DELETE": "on"}))

    assert late(line) == set()


def test_the_form_says_what_changed_in_the_original(client: Client):
    program = factories.ProgramFactory(title_ko="항만 연수 과정")
    sign_in_staff(client, factories.StaffFactory())
    save(program, title_ko="항만 초청 과정")

    shown = client.get(page("change", program)).content.decode()

    assert "연수" in shown.split("<del>")[1].split("</del>")[0]
    assert "초청" in shown.split("<ins>")[1].split("</ins>")[0]
    assert 'href="#id_title_en"' in shown


def test_confirming_in_the_form_takes_one_or_all_of_a_language(client: Client):
    program = factories.ProgramFactory()
    staff = factories.StaffFactory()
    sign_in_staff(client, staff)
    save(program, title_ko="새 제목", summary_ko="새 요약")
    languages = {
        language.code: [text.token for text, _anchor in texts]
        for language, texts in client.get(page("change", program)).context["outdated_languages"]
    }

    client.get(page("still_right", program))
    assert len(late(program)) == 4
    one = {"language": "en", "right": languages["en"][0], "each": languages["en"]}
    client.post(page("still_right", program), one)
    assert len(late(program)) == 3
    client.post(page("still_right", program), {"language": "zh-hans", "each": languages["zh-hans"]})

    assert {language for _field, language in late(program)} == {"en"}
    assert Transition.objects.filter(field="translation.zh-hans", by=staff).count() == 1


@pytest.mark.parametrize(
    "token", ["", "x", "1.2.title", "999999999999999999999.1.title.a", "1.1.t.a.b"]
)
def test_nonsense_confirms_nothing(client: Client, token: str):
    program = factories.ProgramFactory()
    sign_in_staff(client, factories.StaffFactory())
    save(program, title_ko="새 제목")

    answer = client.post(page("still_right", program), {"language": "en", "right": token})

    assert answer.status_code == 302
    assert len(late(program)) == 2


def test_a_translator_confirms_their_own_language_alone(client: Client):
    factories.OfficeFactory()
    program = factories.ProgramFactory()
    translator(client, "translator_en")
    save(program, title_ko="새 제목")
    forms = client.get(page("change", program)).context["outdated_languages"]
    tokens = {language.code: texts[0][0].token for language, texts in forms}

    refused = client.post(
        page("still_right", program), {"language": "zh-hans", "right": tokens["zh-hans"]}
    )
    client.post(page("still_right", program), {"language": "en", "right": tokens["en"]})

    assert refused.status_code == 403
    assert late(program) == {("title", "zh-hans")}


# --- beside the original --------------------------------------------------------------------------


def test_a_translator_writes_beside_the_original(client: Client):
    factories.OfficeFactory()
    program = factories.ProgramFactory(summary_en="")
    milestone = factories.MilestoneFactory(program=program, title_ko="첫 단계", title_en="")
    user = translator(client, "translator_en")
    save(program, title_ko="새 제목")
    url = page("translate", program, "en")
    name = f"programs-program-{program.pk}"
    part = f"programs-milestone-{milestone.pk}"
    form = filled(
        client.get(url),
        **{
            f"{name}-title_en": "New title",
            f"{name}-summary_en": "New summary",
            f"{part}-title_en": "First stage",
        },
    )

    client.post(url, {**form, f"{name}-title_ko": "훔친 제목", "status": "draft"})

    program.refresh_from_db()
    milestone.refresh_from_db()
    assert (program.title_ko, program.title_en, program.summary_en, program.status) == (
        "새 제목", "New title", "New summary", "published",
    )  # fmt: skip
    assert milestone.title_en == "First stage"
    assert late(program) == {("title", "zh-hans")}
    assert program.history.first().history_user == user


def test_what_is_still_right_is_ticked_beside_the_original(client: Client):
    program = factories.ProgramFactory()
    sign_in_staff(client, factories.StaffFactory())
    save(program, title_ko="새 제목")
    url = page("translate", program, "en")
    box = f"programs-program-{program.pk}-right_title_en"

    client.post(url, {**filled(client.get(url)), box: "on"})

    assert late(program) == {("title", "zh-hans")}


def test_a_minor_edit_beside_the_original_stays_out_of_date(client: Client):
    program = factories.ProgramFactory()
    sign_in_staff(client, factories.StaffFactory())
    save(program, title_ko="새 제목")
    url = page("translate", program, "en")
    name = f"programs-program-{program.pk}-title_en"

    client.post(url, {**filled(client.get(url)), name: "Titel, spelt right", "_minor_edit": "on"})

    assert ("title", "en") in late(program)


def test_nothing_is_overwritten_while_somebody_translates(client: Client):
    program = factories.ProgramFactory()
    sign_in_staff(client, factories.StaffFactory())
    url = page("translate", program, "en")
    form = filled(client.get(url), **{f"programs-program-{program.pk}-title_en": "Mine"})
    save(program, title_en="Theirs")

    answer = client.post(url, form)
    program.refresh_from_db()
    assert (answer.status_code, program.title_en) == (200, "Theirs")
    assert "Theirs" in answer.content.decode()
    again = filled(answer)
    client.post(url, again)

    program.refresh_from_db()
    assert program.title_en == "Mine"


def test_a_text_too_long_is_refused_and_nothing_is_saved(client: Client):
    program = factories.ProgramFactory()
    sign_in_staff(client, factories.StaffFactory())
    url = page("translate", program, "en")
    name = f"programs-program-{program.pk}"
    texts = {f"{name}-title_en": "x" * 5000, f"{name}-summary_en": "New"}

    answer = client.post(url, filled(client.get(url), **texts))

    program.refresh_from_db()
    assert answer.status_code == 200
    assert program.summary_en != "New"


@pytest.mark.parametrize(
    ("roles", "language", "status"),
    [
        (("translator_en",), "en", 200),
        (("translator_en",), "zh-hans", 403),
        (("translator_en",), "fr", 404),
        (("editor",), "zh-hans", 200),
        (("reviewer",), "en", 403),
        (("forum_manager",), "en", 403),
    ],
)
def test_who_may_write_beside_the_original(
    client: Client, roles: tuple[str, ...], language: str, status: int
):
    factories.OfficeFactory()
    program = factories.ProgramFactory()
    translator(client, *roles)

    assert client.get(page("translate", program, language)).status_code == status


@pytest.mark.parametrize(
    ("korean", "targets"), [("단계", ["en", "zh-hans"]), ("", ["ko", "en", "zh-hans"])]
)
def test_only_languages_that_something_is_translated_into_are_offered(
    client: Client, korean: str, targets: list[str]
):
    program = factories.ProgramFactory()
    factories.MilestoneFactory(program=program, title_ko=korean, title_en="Stage", text_ko="글")
    sign_in_staff(client, factories.StaffFactory())

    form = client.get(page("change", program))
    beside = client.get(page("translate", program, "en"))

    assert [url.split("/")[-2] for url, _code, _name in form.context["side_by_side"]] == targets
    others = [url.split("/")[-2] for url, _code, _name in beside.context["others"]]
    assert others == [code for code in targets if code != "en"]


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_page_asks_as_much_of_one_part_as_of_many(
    client: Client, language: str, django_assert_max_num_queries: Any
):
    program = factories.ProgramFactory()
    sign_in_staff(client, factories.StaffFactory())
    url = translate_url(page("translate", program, "en"), language)
    for count in (1, 10):
        for milestone in factories.MilestoneFactory.create_batch(
            count, program=program, title_ko="단계", title_en="Stage"
        ):
            save(milestone, title_ko="다른 단계")
        client.get(url)
        with django_assert_max_num_queries(45):
            assert client.get(url).status_code == 200


# --- the list ------------------------------------------------------------------------------------


def test_the_list_shows_and_filters_what_is_out_of_date(client: Client):
    program, other = factories.ProgramFactory(), factories.ProgramFactory()
    milestone = factories.MilestoneFactory(program=other, title_ko="단계", title_en="Stage")
    save(program, title_ko="새 제목", title_en="New title")
    save(milestone, title_ko="새 단계")
    sign_in_staff(client, factories.StaffFactory())
    url = reverse("admin:programs_program_changelist")

    everything = {row.pk: row.outdated_in for row in client.get(url).context["cl"].result_list}
    english = client.get(url, {"outdated": "en"}).context["cl"].result_list

    assert everything[program.pk] == {"zh-hans"}
    assert "en" in everything[other.pk]
    assert [row.pk for row in english] == [other.pk]
