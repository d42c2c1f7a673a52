"""All pages of the back office, asked for one by one by an administrator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, NamedTuple

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

from tests.admin.test_every_record import OURS, RECORDS
from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, StaffFactory
from tests.forums.registering import open_forum, registered
from tests.guards.writing import CACHES, written
from tests.reviews.rounds import a_stage, assigned

pytestmark = pytest.mark.django_db

# What each look may leave behind: who looked at whose data, and how long the session lasts.
LOOKS = ("privacy_accessrecord", "privacy_accesssubject", "django_session")
# They ask for a row of another kind, which has no page of its own; their apps test them.
OF_ANOTHER = {"uuid", "photo_id", "other_id", "object_id"}
# A picture of the library for its list, which the browser of whoever works there keeps for a day.
SMALL = "/small/"
OF_NO_RECORD = {"index", "desk_planned", "deleted", "system_state"}


def pages_of(row: Model) -> Iterator[str]:
    """Lists, forms and all further pages of this kind of record, and of this one."""
    values: dict[str, Any] = {
        "object_id": row.pk, "pk": row.pk, "number": row.pk, "forum_id": getattr(row, "forum_id", 1),
        "id": row.pk, "language": "en", "aspect": "budget", "moment": 1, "kind": "passport",
        "act": "approve", "person": 1,
    }  # fmt: skip
    for pattern in admin.site._registry[type(row)].get_urls():
        asks_for = set(pattern.pattern.regex.groupindex)
        if pattern.name and asks_for <= set(values):
            yield reverse(f"admin:{pattern.name}", kwargs={name: values[name] for name in asks_for})
        else:
            assert not pattern.name or asks_for <= OF_ANOTHER, (pattern.name, asks_for)


class Found(NamedTuple):
    """Of one page: what its GET wrote, who may keep it, and whether it may be in a frame or hold one."""

    status: int
    written: frozenset[str]
    is_kept: bool
    is_framed: bool
    frames: bool

    @property
    def is_right(self) -> bool:
        return not (
            self.written or self.is_kept or self.is_framed or self.frames or self.status >= 500
        )


def look(client: Client, pages: Iterable[str]) -> dict[str, Found]:
    found = {}
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page)
        policy = answer.headers["Content-Security-Policy"]
        tables = frozenset(written(queries, *CACHES, *LOOKS))
        rule = answer.headers["Cache-Control"]
        is_kept = "no-store" not in rule and not (page.endswith(SMALL) and "private" in rule)
        is_framed = "frame-ancestors 'none'" not in policy
        found[page] = Found(answer.status_code, tables, is_kept, is_framed, "frame-src" in policy)
    return found


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_pages_of_a_record_change_nothing_and_are_kept_and_framed_by_nobody(
    client: Client, model: Any
):
    OfficeFactory()
    sign_in_staff(client, StaffFactory())

    found = look(client, pages_of(RECORDS[model][0]()))

    assert HTTPStatus.OK in {one.status for one in found.values()}
    assert len(found) > 2
    assert {page: one for page, one in found.items() if not one.is_right} == {}


def test_pages_of_no_record_change_nothing_and_are_kept_and_framed_by_nobody(client: Client):
    OfficeFactory()
    sign_in_staff(client, StaffFactory())
    named = {entry.name for entry in admin.site.get_urls() if isinstance(entry, URLPattern)}
    pages = [reverse(f"admin:{name}") for name in named & OF_NO_RECORD]

    found = look(client, pages)

    assert len(found) == len(OF_NO_RECORD)
    assert {one.status for one in found.values()} == {HTTPStatus.OK}
    assert {page: one for page, one in found.items() if not one.is_right} == {}


def test_pages_of_reviewers_and_at_the_door_change_nothing_and_are_kept_by_nobody(client: Client):
    staff = StaffFactory()
    sign_in_staff(client, staff)
    review = assigned(a_stage(), staff)
    row = registered(open_forum(), "hong@example.org")
    names = {name: {"slug": row.forum.slug} for name in ("door", "count", "print")}
    names |= {"list": {}, "ticket": {"slug": row.forum.slug, "number": row.number}}
    pages = [reverse(f"forums:check_in_{name}", kwargs=asks) for name, asks in names.items()]
    pages += [reverse("reviews:review_list"), reverse("reviews:review_detail", args=[review.uuid])]

    found = look(client, pages)

    assert {one.status for one in found.values()} == {HTTPStatus.OK}
    assert {page: one for page, one in found.items() if not one.is_right} == {}
