"""Publishing: what is public, who moved it there, and how fast that is seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from oda_portal.audit.models import Transition
from oda_portal.publishing.models import Dirty, Status, publish_update
from partners.models import City
from programs.models import Program
from tests.factories import CityFactory, ProgramFactory, StaffFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 3, tzinfo=UTC)


def test_published_holds_only_what_is_public_at_that_instant():
    shown = ProgramFactory()
    soon = ProgramFactory(publish_at=NOON + timedelta(minutes=1))
    ending = ProgramFactory(expire_at=NOON + timedelta(minutes=1))
    ProgramFactory(status=Status.DRAFT)
    ProgramFactory(status=Status.WITHDRAWN)
    before, after = NOON, NOON + timedelta(minutes=1)

    assert set(Program.objects.published(before)) == {shown, ending}
    assert set(Program.objects.published(after)) == {shown, soon}


@pytest.mark.parametrize("minutes", [0, 1, 2])
def test_is_public_agrees_with_published(minutes: int):
    at = NOON + timedelta(minutes=minutes)
    edge = NOON + timedelta(minutes=1)
    programs = [
        ProgramFactory(),
        ProgramFactory(publish_at=edge),
        ProgramFactory(expire_at=edge),
        ProgramFactory(status=Status.DRAFT),
        ProgramFactory(status=Status.WITHDRAWN),
    ]

    assert {row for row in programs if row.is_public(at)} == set(Program.objects.published(at))


def test_publish_writes_the_trail_and_is_once_when_pressed_twice():
    program, editor = ProgramFactory(status=Status.DRAFT), StaffFactory()

    assert program.publish(by=editor) is True
    assert program.publish(by=editor) is False

    trail = Transition.objects.get()
    assert (trail.from_state, trail.to_state, trail.by) == ("draft", "published", editor)
    assert trail.subject == program


def test_publish_from_a_stale_copy_moves_once():
    program = ProgramFactory(status=Status.DRAFT)
    stale = Program.objects.get(pk=program.pk)
    program.publish(by=None)

    assert stale.publish(by=None) is False
    assert Transition.objects.count() == 1


def test_withdraw_refuses_what_is_not_published():
    draft = ProgramFactory(status=Status.DRAFT)

    assert draft.withdraw(by=None) is False
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_withdraw_keeps_the_reason():
    program = ProgramFactory()

    program.withdraw(by=StaffFactory(), reason="A wrong year")

    assert Transition.objects.get().reason == "A wrong year"
    assert not Program.objects.published().exists()


def test_change_marks_the_object_in_its_own_transaction():
    program = ProgramFactory()
    Dirty.objects.all().delete()

    program.title_ko = "바뀐 제목"
    with transaction.atomic():
        program.save()
        transaction.set_rollback(True)
    assert not Dirty.objects.exists()

    program.save()
    assert Dirty.objects.get().object_id == str(program.pk)


def test_publish_update_is_marked_like_a_save():
    program = ProgramFactory()
    Dirty.objects.all().delete()

    with transaction.atomic():
        assert publish_update(Program.objects.filter(pk=program.pk), ours=False) == 1

    program.refresh_from_db()
    assert program.ours is False
    assert Dirty.objects.filter(model="programs.program", object_id=str(program.pk)).exists()


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ({"title_ko": "나", "title_en": "B", "title_zh_hans": "二"}, "zh-hans", "二"),
        ({"title_ko": "나", "title_en": "B", "title_zh_hans": ""}, "zh-hans", "B"),
        ({"title_ko": "나", "title_en": "", "title_zh_hans": None}, "zh-hans", "나"),
        ({"title_ko": "나", "title_en": "", "title_zh_hans": "二"}, "en", "나"),
        ({"title_ko": "", "title_en": "B", "title_zh_hans": "二"}, "ko", "B"),
    ],
)
def test_with_text_falls_back_as_readers_of_the_language_want(texts, language, expected):
    from django.utils import translation

    program = ProgramFactory(**texts)

    with translation.override(language):
        assert Program.objects.with_text("title").get(pk=program.pk).title_text == expected


@pytest.mark.parametrize("words", ["울란", "ulaan", "乌兰", "Ulaan 보건"])
def test_containing_finds_words_in_any_language(words: str):
    found = ProgramFactory(
        title_ko="울란바토르 보건", title_en="Ulaanbaatar health", title_zh_hans="乌兰巴托卫生"
    )
    ProgramFactory()

    assert list(Program.objects.containing(words, "title")) == [found]


def test_each_word_may_stand_in_another_row_that_counts():
    found, other = ProgramFactory(title_en="Harbours"), ProgramFactory()
    found.cities.add(CityFactory(name_en="Hue"), CityFactory(name_en="Yangon"))
    other.cities.add(CityFactory(name_en="Hue"), CityFactory(name_en="Yangon", status="draft"))
    public = City.objects.published()

    def containing(words: str) -> list[Program]:
        return list(Program.objects.containing(words, "title", cities__name=public))

    assert containing("hue YANGON harbours") == [found]
    assert containing("hue harbours lima") == []
    assert set(containing("hue")) == {found, other}


def test_settle_raises_the_generation_and_empties_the_list():
    from oda_portal.publishing import freshness
    from oda_portal.publishing.tasks import settle

    ProgramFactory()
    before = freshness.generation()

    settle()

    assert not Dirty.objects.exists()
    assert freshness.generation() != before


@time_machine.travel(NOON, tick=False)
def test_next_change_is_the_first_of_publication_expiry_and_midnight():
    from oda_portal.publishing.freshness import next_change

    midnight_in_korea = datetime(2026, 11, 22, 15, tzinfo=UTC)
    assert next_change(NOON) == midnight_in_korea


@time_machine.travel(NOON, tick=False)
def test_next_change_sees_timed_rows():
    from oda_portal.publishing.freshness import next_change

    ProgramFactory(publish_at=NOON + timedelta(seconds=40))
    ProgramFactory(expire_at=NOON + timedelta(seconds=20))

    assert next_change(NOON) == NOON + timedelta(seconds=20)
    assert next_change(NOON + timedelta(seconds=20)) == NOON + timedelta(seconds=40)


def test_what_is_kept_for_a_generation_ends_with_the_next_timed_change():
    from oda_portal.publishing.freshness import cached

    with time_machine.travel(NOON, tick=False) as clock:
        ProgramFactory(publish_at=NOON + timedelta(seconds=20))

        def published() -> int:
            return Program.objects.published().count()

        assert cached("published", published) == 0
        clock.shift(19)
        assert cached("published", published) == 0
        clock.shift(1)
        assert cached("published", published) == 1
