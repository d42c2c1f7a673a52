"""The texts of all mails, and what staff may make of them."""

from __future__ import annotations

import pytest
from django.conf import settings

from oda_portal.mail import kinds
from oda_portal.mail.models import MailTemplate
from oda_portal.mail.texts import PLACEHOLDER, Text, Texts, fill, problems, text_of_file

LANGUAGES = [code for code, _name in settings.LANGUAGES]
KINDS = kinds.registered()
FOLDER = settings.BASE_DIR / "templates" / "mail"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_mail_has_a_text_that_says_only_what_it_knows(kind: kinds.Kind, language: str):
    text = text_of_file(kind.name, language)

    assert problems(kind, text) == []
    assert text.subject
    assert set(kind.sample) == set(kind.placeholders)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_mail_says_the_same_in_every_language(kind: kinds.Kind):
    said = [
        set(PLACEHOLDER.findall("".join(text_of_file(kind.name, language))))
        for language in LANGUAGES
    ]

    assert said[0] == said[1] == said[2]


def test_there_is_no_text_without_a_mail():
    files = {path.stem for path in FOLDER.glob("*/*.txt")}

    assert files == {kind.name for kind in KINDS}


@pytest.mark.parametrize(
    ("subject", "body", "count"),
    [
        ("Mail", "{failed} of {unknown}: {link}", 0),
        ("Mail {failed}", "Text", 0),
        ("Mail", "{nothing}", 1),
        ("Mail {link}", "Text", 1),
        ("Mail", "{failed.__class__}", 1),
        ("Mail", "{failed!r}", 1),
        ("Mail", "{failed:>10}", 1),
        ("Mail", "{{failed}}", 1),
        ("Mail", "{", 1),
        ("{0}", "{}", 1),
    ],
)
def test_problems_finds_what_is_no_placeholder_of_the_mail(subject: str, body: str, count: int):
    assert len(problems(kinds.kind_of("staff_mail_failed"), Text(subject, body))) == count


def test_a_mail_with_a_secret_link_must_hold_it():
    kind = kinds.kind_of("password_reset")

    assert problems(kind, Text("Subject", "No link")) != []
    assert problems(kind, Text("Subject", "{link}")) == []


def test_a_mail_that_may_be_stopped_must_say_where_and_never_in_its_subject():
    kind = kinds.kind_of("news_instant")

    assert problems(kind, Text("{title}", "{summary}")) != []
    assert problems(kind, Text("{title} {change_link}", "{change_link}")) != []
    assert problems(kind, Text("{title}", "{change_link}")) == []


def test_fill_never_reads_a_value_again():
    assert fill("{a} {b}", {"a": "{b}", "b": "{a}"}) == "{b} {a}"


@pytest.mark.django_db
def test_staffs_own_text_comes_before_the_portals_in_its_language_alone():
    MailTemplate.objects.create(
        kind="staff_mail_failed", language="ko", subject="우리 말", body="실패 {failed}"
    )
    kind = kinds.kind_of("staff_mail_failed")

    assert Texts().of(kind, "ko").subject == "우리 말"
    assert Texts().of(kind, "en") == text_of_file("staff_mail_failed", "en")


@pytest.mark.django_db
def test_an_own_text_that_no_longer_fits_gives_way_to_the_portals():
    MailTemplate.objects.create(
        kind="staff_mail_failed", language="ko", subject="우리 말", body="{gone}"
    )

    text = Texts().of(kinds.kind_of("staff_mail_failed"), "ko")

    assert text == text_of_file("staff_mail_failed", "ko")
