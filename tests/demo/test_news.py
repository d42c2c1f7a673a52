"""The news of the demonstration, against the facts."""

from datetime import UTC, datetime

import pytest

from news.models import Article, ArticlePhoto

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("loaded")]


def slugs(rows) -> set[str]:
    return {getattr(row, "slug", None) or getattr(row, "code", None) for row in rows.all()}


def test_all_fourteen_items_are_there_with_their_kinds():
    kinds = Article.objects.values_list("slug", "kind")

    assert len(kinds) == 14
    assert dict(kinds) | {
        "kazaid-triangular-2025": "press",
        "forum-2022": "notice",
        "mongolia-2022": "story",
        "sister-village-2020": "story",
        "global-friends-2019": "photo",
    } == dict(kinds)


def test_news_of_a_partner_is_marked_and_names_where_it_was_read():
    article = Article.objects.get(ours=False)

    assert article.slug == "kazaid-triangular-2025"
    assert article.byline_ko == "누리집 편집(원문 일간환경연합)"
    assert article.byline_zh_hans == "本网站编辑（原文：日刊环境联合）"
    assert article.registered_at == datetime(2025, 8, 25, 7, 52, 47, tzinfo=UTC)
    assert article.registered_precision == "time"
    assert article.body_en.count("<p>") == 5
    assert slugs(article.programs) == {"kazaid-triangular-2025", "emerging-donors-2025"}
    assert slugs(article.organisations) == {"koica", "kazaid", "astana-hub"}
    assert article.sources.get().key == "seed-news"


def test_a_day_and_a_month_are_known_no_better_than_that():
    by_day, by_month = (
        Article.objects.get(slug="laos-cpr-2021"),
        Article.objects.get(slug="cpsc-2023"),
    )

    assert by_day.registered_precision == "day"
    assert by_day.registered_at == datetime(2021, 10, 24, 15, tzinfo=UTC)
    assert by_month.registered_precision == "month"
    assert by_month.registered_at == datetime(2023, 5, 31, 15, tzinfo=UTC)
    assert by_month.editor_note.startswith("month from the source address")
    assert by_day.byline_en == "The editors of this site"


def test_articles_lead_to_what_they_are_about():
    friends = Article.objects.get(slug="global-friends-2019")
    village = Article.objects.get(slug="sister-village-2020")
    samarkand = Article.objects.get(slug="samarkand-2023")

    assert slugs(friends.programs) == {"gf-2019-yangon", "gf-2019-ulaanbaatar"}
    assert slugs(friends.cities) == {"yangon", "ulaanbaatar"}
    assert {country.code for country in friends.countries.all()} == {"MM", "MN"}
    assert slugs(village.programs) == {"ulaanbaatar-kindergartens"}
    assert slugs(village.organisations) == {"bgcf", "worldvision-busan"}
    assert "early-childhood" in slugs(village.themes)
    assert slugs(samarkand.cities) == {"samarkand"}
    assert [country.code for country in samarkand.countries.all()] == ["UZ"]
    assert not samarkand.programs.exists()


def test_the_only_picture_that_the_facts_tell_of_is_a_caption():
    photo = ArticlePhoto.objects.get()

    assert photo.article.slug == "kazaid-triangular-2025"
    assert photo.caption_ko == photo.article.title_ko
    assert not photo.image
