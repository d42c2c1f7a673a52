"""The invented edition of the demonstration: marked as such, right in itself, always to come."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from forums.models import Appearance, Forum, ForumSession, Speaker
from oda_portal.demo.demonstration import load_demonstration
from oda_portal.demo.reading import FactError
from programs.models import Program

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("loaded")]


def edition() -> Forum:
    return Forum.objects.select_related("program", "pool").get(slug="demo-forum")


def test_sample_edition_says_that_it_is_one():
    program = edition().program

    assert "(시연)" in program.title_ko
    assert "(demonstration)" in program.title_en
    assert "（演示）" in program.title_zh_hans
    for ko, en, zh in Speaker.objects.values_list("name_ko", "name_en", "name_zh_hans"):
        assert "(가상)" in ko
        assert "(invented)" in en
        assert "（虚构）" in zh


def test_sample_edition_is_in_no_list_or_figure_of_programmes():
    assert edition().program.is_public()
    assert edition().program not in Program.objects.published().ours()
    assert edition().program not in Program.objects.published().of_partners()


def test_sample_edition_takes_registrations_and_papers():
    forum = edition()

    assert forum.takes_registrations()
    assert forum.takes_papers()
    assert forum.pool.capacity == 120
    limited = ForumSession.objects.get(forum=forum, pool__isnull=False)
    assert limited.pool.capacity == 20
    assert limited.pool.pk > forum.pool.pk  # the order in which they are locked


def test_sample_meet_up_takes_topics_for_as_long_as_it_stands():
    meet_up = Forum.objects.select_related("program", "series").get(slug="demo-meetup")

    assert meet_up.is_meet_up
    assert meet_up.series == edition().series
    assert meet_up.papers_close_at is None
    assert meet_up.takes_papers(timezone.now() + timedelta(days=400))
    assert meet_up.takes_registrations()
    assert "(시연)" in meet_up.program.title_ko
    assert "(demonstration)" in meet_up.program.title_en
    assert "（演示）" in meet_up.program.title_zh_hans
    assert meet_up.program not in Program.objects.published().ours()


def test_sample_edition_has_no_clash():
    for row in (*ForumSession.objects.all(), *Appearance.objects.all()):
        row.full_clean()


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_sample_edition_s_programme_is_wholly_in_the_language_of_the_page(client: Client, prefix):
    page = client.get(f"{prefix}/forums/demo-forum/programme/").content.decode()

    assert page.count("/forums/demo-forum/sessions/") == 9
    main = page[page.index("<main") : page.index("page-foot")]
    assert ' lang="' not in main


def test_sample_edition_moves_on_where_nobody_touched_it():
    before = ForumSession.objects.get(forum=edition(), kind="keynote")

    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        load_demonstration()
        assert edition().takes_registrations()

    after = ForumSession.objects.get(pk=before.pk)
    assert after.starts_at == before.starts_at + timedelta(days=30)
    assert timezone.localdate(after.starts_at) == edition().program.starts_on


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("room: main", "room: attic", "“attic” is not in the rooms of this edition"),
        ("{who: hana", "{who: nobody", "“nobody” is not in the speakers of this edition"),
        ("'+45 09:30'", "soon", "is not an hour"),
    ],
)
def test_what_is_wrong_in_the_sample_edition_is_named(edited, old: str, new: str, said: str):
    with pytest.raises(FactError, match=said):
        load_demonstration(edited("sample_edition.yaml", old, new))
