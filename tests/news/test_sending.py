"""Sending an article by email: one mail, nothing kept, and no way to misuse it."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from news.models import Article
from oda_portal.mail import delivery, outbox
from oda_portal.mail.models import Message
from oda_portal.privacy import destruction
from oda_portal.privacy.registry import entry_of
from oda_portal.publishing.models import Status
from tests.factories import ArticleFactory, OfficeFactory
from tests.mail.examples import a_mail
from tests.mail.server import Keeper, running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    OfficeFactory()
    cache.clear()
    monkeypatch.setattr(outbox, "_silent_until", 0.0)


def address(article: Article, prefix: str = "/en") -> str:
    return f"{prefix}/news/{article.slug}/send/"


def press(client: Client, article: Article, prefix: str = "/en", **given: str):  # type: ignore[no-untyped-def]
    fields = {"to": "friend@example.org", "name": "", "note": "", "website": ""}
    fields |= {"old_enough": "on", **given}
    extra = {"REMOTE_ADDR": fields.pop("at", "203.0.113.7")}
    return client.post(address(article, prefix), fields, **extra)


def letters(settings) -> list[EmailMessage]:  # type: ignore[no-untyped-def]
    with running(keeper := Keeper(), settings):
        delivery.run()
    return keeper.letters


@pytest.mark.parametrize(
    ("prefix", "subject", "said"),
    [
        ("", "소식을 하나 보내 드립니다", "주소는 보낸 뒤 바로 지웁니다"),
        ("/en", "An article for you", "we delete your address as soon as it is sent"),
        ("/zh-hans", "有人向您推荐一篇文章", "发出后即删除您的邮箱地址"),
    ],
)
def test_an_article_arrives_in_the_language_of_the_page(
    client: Client, settings, prefix: str, subject: str, said: str
):
    article = ArticleFactory()
    assert client.get(address(article, prefix)).status_code == 200

    response = press(client, article, prefix, name="홍길동", note="Read this!\r\nSee you.")

    assert response.status_code == 200
    (letter,) = letters(settings)
    assert letter["To"] == "friend@example.org"
    assert letter["Subject"].startswith(subject)
    assert "홍길동" not in letter["Subject"]
    for part in letter.iter_parts():
        text = part.get_content()
        assert f"http://localhost:8000{prefix}/news/{article.slug}/" in text
        assert "홍길동" in text
        assert "Read this!" in text
        assert said in text


def test_nothing_is_left_once_it_is_sent(client: Client, settings):
    press(client, ArticleFactory(), name="Hong", note="For you")
    (waiting,) = Message.objects.all()
    assert waiting.context == {}
    assert "friend" not in waiting.once

    letters(settings)

    assert not Message.objects.exists()


def test_what_cannot_be_sent_goes_after_a_day(client: Client, settings):
    press(client, ArticleFactory())
    keeper = Keeper()
    keeper.refused["friend@example.org"] = "550 nobody of that name"
    with running(keeper, settings):
        delivery.run()
    (failed,) = Message.objects.filter(state="failed")
    entry = entry_of("news.sent_article")
    assert entry.days == 1
    now = timezone.now()

    assert list(entry.due(now - timedelta(minutes=1))) == []
    assert list(entry.due(now + timedelta(minutes=1))) == [failed]
    assert destruction.destroy(entry, failed.pk, rule="test")

    assert not Message.objects.exists()


def test_what_was_sent_by_a_process_that_was_killed_then_goes_as_well(client: Client):
    press(client, ArticleFactory())
    now = timezone.now()
    Message.objects.update(state="sent", sent_at=now, claimed_at=now)

    due = entry_of("news.sent_article").due(now + timedelta(minutes=1))

    assert due.count() == 1


def test_other_mails_stay_when_they_are_sent(client: Client, settings):
    other = a_mail()
    press(client, ArticleFactory())

    assert len(letters(settings)) == 2

    assert list(Message.objects.all()) == [other]


def test_an_article_that_is_taken_down_meanwhile_is_not_sent(client: Client, settings):
    article = ArticleFactory()
    press(client, article)
    article.withdraw(by=None)

    assert letters(settings) == []

    assert not Message.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_public_cannot_be_sent(client: Client, method: str):
    soon = timezone.now() + timedelta(hours=1)
    for hidden in ({"status": Status.DRAFT}, {"status": Status.WITHDRAWN}, {"publish_at": soon}):
        response = getattr(client, method)(address(ArticleFactory(**hidden)))
        assert response.status_code == 404

    assert not Message.objects.exists()


def test_pressing_twice_sends_once(client: Client, settings):
    article = ArticleFactory()

    first, second = press(client, article), press(client, article)
    sent = letters(settings)
    third = press(client, article)

    assert [r.status_code for r in (first, second, third)] == [200, 200, 200]
    assert len(sent) == 1
    assert letters(settings) == []


def test_another_note_is_another_mail(client: Client):
    article = ArticleFactory()

    press(client, article)
    press(client, article, note="And now with a note")

    assert Message.objects.count() == 2


def test_the_page_is_never_kept_and_no_robot_keeps_it(client: Client):
    response = client.get(address(ArticleFactory()))

    assert "no-store" in response.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()


@pytest.mark.sqlite_too
@pytest.mark.parametrize(
    "to",
    [
        "",
        "friend",
        "friend@example.org\nBcc: all@example.org",
        "friend@example.org\r\nSubject: Win",
        "friend@example.org%0ABcc:all@example.org\n",
        "friend@example.org, other@example.org",
        "friend@example.org;other@example.org",
        "<friend@example.org>",
        "friend@example.org\x00",
        "\u2028friend@example.org",
        "a" * 10_000 + "@example.org",
    ],
)
def test_what_is_no_single_address_is_refused_with_a_sentence(client: Client, to: str):
    response = press(client, ArticleFactory(), to=to)

    assert response.status_code == 422
    assert response.context["form"].errors["to"]
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "name", ["Hong\nBcc: x", "Hong\r\nSubject: x", "evil.example.com", "A" * 41, "a\x00b", "a@b.c"]
)
def test_a_name_is_one_line_without_addresses(client: Client, name: str):
    response = press(client, ArticleFactory(), name=name)

    assert response.status_code == 422
    assert response.context["form"].errors["name"]
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "note",
    [
        "see https://evil.example/",
        "see HTTP://EVIL",
        "www evil",
        "evil.com",
        "evil。com",
        "ev\u200bil.c\u200bom now",
        "ｅｖｉｌ．ｃｏｍ",
        "우리은행.한국",
        "1.2.3.4/login",
        "write to me@home",
        "x" * 301,
        "a\x00b",
        "bell\x07",
        "evil\u0308.com",
        "evil\u034f.com",
        "зло.рф",
        "うまい.みんな",
        "우리은행.삼성",
        "우리.은행",
        "银行.中国",
        "123.한국",
        "银行.公司/login",
    ],
)
def test_a_note_holds_nothing_to_follow(client: Client, note: str):
    response = press(client, ArticleFactory(), note=note)

    assert response.status_code == 422
    assert response.context["form"].errors["note"]
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "note",
    [
        "내일 만나요. 2026. 11. 20. 오후 3시!",
        "어제 봤어요. 그런데 좋았어요.",
        "1.봉사 2.연수",
        "At 3.30 p.m., e.g. on 20.11.2026 - 1.5 km from here... See you.",
        "明天见。文章不错，1.5公里。",
        "很好。中国和韩国都有。公司也来了。",
        "よかった。みんなで行きます。",
        "<b>bold</b> & {title} %s",
    ],
)
def test_a_note_may_be_what_people_write(client: Client, settings, note: str):
    assert press(client, ArticleFactory(), note=note).status_code == 200

    (letter,) = letters(settings)

    assert note in letter.get_body(("plain",)).get_content()
    assert "<b>bold" not in letter.get_body(("html",)).get_content()


@pytest.mark.parametrize("field", ["name", "note"])
def test_no_resident_registration_number_is_taken(client: Client, field: str):
    response = press(client, ArticleFactory(), **{field: "880101-1234567"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "looks like it contains a resident registration number" in response.content.decode()
    assert not Message.objects.exists()


def test_a_program_that_fills_in_everything_is_told_why_nothing_was_sent(client: Client):
    response = press(client, ArticleFactory(), website="https://evil.example")

    assert response.status_code == 422
    assert response.context["form"].non_field_errors()
    assert "evil.example" not in response.content.decode()
    assert not Message.objects.exists()


def test_nothing_written_is_lost_when_something_is_wrong(client: Client):
    page = press(client, ArticleFactory(), to="friend", name="Hong", note="Hello").content.decode()

    assert 'value="friend"' in page
    assert 'value="Hong"' in page
    assert "Hello</textarea>" in page


def test_one_address_sends_so_many_an_hour(client: Client):
    article = ArticleFactory()
    for number in range(10):
        assert press(client, article, to=f"friend{number}@example.org").status_code == 200

    refused = press(client, article, to="friend99@example.org")

    assert refused.status_code == 429
    assert "Try again in an hour" in refused.content.decode()
    assert Message.objects.count() == 10
    assert press(client, article, to="x@example.org", at="203.0.113.8").status_code == 200


def test_one_receiver_gets_so_many_a_day_whoever_sends(client: Client):
    article = ArticleFactory()
    for number in range(5):
        press(client, article, note=f"number {number}", at=f"203.0.113.{number}")

    refused = press(client, article, to="Friend@Example.org", note="six", at="203.0.113.99")

    assert refused.status_code == 429
    assert Message.objects.count() == 5


@pytest.mark.parametrize(
    "written",
    [
        [f"friend+{number}@example.org" for number in range(6)],
        # The mail server gets wide letters as plain ones.
        [
            f"friend@{host}.org"
            for host in ("ｅxample", "eｘample", "exａmple", "EXAMＰLE", "exampｌe")
        ]
        + ["Friend@Example.Org"],
    ],
)
def test_a_mailbox_is_one_receiver_however_its_address_is_written(
    client: Client, written: list[str]
):
    article = ArticleFactory()

    answers = [press(client, article, to=to).status_code for to in written]

    assert answers == [200] * 5 + [429]
    assert Message.objects.count() == 5


def test_all_together_send_so_many_an_hour(client: Client, monkeypatch):
    monkeypatch.setattr("news.sending.views.IN_ALL", 2)
    article = ArticleFactory()
    for number in range(2):
        press(client, article, to=f"friend{number}@example.org", at=f"203.0.113.{number}")

    refused = press(client, article, to="friend9@example.org", at="203.0.113.9")

    assert refused.status_code == 429
    assert Message.objects.count() == 2


def test_without_a_token_nothing_is_sent():
    client = Client(enforce_csrf_checks=True)

    assert press(client, ArticleFactory()).status_code == 403

    assert not Message.objects.exists()


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_the_page_of_an_article_leads_there_and_to_other_sites(client: Client, prefix: str):
    article = ArticleFactory(title_en='Win & "lose"')

    page = client.get(f"{prefix}/news/{article.slug}/").content.decode()

    assert f'href="{address(article, prefix)}" rel="nofollow"' in page
    whole = f"http%3A%2F%2Flocalhost%3A8000{prefix.replace('/', '%2F')}%2Fnews%2F{article.slug}%2F"
    assert f"https://www.facebook.com/sharer/sharer.php?u={whole}" in page
    if prefix == "/en":
        assert f"url={whole}&amp;text=Win%20%26%20%22lose%22" in page
    new_window = page.count('target="_blank"')
    assert new_window == 5
    assert page.count('rel="noopener nofollow"') == new_window
    for button in ("data-print", "data-copy", "data-share"):
        assert f"hidden {button}" in page
