"""Every forum of the facts is an edition, counted as it was counted then; nothing is invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from lxml import html

from forums.models import Appearance, Forum, ForumSession, Material, Series
from oda_portal.demo.demonstration import load_demonstration
from oda_portal.demo.reading import FactError

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("loaded")]
FACTS = settings.BASE_DIR / "oda_portal/demo/facts"


# Made up to show how a programme and calls look, and marked so on their pages.
SAMPLE = "demo-"


def told() -> Any:
    return Forum.objects.exclude(slug__startswith=SAMPLE)


def facts(name: str) -> dict[str, Any]:
    return yaml.safe_load((FACTS / f"{name}.yaml").read_text(encoding="utf-8"))


def test_every_forum_of_the_facts_is_an_edition_of_its_series():
    known = facts("forums")
    wanted = {(fact["id"], fact["series"]) for fact in known["forums"]} | {
        ("meetup-2024", "related")
    }

    assert set(told().values_list("program__code", "series__slug")) == wanted
    assert set(told().values_list("slug", "series__slug")) == wanted
    series = Series.objects.exclude(forums__slug__startswith=SAMPLE)
    assert [row.slug for row in series] == list(known["series"])
    assert Series.objects.get(slug="oda-forum").name_zh_hans == "釜山ODA论坛"


def test_editions_are_numbered_as_they_were_and_themes_stand_as_told():
    labels = dict(told().exclude(edition_label_ko="").values_list("slug", "edition_label_ko"))
    assert labels == {
        "forum-2014": "제4차",
        "forum-2015": "제5차",
        "forum-2022": "제7회",
        "gcf-2023": "제1회",
    }
    for fact in facts("forums")["forums"]:
        forum = Forum.objects.get(slug=fact["id"])
        theme = fact.get("theme") or {"ko": "", "en": "", "zh": ""}
        assert (forum.theme_ko, forum.theme_en, forum.theme_zh_hans) == tuple(theme.values())
        # The label is a part of the title, and the number is the facts’.
        assert forum.edition_label_ko in forum.program.title_ko
        assert forum.edition_label_zh_hans in forum.program.title_zh_hans
        assert bool(forum.edition_label_ko) == ("edition" in fact)


def test_meet_up_day_of_the_network_is_a_meet_up():
    meet_up = told().get(kind="meet_up")
    program = meet_up.program

    assert program.title_en == "B-ODA meet-up day 2024"
    assert (program.starts_on, program.ends_on) == (date(2024, 5, 10),) * 2
    assert program.venue_zh_hans == "沙上区空间523"
    assert [source.key for source in program.sources.all()] == ["aju-meetup"]
    named = set(program.roles.values_list("organisation__slug", "kind"))
    event = next(row for row in facts("network")["events"] if row["id"] == "meetup-2024")
    assert named == {(body, "takes_part") for body in event["organisations"]}


def test_nothing_is_invented():
    assert not ForumSession.objects.exclude(forum__slug__startswith=SAMPLE).exists()
    assert not Appearance.objects.exclude(session__forum__slug__startswith=SAMPLE).exists()
    assert not Material.objects.exclude(forum__slug__startswith=SAMPLE).exists()
    assert not told().exclude(registration_opens_at=None, papers_open_at=None).exists()
    assert not told().exclude(frozen_at=None).exists()


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_every_edition_has_its_page_with_its_sources(client: Client, prefix: str):
    listed = html.fromstring(client.get(f"{prefix}/forums/").content.decode())
    links = listed.xpath("//li[@class='edition']/h4/a/@href")

    assert len(links) == Forum.objects.count()
    for link in links:
        if f"/{SAMPLE}" in link:
            continue
        page = html.fromstring(client.get(link).content.decode())
        assert page.xpath("//section[@aria-labelledby='h-sources']//a"), link


def test_loading_again_leaves_the_editions_as_staff_left_them():
    forum = Forum.objects.get(slug="forum-2022")
    forum.theme_en = "Put right by staff"
    forum.save()

    counts = load_demonstration()

    forum.refresh_from_db()
    assert forum.theme_en == "Put right by staff"
    assert counts["created"] == 0


def test_meet_up_that_is_no_event_of_the_facts_is_an_error(edited: Any):
    folder: Path = edited("mapping.yaml", "meet_ups: {meetup-2024", "meet_ups: {meetup-1999")

    with pytest.raises(FactError, match=r"meetup-1999: is not among the events of network\.yaml"):
        load_demonstration(folder)
