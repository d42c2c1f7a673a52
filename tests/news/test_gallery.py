"""The gallery: both tables in one list, its filters, its large view, and what it hides."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from news.models import ArticlePhoto
from oda_portal.files.renditions import make_first_rendition
from oda_portal.publishing.models import Status
from programs.models import CountryShare, Photo
from tests.factories import ArticleFactory, CountryFactory, OfficeFactory, ProgramFactory
from tests.files import samples
from tests.news.writing import LANGUAGES, add_photo, article_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site() -> None:
    caches["pages"].clear()
    OfficeFactory()


def program_photo(*, year: int = 2024, **fields) -> Photo:  # type: ignore[no-untyped-def]
    words = {"caption_ko": "마을", "caption_en": "The village", "caption_zh_hans": "村庄"}
    days = {"starts_on": date(year, 3, 1), "ends_on": date(year, 3, 5)}
    program = ProgramFactory(**{**days, **fields.pop("of", {})})
    return Photo.objects.create(program=program, **{**words, **fields})


def with_picture(photo: Photo | ArticlePhoto) -> None:
    photo.image.save("a.jpg", ContentFile(samples.picture("JPEG")))
    for code in ("ko", "en", "zh_hans"):
        setattr(photo, f"alt_{code}", f"what it shows ({code})")
    photo.save()
    make_first_rendition(photo)


def url_of(photo: Photo | ArticlePhoto, prefix: str = "") -> str:
    source = "program" if isinstance(photo, Photo) else "news"
    return f"{prefix}/gallery/{source}-{photo.pk}/"


def shown(client: Client, query: str = "") -> list[str]:
    return [picture.url for picture in client.get(f"/gallery/{query}").context["pictures"]]


def test_pictures_of_programmes_and_news_stand_together_newest_first(client: Client):
    undated = program_photo(of={"starts_on": None, "ends_on": None})
    old, new = program_photo(year=2019), program_photo(year=2025)
    between = add_photo(article_of(3))
    first = add_photo(between.article, position=0)
    last = add_photo(between.article, position=1)

    assert shown(client) == [url_of(p) for p in (new, between, first, last, old, undated)]


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_photo_list_speaks_the_language_of_its_address(client: Client, prefix: str, language: str):
    photo, other = program_photo(), add_photo(ArticleFactory())

    page = client.get(f"{prefix}/gallery/").content.decode()

    for one, owner in ((photo, photo.program), (other, other.article)):
        column = language.replace("-", "_")
        assert getattr(one, f"caption_{column}") in page
        assert getattr(owner, f"title_{column}") in page
        assert f'href="{url_of(one, prefix)}"' in page
        assert f'href="{prefix}/{"programs" if owner == photo.program else "news"}/' in page


def test_a_drawing_says_that_it_is_one_and_a_photograph_does_not(client: Client):
    drawn = program_photo()
    words = "No photograph is available. A drawn pattern is shown instead."
    assert words in client.get("/en/gallery/").content.decode()
    assert words in client.get(url_of(drawn, "/en")).content.decode()

    with_picture(drawn)
    caches["pages"].clear()

    for address in ("/en/gallery/", url_of(drawn, "/en")):
        page = client.get(address).content.decode()
        assert words not in page
        assert 'alt="what it shows (en)"' in page
        assert "/media/renditions/" in page


def test_a_caption_that_is_the_title_is_shown_once(client: Client):
    words = {"ko": "우리 마을 사진", "en": "Pictures of our village", "zh_hans": "我们的村庄"}
    titles = {f"title_{code}": text for code, text in words.items()}
    captions = {f"caption_{code}": text for code, text in words.items()}
    add_photo(ArticleFactory(**titles), **captions)

    page = client.get("/en/gallery/").content.decode()

    tile = page.partition("<figcaption>")[2].partition("</figcaption>")[0]
    assert tile.count("Pictures of our village") == 1


def test_filters_take_year_country_and_kind_of_both(client: Client):
    mongolia, laos = CountryFactory(), CountryFactory()
    training = program_photo(year=2024, of={"kind": "training"})
    forum = program_photo(year=2023, of={"kind": "forum"})
    news = add_photo(article_of(3))
    CountryShare.objects.create(program=training.program, country=mongolia, percentage=100)
    CountryShare.objects.create(program=forum.program, country=laos, percentage=100)
    news.article.countries.add(mongolia)

    assert set(shown(client, "?year=2024")) == {url_of(training), url_of(news)}
    assert shown(client, "?year=2023") == [url_of(forum)]
    assert set(shown(client, f"?country={mongolia.code}")) == {url_of(training), url_of(news)}
    assert shown(client, "?kind=forum") == [url_of(forum)]
    assert shown(client, "?kind=news") == [url_of(news)]
    assert shown(client, f"?kind=training&country={mongolia.code}&year=2024") == [url_of(training)]
    assert shown(client, "?kind=news&year=2023") == []


def test_filters_offer_what_there_is(client: Client):
    country, _other = CountryFactory(), CountryFactory()
    news = add_photo(article_of(3))
    news.article.countries.add(country)
    program_photo(year=2022, of={"kind": "forum"})
    ProgramFactory(kind="training", starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 2))

    form = client.get("/gallery/").context["listing"].form

    offered = {
        name: [value for value, _label in field.choices] for name, field in form.fields.items()
    }
    assert offered == {
        "kind": ["", "forum", "news"],
        "country": ["", country.code],
        "year": ["", "2024", "2022"],
    }


@pytest.mark.sqlite_too
@pytest.mark.parametrize(
    "query",
    [
        "?kind=unknown", "?year=9999", "?year=abc", "?year=٢٠٢٤", "?country=%00", "?country=' OR 1",
        "?kind=" + "x" * 10_000, "?kind=<script>", "?kind=a&kind=b", "?nothing=1",
    ],
)  # fmt: skip
def test_what_filters_do_not_know_is_left_out(client: Client, query: str):
    photo = program_photo()

    response = client.get(f"/en/gallery/{query}")
    detail = client.get(url_of(photo, "/en") + query)

    assert response.status_code == detail.status_code == 200
    assert [picture.photo for picture in response.context["pictures"]] == [photo]
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "9" * 40])
def test_a_page_that_is_not_there_is_not_found(client: Client, page: str):
    program_photo()

    assert client.get(f"/gallery/?page={page}").status_code == 404


def test_pages_lead_on_and_large_views_lead_back_to_theirs(client: Client):
    article = ArticleFactory()
    photos = [add_photo(article, position=number) for number in range(14)]

    assert len(shown(client)) == 12
    assert shown(client, "?page=2") == [url_of(photos[12]), url_of(photos[13])]

    page = client.get(url_of(photos[13]) + "?kind=news")
    assert page.context["list_url"] == "/gallery/?kind=news&page=2"


def test_the_large_view_leads_to_neighbours_in_the_same_filters(client: Client):
    newest = program_photo(year=2026)
    first, second, third = (add_photo(article_of(day)) for day in (9, 5, 1))

    page = client.get(url_of(second, "/en") + "?kind=news").content.decode()

    assert f'<a href="{url_of(first, "/en")}?kind=news" rel="prev">' in page
    assert f'<a href="{url_of(third, "/en")}?kind=news" rel="next">' in page
    assert "2 of 3" in page
    alone = client.get(url_of(newest, "/en") + "?kind=news").content.decode()
    # It does not fit: it stands among all of them.
    assert "1 of 4" in alone
    assert "kind=news" not in alone.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_the_large_view_says_what_whose_and_under_which_licence(
    client: Client, prefix: str, language: str
):
    photo = add_photo(ArticleFactory(), credit="Kim", licence=4)
    with_picture(photo)

    page = client.get(url_of(photo, prefix)).content.decode()

    column = language.replace("-", "_")
    assert f"<h1>{getattr(photo, f'caption_{column}')}</h1>" in page
    assert "Kim" in page
    assert str(photo.get_licence_display()) in page or prefix
    assert (
        f'href="{photo.article.get_absolute_url().replace("/news", f"{prefix}/news", 1)}"' in page
    )
    assert f'alt="what it shows ({column})"' in page
    assert "data-swipe" in page


def test_nothing_of_what_is_not_public_is_shown(client: Client):
    soon = timezone.now() + timedelta(hours=1)
    there = program_photo()
    for hidden in (
        {"status": Status.DRAFT}, {"status": Status.WITHDRAWN}, {"publish_at": soon},
        {"expire_at": timezone.now()},
    ):  # fmt: skip
        photos = [program_photo(year=2011, of=dict(hidden)), add_photo(ArticleFactory(**hidden))]
        for photo in photos:
            assert client.get(url_of(photo)).status_code == 404

    assert shown(client) == [url_of(there)]
    assert "2011" not in client.get("/gallery/").content.decode().partition("<main")[2]


@pytest.mark.parametrize(
    "path", ["program-0", "program-99999999999999999999", "news-1", "other-1", "program-", "news-x"]
)
def test_no_such_picture_is_not_found(client: Client, path: str):
    assert client.get(f"/gallery/{path}/").status_code == 404


def test_an_empty_gallery_is_a_page(client: Client):
    assert client.get("/en/gallery/").status_code == 200


@pytest.mark.thorough
@pytest.mark.parametrize(("query", "most"), [("", 6), ("?kind=news", 3)])
def test_few_pictures_and_many_ask_the_same(
    client: Client, uncached_queries, query: str, most: int
):
    def add(year: int) -> None:
        """One of each: both are on the first page, however many there are."""
        day = datetime(year, 5, 3, tzinfo=UTC)
        for photo in (program_photo(year=year), add_photo(ArticleFactory(registered_at=day))):
            with_picture(photo)

    add(1990)
    few = uncached_queries(client, f"/gallery/{query}")
    for number in range(24):
        add(2000 + number)
    caches["pages"].clear()
    many = uncached_queries(client, f"/gallery/{query}")

    # PostgreSQL begins a union with a bracket, which is not counted.
    assert few == many in (most, most - 1)


@pytest.mark.thorough
def test_one_picture_asks_little_among_many(client: Client, uncached_queries):
    photo = program_photo()
    with_picture(photo)
    few = uncached_queries(client, url_of(photo))
    for _number in range(30):
        program_photo()
    caches["pages"].clear()

    assert uncached_queries(client, url_of(photo)) == few <= 6
