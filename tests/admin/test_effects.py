"""What publishing, taking down, another time and deleting show before they are confirmed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from news.models import Article, Subscription
from news.subscribing import announcing, instant
from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.publishing.models import Status
from tests import factories
from tests.admin.forms import filled, publish
from tests.doors import sign_in_staff
from tests.news.subscribers import subscriber

pytestmark = pytest.mark.django_db

NEXT_MONTH = str(timezone.localdate() + timedelta(days=30))


@pytest.fixture
def staff(client: Client) -> Client:
    factories.OfficeFactory()
    sign_in_staff(client, factories.StaffFactory())
    return client


def page_of(row: object, page: str) -> str:
    meta = row._meta  # type: ignore[attr-defined]
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[row.pk])  # type: ignore[attr-defined]


def a_draft(**fields: object) -> Article:
    return factories.ArticleFactory(
        status=Status.DRAFT, registered_at=timezone.now(), title_ko="부두 교육", **fields
    )


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_page_says_where_when_who_and_with_which_words(staff: Client, language: str):
    article = a_draft(title_en="Training at the quay", title_zh_hans="")
    for pace, its in (("instant", "en"), ("instant", "ko"), ("weekly", "zh-hans")):
        subscriber(pace=pace, language=its)
    with translation.override(language):
        address = page_of(article, "publish")

    shown = staff.get(address)

    html = shown.content.decode()
    for prefix in ("", "/en", "/zh-hans"):
        assert f"{prefix}/news/{article.slug}/" in html
    page = shown.context["page"]
    assert [(effect.count, len(effect.letters)) for effect in page.effects] == [
        (0, 0), (2, 2), (1, 1),
    ]  # fmt: skip
    subjects = {letter.html_lang: letter.letter.subject for letter in page.effects[1].letters}
    assert "부두 교육" in subjects["ko"]
    assert "Training at the quay" in subjects["en"]
    assert [missing.language for missing in page.rows[0].missing][-1] == "简体中文"
    assert article.status == Status.DRAFT
    assert not Message.objects.exists()


def test_what_was_shown_is_what_happens(staff: Client):
    article = a_draft(title_en="Training at the quay")
    subscriber("mine@example.org", pace="instant", language="en")
    subscriber("ours@example.org", pace="instant", language="ko", kinds=["story"])
    address = page_of(article, "publish")
    shown = staff.get(address)
    (_where, mails) = shown.context["page"].effects

    staff.post(address, filled(shown))
    announcing.notice()
    instant.send_due()

    (message,) = Message.objects.all()
    assert (mails.count, message.to) == (1, "mine@example.org")
    assert message.context["title"] in mails.letters[0].letter.subject


def test_when_something_else_would_happen_nothing_does_and_the_page_comes_back(staff: Client):
    article = a_draft()
    address = page_of(article, "publish")
    shown = filled(staff.get(address))
    subscriber(pace="instant", language="ko")

    again = staff.post(address, shown)

    article.refresh_from_db()
    assert article.status == Status.DRAFT
    assert again.context["has_changed"]
    assert [effect.count for effect in again.context["page"].effects] == [0, 1]
    staff.post(address, filled(again))
    article.refresh_from_db()
    assert article.status == Status.PUBLISHED


def test_a_page_that_was_never_shown_publishes_nothing(staff: Client):
    article = a_draft()

    for form in ({}, {"shown": ""}, {"shown": "x" * 5000}):
        staff.post(page_of(article, "publish"), form)

    article.refresh_from_db()
    assert article.status == Status.DRAFT


def test_looking_publishes_nothing(staff: Client):
    article = a_draft()
    staff.get(page_of(article, "publish"))
    article.refresh_from_db()
    assert (article.status, Transition.objects.count()) == (Status.DRAFT, 0)


@pytest.mark.parametrize(
    "fields", [{"registered_at": "2019-01-01T00:00:00Z"}, {"expire_at": "2020-01-01T00:00:00Z"}]
)
def test_old_news_goes_to_nobody_and_what_is_over_is_said(staff: Client, fields: dict):
    article = a_draft()
    Article.objects.filter(pk=article.pk).update(**fields)
    subscriber(pace="instant", language="ko")

    page = staff.get(page_of(article, "publish")).context["page"]

    if "registered_at" in fields:
        assert not page.sends_mail
    else:
        assert "2020" in page.rows[0].when


def test_publishing_many_shows_each_and_is_refused_when_it_changed(staff: Client):
    rows = [a_draft(), a_draft()]
    up = factories.ArticleFactory()
    address = reverse("admin:news_article_changelist")
    choice = {
        "action": "publish_selected",
        "_selected_action": [row.pk for row in (*rows, up)],
        "index": "0",
    }
    asked = staff.post(address, choice)
    subscriber(pace="instant", language="ko")

    again = staff.post(address, filled(asked, index=[]))

    assert again.context["has_changed"]
    assert not Transition.objects.exists()
    # Only for what is not on the site yet.
    assert sum(effect.count for effect in again.context["page"].effects) == 2
    staff.post(address, filled(again, index=[]))
    assert Transition.objects.count() == 2


def test_taking_down_says_what_leads_to_it_and_which_mails_are_held_back(staff: Client):
    program = factories.ProgramFactory()
    article = factories.ArticleFactory(title_ko="이어진 소식")
    article.programs.add(program)
    linked = factories.PageFactory(
        body_ko=f'<p><a href="{program.get_absolute_url()}">이것</a></p>'
    )
    hidden = factories.PageFactory(status=Status.DRAFT, body_ko=linked.body_ko)

    page = staff.get(page_of(program, "take_down")).context["page"]

    (row,) = page.rows
    assert any("이어진 소식" in link for link in row.links)
    assert any(str(linked) in link for link in row.links)
    assert not any(str(hidden) in link for link in row.links)


def test_mails_that_wait_are_said_to_be_held_back(staff: Client):
    subscriber(pace="instant", language="ko")
    article = a_draft()
    publish(staff, page_of(article, "change"))
    announcing.notice()
    instant.send_due()

    page = staff.get(page_of(article, "take_down")).context["page"]

    assert [effect.count for effect in page.effects] == [1]


def test_other_times_of_something_published_ask_first(staff: Client):
    article = factories.ArticleFactory(title_ko="옛 제목")
    change = page_of(article, "change")
    form = filled(
        staff.get(change), title_ko="새 제목", publish_at_0=NEXT_MONTH, publish_at_1="09:00"
    )

    asked = staff.post(change, form, follow=True)

    article.refresh_from_db()
    assert (article.title_ko, article.publish_at) == ("새 제목", None)
    assert NEXT_MONTH[:4] in asked.context["page"].rows[0].when
    where = asked.redirect_chain[-1][0]
    staff.post(where, filled(asked))
    staff.post(where, filled(asked))
    article.refresh_from_db()
    assert article.publish_at is not None
    (moved,) = Transition.objects.all()
    assert (moved.field, moved.from_state) == ("publish_at", "")


def test_times_of_a_draft_are_simply_saved(staff: Client):
    article = a_draft()
    change = page_of(article, "change")

    staff.post(change, filled(staff.get(change), publish_at_0=NEXT_MONTH, publish_at_1="09:00"))

    article.refresh_from_db()
    assert article.publish_at is not None


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?publish_at=x",
        "?publish_at=9999-99-99T00:00",
        "?publish_at=9999-12-31T23:59%2B00:00",
        "?expire_at=%00",
    ],
)
def test_absurd_times_are_no_error(staff: Client, query: str):
    article = factories.ArticleFactory()
    assert staff.get(page_of(article, "times") + query).status_code in (302, 400)


def test_a_time_without_a_zone_is_koreas(staff: Client):
    article = factories.ArticleFactory()
    shown = staff.get(page_of(article, "times") + "?publish_at=2060-05-01T09:00")
    assert shown.status_code == 200
    assert "09:00" in shown.context["page"].rows[0].when


def test_deleting_something_published_says_what_follows(staff: Client):
    program = factories.ProgramFactory()
    article = factories.ArticleFactory(title_ko="이어진 소식")
    address = page_of(program, "delete")
    shown = staff.get(address)
    article.programs.add(program)

    refused = staff.post(address, filled(shown), follow=True)

    program.refresh_from_db()
    assert any("이어진 소식" in link for link in refused.context["page"].rows[0].links)
    staff.post(address, filled(staff.get(address)))
    assert not type(program).objects.exists()


def test_many_are_not_deleted_from_the_site_at_once(staff: Client):
    up, draft = factories.ArticleFactory(), a_draft()
    address = reverse("admin:news_article_changelist")
    form = {"action": "delete_selected", "_selected_action": [up.pk, draft.pk], "post": "yes"}

    staff.post(address, form)

    assert Article.objects.count() == 2
    staff.post(address, {**form, "_selected_action": [draft.pk]})
    assert list(Article.objects.all()) == [up]


def test_who_may_not_publish_does_not_see_the_page(client: Client):
    factories.OfficeFactory()
    article = a_draft()
    sign_in_staff(client, factories.StaffFactory(is_superuser=False))

    assert client.get(page_of(article, "publish")).status_code == 403
    assert client.get(page_of(article, "times")).status_code == 403


@pytest.mark.thorough
def test_as_many_questions_for_many_subscribers_as_for_one(staff: Client):
    article = a_draft()
    address = page_of(article, "publish")
    subscriber(pace="instant", language="ko")
    staff.get(address)
    counts = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            staff.get(address)
        counts.append(len(queries))
        for _number in range(20):
            subscriber(pace="instant", language="ko")

    assert counts[0] == counts[1]
    assert Subscription.objects.count() == 41


def test_a_call_goes_to_who_agreed_to_promotion(staff: Client):
    soon = timezone.now() + timedelta(days=1)
    call = factories.CallFactory(
        status=Status.DRAFT, opens_at=soon, closes_at=soon + timedelta(days=9)
    )
    subscriber(promotion=True, language="en")
    subscriber(language="en")

    effects = staff.get(page_of(call, "publish")).context["page"].effects

    assert [effect.count for effect in effects] == [0, 1]
    assert effects[1].letters[0].letter.subject.startswith("(광고)")
