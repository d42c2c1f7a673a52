"""Who counts as a reader, on the embedded site's path: each goes into the table at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings as portal
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.counting import most_viewed, today, with_readers
from news.models import Article, DailyViews
from news.visitors import AGENTS
from oda_portal.publishing import freshness
from oda_portal.publishing.models import Dirty, Status
from tests.doors import sign_in_staff
from tests.factories import ArticleFactory, OfficeFactory, StaffFactory
from tests.news.reading import DESK, PHONE, look, readers

pytestmark = pytest.mark.django_db

ROBOTS = [
    "",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
    "facebookexternalhit/1.1;kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0",
    "curl/8.5.0",
    "python-requests/2.32",
]
PEOPLE = [
    PHONE,
    DESK,
    "Mozilla/5.0 (Linux; Android 12; CUBOT X50) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 NAVER(inapp; search)",
    "Mozilla/5.0 (Linux; U; Android 9; zh-cn) AppleWebKit/534 baiduboxapp/13.10 (Baidu; P1 9)",
]


@pytest.fixture(autouse=True)
def _embedded(settings) -> None:  # type: ignore[no-untyped-def]
    settings.REDIS_URL = ""
    cache.clear()


def test_the_picture_is_one_that_nobody_keeps(client: Client):
    response = look(client, ArticleFactory())

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/gif"
    assert response.headers["Cache-Control"] == "no-store"
    assert "X-Accel-Expires" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert response.content.startswith(b"GIF89a\x01\x00\x01\x00")
    assert len(response.content) == 43


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_every_article_page_has_the_picture(client: Client, prefix: str):
    OfficeFactory()
    article = ArticleFactory()

    page = client.get(f"{prefix}/news/{article.slug}/").content.decode()

    assert f'<img class="seen" src="/news/{article.slug}/seen.gif" alt=""' in page


def test_a_reader_counts_once_a_day(client: Client):
    article, other = ArticleFactory(), ArticleFactory()

    with time_machine.travel("2026-11-22T09:00+09:00", tick=False) as clock:
        for _time in range(3):
            look(client, article)
        look(client, other)
        assert (readers(article), readers(other)) == (1, 1)
        clock.shift(timedelta(days=1))
        look(client, article)

    days = DailyViews.objects.filter(article=article).values_list("day", "count")
    assert [(str(day), count) for day, count in days] == [("2026-11-23", 1), ("2026-11-22", 1)]


def test_other_addresses_and_other_browsers_are_other_readers(client: Client):
    article = ArticleFactory()

    look(client, article)
    look(client, article, at="203.0.113.8")
    look(client, article, agent=DESK)

    assert readers(article) == 3


@pytest.mark.thorough
def test_one_address_with_made_up_browsers_is_a_few_readers_and_no_crowd(client: Client):
    article = ArticleFactory()

    for number in range(AGENTS * 3):
        look(client, article, agent=f"{DESK} {number}")

    assert readers(article) <= AGENTS


def test_an_address_that_a_visitor_claims_is_not_believed(client: Client, settings):
    article = ArticleFactory()
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    for number in range(3):
        look(client, article, headers={"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"})

    assert readers(article) == 1


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_count(client: Client, agent: str):
    article = ArticleFactory()

    look(client, article, agent=agent)

    assert readers(article) == 1


@pytest.mark.parametrize("agent", ROBOTS)
def test_robots_do_not_count(client: Client, agent: str):
    article = ArticleFactory()

    assert look(client, article, agent=agent).status_code == 200

    assert readers(article) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"X-Purpose": "preview"},
        {"Sec-Fetch-Dest": "document"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_what_nobody_looks_at_does_not_count(client: Client, headers: dict[str, str]):
    article = ArticleFactory()

    assert look(client, article, headers=headers).status_code == 200

    assert readers(article) == 0


def test_a_browser_that_says_where_the_picture_stands_counts(client: Client):
    article = ArticleFactory()

    look(client, article, headers={"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "same-origin"})

    assert readers(article) == 1


def test_asking_for_the_head_counts_nobody_and_sending_is_refused(client: Client):
    article = ArticleFactory()

    assert look(client, article, method="head").status_code == 200
    assert look(client, article, method="post").status_code == 405

    assert readers(article) == 0


def test_what_is_not_public_is_answered_like_what_never_was(client: Client):
    soon = timezone.now() + timedelta(hours=1)
    nothing = look(client, ArticleFactory.build(slug="nothing"))

    for hidden in ({"status": Status.DRAFT}, {"status": Status.WITHDRAWN}, {"publish_at": soon}):
        article = ArticleFactory(**hidden)
        response = look(client, article)
        assert response.status_code == nothing.status_code == 404
        assert response.content == nothing.content.replace(b"nothing", article.slug.encode())
        assert readers(article) == 0


@pytest.mark.skipif(bool(portal.REDIS_URL), reason="Redis goes by a clock of its own")
def test_neither_the_salt_nor_the_hash_outlives_the_day(client: Client):
    article = ArticleFactory()

    with time_machine.travel("2026-11-22T23:50+09:00", tick=False) as clock:
        look(client, article)
        salt = cache.get("readers-salt:2026-11-22")
        assert salt
        clock.shift(timedelta(minutes=11))
        assert cache.get("readers-salt:2026-11-22") is None
        look(client, article)
        assert cache.get("readers-salt:2026-11-23") not in (None, salt)


def test_the_day_ends_at_midnight_in_korea():
    with time_machine.travel("2026-11-22T23:50+09:00", tick=False):
        assert today() == (date(2026, 11, 22), 600)


def test_counting_leaves_the_kept_pages_alone(client: Client, django_capture_on_commit_callbacks):
    article = ArticleFactory()
    before, dirty = freshness.generation(), Dirty.objects.count()

    with django_capture_on_commit_callbacks(execute=True):
        look(client, article)

    assert readers(article) == 1
    assert (freshness.generation(), Dirty.objects.count()) == (before, dirty)


# --- most viewed -------------------------------------------------------------------------------


def viewed(count: int, days_ago: int = 0, **fields) -> Article:  # type: ignore[no-untyped-def]
    article = ArticleFactory(**fields)
    day = timezone.localdate() - timedelta(days=days_ago)
    DailyViews.objects.create(article=article, day=day, count=count)
    return article


def test_most_viewed_counts_the_days_of_its_period():
    today, week, month, ever = viewed(1), viewed(2, 6), viewed(3, 29), viewed(4, 400)

    assert most_viewed()[7] == [week, today]
    assert most_viewed()[30] == [month, week, today]
    assert most_viewed()[None] == [ever, month, week, today]


def test_most_viewed_adds_days_up_and_puts_the_newer_of_equals_first():
    older = viewed(2, 1, registered_at=timezone.now() - timedelta(days=9))
    DailyViews.objects.create(article=older, day=timezone.localdate(), count=1)
    newer = viewed(3)

    assert most_viewed()[7] == [newer, older]
    assert most_viewed()[7][0].readers == 3


def test_most_viewed_shows_what_is_public_alone():
    viewed(9, status=Status.WITHDRAWN)
    viewed(9, expire_at=timezone.now() - timedelta(minutes=1))
    shown = viewed(1)

    assert most_viewed()[None] == [shown]


def test_most_viewed_asks_once_for_each_period_and_is_kept():
    for number in range(8):
        viewed(number + 1)
    most_viewed()
    freshness.raise_generation()

    with CaptureQueriesContext(connection) as queries:
        for _time in range(2):
            assert [len(articles) for articles in most_viewed().values()] == [5, 5, 5]

    assert sum("news_dailyviews" in query["sql"] for query in queries) == 3


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_the_box_stands_beside_an_article(client: Client, prefix: str):
    OfficeFactory()
    article = viewed(3)
    other = viewed(1, 10)

    page = client.get(f"{prefix}/news/{article.slug}/").content.decode()

    box = page[page.index('id="h-most-viewed"') :]
    assert box.count("<details") == 3
    assert box.count('<details name="most-viewed" open>') == 1
    assert f'href="{prefix}/news/{article.slug}/" aria-current="page"' in box
    assert box.count(f'href="{prefix}/news/{other.slug}/"') >= 2


def test_the_box_is_not_there_before_anybody_has_read(client: Client):
    OfficeFactory()

    page = client.get(f"/news/{ArticleFactory().slug}/").content.decode()

    assert "h-most-viewed" not in page


def test_staff_see_how_many_readers_there_were_and_change_nothing_of_it(client: Client):
    article, unread = viewed(37), ArticleFactory()
    DailyViews.objects.create(article=article, day=timezone.localdate() - timedelta(1), count=4)

    found = {row.pk: row.readers for row in with_readers(Article.objects.all())}
    sign_in_staff(client, StaffFactory())
    page = client.get("/en/admin/news/article/?o=-6").content.decode()

    assert found == {article.pk: 41, unread.pk: 0}
    assert '<td class="field-readers">41</td>' in page
    assert 'name="readers"' not in page
