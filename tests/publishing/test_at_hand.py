"""What processes hold in memory is as old as the site generation allows, and no older."""

from __future__ import annotations

import time_machine
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from oda_portal.previewing.looking import Look, looking
from oda_portal.publishing import freshness
from oda_portal.publishing.at_hand import MOST, at_hand


def test_at_hand_makes_once_and_gives_everybody_the_same(db):
    made: list[list[int]] = []

    def make() -> list[int]:
        made.append([len(made)])
        return made[-1]

    first = at_hand("test:once", make)

    assert at_hand("test:once", make) is first is made[0]
    assert len(made) == 1


def test_at_hand_makes_anew_in_another_generation(db):
    at_hand("test:anew", lambda: "before")

    freshness.raise_generation()

    assert at_hand("test:anew", lambda: "after") == "after"


def test_at_hand_sees_a_generation_that_another_process_raised(db):
    at_hand("test:elsewhere", lambda: "before")

    caches["pages"].set(freshness.GENERATION, "raised elsewhere", timeout=None)

    assert at_hand("test:elsewhere", lambda: "after") == "after"


def test_at_hand_forgets_after_a_minute(db):
    at_hand("test:minute", lambda: "before")

    with time_machine.travel(timezone.now() + freshness.LIFETIME, tick=False):
        assert at_hand("test:minute", lambda: "after") == "after"


def test_at_hand_holds_nothing_of_a_preview_and_shows_it_nothing(db):
    at_hand("test:look", lambda: "public")

    with looking(Look(stand_ins=lambda row: [])):
        assert at_hand("test:look", lambda: "draft") == "draft"
        assert at_hand("test:look:only", lambda: "draft") == "draft"

    assert at_hand("test:look", lambda: "anew") == "public"
    assert at_hand("test:look:only", lambda: "public") == "public"


def test_at_hand_begins_anew_when_there_are_too_many_names(db):
    first = at_hand("test:many", lambda: "kept")
    for number in range(MOST):
        at_hand(f"test:many:{number}", lambda: "other")

    # Not lost: the cache of all processes has it.
    assert at_hand("test:many", lambda: "anew") == first


def test_a_reading_request_asks_for_the_generation_once(db):
    before = freshness.generation()

    with freshness.one_generation():
        assert freshness.generation() == before
        caches["pages"].set(freshness.GENERATION, "raised elsewhere", timeout=None)
        assert freshness.generation() == before
    assert freshness.generation() == "raised elsewhere"


def test_who_raises_the_generation_reads_the_new_one(db):
    with freshness.one_generation():
        before = freshness.generation()
        freshness.raise_generation()
        assert freshness.generation() != before


def test_what_is_made_while_the_generation_is_raised_is_not_kept(db):
    def make() -> str:
        caches["pages"].set(freshness.GENERATION, "raised elsewhere", timeout=None)
        return "old"

    with freshness.one_generation():
        at_hand("test:race", make)

    assert at_hand("test:race", lambda: "new") == "new"


def test_a_kept_page_is_unpacked_for_who_takes_no_gzip(db):
    packed = Client(headers={"accept-encoding": "gzip"})
    made = Client().get("/faq/")

    assert packed.get("/faq/").headers["Content-Encoding"] == "gzip"
    kept = Client().get("/faq/")
    assert "Content-Encoding" not in kept.headers
    assert kept.content == made.content
    assert b"</html>" in kept.content
