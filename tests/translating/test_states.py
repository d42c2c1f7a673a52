"""Which saves put a translation out of step, and which bring it back."""

from __future__ import annotations

from typing import Any

import pytest

from oda_portal.audit.models import Transition
from oda_portal.publishing.models import Publishable
from oda_portal.translating import actions
from oda_portal.translating.models import TranslationState
from oda_portal.translating.states import Saved, after_saving, after_saving_all, texts_of
from programs.models import Program
from tests import factories

pytestmark = pytest.mark.django_db


def save(row: Any, *, minor: bool = False, **texts: str | None) -> None:
    before = texts_of(row)
    for column, text in texts.items():
        setattr(row, column, text)
    row.save()
    after_saving(before, row, minor=minor, by=None)


def late() -> set[tuple[str, str]]:
    return set(TranslationState.objects.values_list("field", "language"))


def test_a_changed_source_puts_its_translations_out_of_step():
    staff, program = factories.StaffFactory(), factories.ProgramFactory()
    before = texts_of(program)
    program.title_ko = "새 제목"
    program.save()

    for _time in range(2):
        after_saving(before, program, by=staff)

    assert late() == {("title", "en"), ("title", "zh-hans")}
    assert {state.by for state in TranslationState.objects.all()} == {staff}
    assert {state.record_id for state in TranslationState.objects.all()} == {program.pk}


def test_what_is_translated_in_the_same_save_stays_in_step():
    program = factories.ProgramFactory()

    save(program, title_ko="새 제목", title_en="New title")

    assert late() == {("title", "zh-hans")}


def test_what_is_missing_is_not_out_of_date():
    program = factories.ProgramFactory(title_zh_hans="")

    save(program, title_ko="새 제목")

    assert late() == {("title", "en")}


def test_a_new_text_and_a_new_row_put_nothing_out_of_step():
    program = factories.ProgramFactory(body_ko="", body_en="Only in English")

    save(program, body_ko="처음 쓴 한국어")
    after_saving(None, factories.ProgramFactory(), by=None)

    assert late() == set()


def test_a_source_that_says_the_old_again_brings_its_translations_back():
    program = factories.ProgramFactory()
    old = program.title_ko

    save(program, title_ko="둘째")
    save(program, title_ko="셋째")
    assert late() == {("title", "en"), ("title", "zh-hans")}
    save(program, title_ko=old)

    assert late() == set()


def test_a_changed_translation_is_in_step_again_and_no_other():
    program = factories.ProgramFactory()
    save(program, title_ko="새 제목", summary_ko="새 요약")

    save(program, title_en="New title")

    assert late() == {("title", "zh-hans"), ("summary", "en"), ("summary", "zh-hans")}


def test_saving_one_language_never_changes_another():
    program = factories.ProgramFactory()

    save(program, title_en="Another title", summary_zh_hans="另一个摘要")

    assert late() == set()


def test_publishing_and_taking_down_change_nothing():
    program = factories.ProgramFactory(status="draft")
    save(program, title_ko="새 제목")
    known = late()

    program.publish(by=None)
    program.withdraw(by=None)

    assert isinstance(program, Publishable)
    assert late() == known


def test_a_minor_edit_keeps_every_state_and_is_recorded():
    program = factories.ProgramFactory()
    save(program, summary_ko="새 요약")
    known = late()

    save(program, minor=True, title_ko="제목 0", summary_en="Summary, spelt right")

    assert late() == known
    trail = Transition.objects.get(field="translation")
    assert (trail.from_state, trail.to_state) == ("current", "minor_edit")


def test_english_is_the_source_where_there_is_no_korean():
    program = factories.ProgramFactory(title_ko="")

    save(program, title_en="New title")
    assert late() == {("title", "zh-hans")}
    save(program, title_ko="이제 한국어도")

    assert late() == {("title", "zh-hans")}


def test_a_text_that_becomes_the_source_waits_for_nothing():
    program = factories.ProgramFactory()
    save(program, title_ko="새 제목")

    save(program, title_ko="")

    assert late() == {("title", "zh-hans")}


def test_tags_that_the_editor_writes_otherwise_are_no_change():
    program = factories.ProgramFactory(body_ko="<p>하나</p><p>둘</p>", body_en="<p>One</p>")

    save(program, body_ko="<p>하나</p>\n<p><strong>둘</strong></p>")
    assert late() == set()
    save(program, body_ko='<p>하나</p><p><a href="/news/">둘</a></p>')

    assert late() == {("body", "en")}


def test_parts_of_a_record_are_followed_with_it():
    group = factories.ParticipantGroupFactory(label_ko="공무원", label_en="Officials")

    save(group, label_ko="지방 공무원")

    state = TranslationState.objects.get()
    assert state.subject == group
    assert state.record_type.model_class() is Program
    assert state.record_id == group.run.program_id


def test_many_rows_ask_no_more_than_one(django_assert_max_num_queries: Any):
    def saved(count: int) -> list[Saved]:
        rows = factories.ProgramFactory.create_batch(count, title_zh_hans="", summary_zh_hans="")
        before = [texts_of(row) for row in rows]
        for row in rows:
            row.title_en = f"{row.title_en}!"
        return [Saved(old, row) for old, row in zip(before, rows, strict=True)]

    for count in (1, 20):
        some = saved(count)
        with django_assert_max_num_queries(3):
            after_saving_all(some, by=None)


# --- confirming ----------------------------------------------------------------------------------


def test_a_translation_that_is_still_right_is_confirmed_once():
    staff, program = factories.StaffFactory(), factories.ProgramFactory()
    save(program, title_ko="새 제목")
    shown = {"title": actions.shown_source(program, "title")}

    done = [actions.confirm(program, language="en", shown=shown, by=staff) for _time in range(2)]

    assert done == [1, 0]
    assert late() == {("title", "zh-hans")}
    trail = Transition.objects.get(field="translation.en")
    assert (trail.from_state, trail.to_state, trail.by) == ("outdated", "confirmed", staff)


def test_nobody_confirms_what_they_have_not_read():
    staff, program = factories.StaffFactory(), factories.ProgramFactory()
    save(program, title_ko="새 제목")
    shown = {"title": actions.shown_source(program, "title")}
    save(program, title_ko="또 다른 제목")

    assert actions.confirm(program, language="en", shown=shown, by=staff) == 0

    assert ("title", "en") in late()
    assert not Transition.objects.exists()


def test_nothing_is_said_of_rows_that_are_gone():
    program, other = factories.ProgramFactory(), factories.ProgramFactory()
    for row in (program, other):
        save(row, title_ko="새 제목")
    key = program.pk
    program.delete()

    for _time in range(2):
        actions.forget([("programs.program", str(key)), ("programs.program", str(other.pk))])
    actions.forget([("no.model", "1"), ("programs.program", "x")])

    assert set(TranslationState.objects.values_list("object_id", flat=True)) == {other.pk}
