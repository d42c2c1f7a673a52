"""People are told before: each kind that somebody can be told of, in their language, once."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.test.utils import CaptureQueriesContext
from django.utils import formats, timezone, translation

from forums.doors.certificates import KIND as ATTENDANCE
from oda_portal.certificates.models import Certificate
from oda_portal.mail.models import Message
from oda_portal.mail.rendering import Stationery, letter_of
from oda_portal.pages.models import Inquiry
from oda_portal.privacy import actions, registry, retention
from oda_portal.privacy.models import RetentionNotice, RetentionRule
from oda_portal.privacy.registry import PersonalData
from tests.factories import InquiryFactory, OfficeFactory, RegistrationFactory, StaffFactory
from tests.privacy.endings import ENDED, just_over

NIGHT = datetime(2026, 11, 20, 3, tzinfo=UTC)
LANGUAGES = [code for code, _name in settings.LANGUAGES]
ALL_KINDS = pytest.mark.parametrize("key", sorted(ENDED))
EMAIL = "haneul@example.org"
LONG = 100 * 365
HISTORY = apps.get_model("privacy", "HistoricalRetentionRule")
# Nobody is told of these by mail, and why; docs/privacy.md says more of each.
UNTOLD = {
    "certificates.batch": "work of the office",
    "forums.cancelled": "thirty days after the event, which the consent names",
    "forums.need": "days alone, which the consent names",
    "forums.papers_withdrawn": "the mail about withdrawing names the day",
    "jobs.job": "work of the office",
    "mail.message": "copies of what lies in the person's own mailbox",
    "news.sent_article": "a day, of an address that somebody else typed",
    "news.subscription": "whoever stopped them wants no more mail",
    "news.unconfirmed": "the mail that asked names the days",
    "partners.action_item": "said for an organisation, whose record stays without the name",
    "partners.invitation": "three months after it was sent, taken up or not",
    "partners.meeting_answer": "said for an organisation",
    "partners.suggestion": "said for an organisation",
    "previews": "work of the office",
    "privacy.consent": "proof that the rules were kept, mostly without a person by then",
    "privacy.hold": "proof that the rules were kept",
    "privacy.request": "proof that the rules were kept",
    "programs.proposal": "the proposal stays, without the name",
    "programs.proposal.comment": "said for an organisation",
    "reviews.review": "work of the office",
    "spreadsheets.import": "work of the office",
    "unsaved_texts": "work of the office",
    "volunteers.emergency": "days alone, which the consent names",
    "volunteers.health": "days alone, which the consent names",
    "volunteers.insurance": "days alone",
    "volunteers.passport": "days alone, which the consent names",
    "volunteers.person": "goes with the last application, whose own rule says it",
    "volunteers.survey": "scores stay; the question says that whose they were goes",
    "volunteers.withdrawn": "the mail about withdrawing names the day",
}


@pytest.fixture
def clock(db):
    OfficeFactory()
    with time_machine.travel(NIGHT, tick=False) as traveller:
        yield traveller


def kind(key: str) -> PersonalData:
    entry = registry.entry_of(key)
    assert entry is not None
    return entry


def only(key: str) -> PersonalData:
    """All other kinds are kept for a hundred years."""
    retention.load_rules()
    RetentionRule.objects.exclude(key=key).update(days=LONG)
    return kind(key)


def is_there(entry: PersonalData, row: models.Model) -> bool:
    """Of a certificate the row stays, and nobody's any more."""
    return entry.due(timezone.now()).filter(pk=row.pk).exists()


def letters() -> list[Message]:
    return list(Message.objects.filter(kind="retention_notice").order_by("pk"))


def nights(clock: time_machine.Traveller, days: int) -> int:
    """So many days later; how many went in that night, in which the job runs twice."""
    clock.shift(timedelta(days=days))
    return retention.destroy_due() + retention.destroy_due()


def day(when: datetime, language: str) -> str:
    with translation.override(language):
        return formats.date_format(timezone.localdate(when), "DATE_FORMAT")


# --- every kind --------------------------------------------------------------------------------------


def test_of_every_kind_people_are_told_or_it_says_here_why_not():
    told = {entry.key: entry.notice_days for entry in registry.registered() if entry.addressee}

    assert set(told) == set(ENDED)
    assert min(told.values()) >= 7
    untold = {entry.key for entry in registry.registered() if not entry.addressee}
    assert untold == set(UNTOLD)


def test_the_handbook_names_as_many_with_their_days():
    text = (settings.BASE_DIR / "docs" / "privacy.md").read_text()
    [told] = re.findall(r"^\*\*By mail, so many days before.*$", text, re.MULTILINE)
    days = [entry.notice_days for entry in registry.registered() if entry.addressee]

    assert sorted(map(int, re.findall(r"\((\d+)\)", told))) == sorted(days)


@pytest.mark.parametrize("language", LANGUAGES)
@ALL_KINDS
def test_told_so_many_days_before_and_destroyed_on_that_day(clock, key: str, language: str):
    entry = only(key)
    row = ENDED[key](EMAIL, language)

    nights(clock, entry.days - entry.notice_days - 1)
    assert letters() == []
    assert nights(clock, 1) == 0
    [letter] = letters()
    assert (letter.to, letter.language, letter.about) == (EMAIL, language, row)
    last = NIGHT + timedelta(days=entry.days)
    with translation.override(language):
        what = str(entry.label)
    assert letter.context == {"date": day(last, language), "what": what}
    assert nights(clock, entry.notice_days - 1) == 0
    assert is_there(entry, row)
    assert letters() == [letter]
    nights(clock, 1)

    assert not is_there(entry, row)
    assert letters() == []
    assert not RetentionNotice.objects.exists()


@ALL_KINDS
def test_what_is_long_overdue_is_told_first_and_then_goes(clock, key: str):
    entry = only(key)
    row = ENDED[key](EMAIL, "ko")

    assert nights(clock, entry.days + 400) == 0
    assert len(letters()) == 1
    assert nights(clock, entry.notice_days - 1) == 0
    assert is_there(entry, row)
    nights(clock, 1)

    assert not is_there(entry, row)


@ALL_KINDS
def test_who_could_not_be_told_by_a_fault_stays(clock, key: str, monkeypatch, caplog):
    entry = only(key)
    row = ENDED[key](EMAIL, "ko")

    def fail(row: models.Model) -> None:
        raise RuntimeError("no such address")

    monkeypatch.setitem(registry._entries, key, replace(entry, addressee=fail))
    assert nights(clock, entry.days + 400) == 0
    assert is_there(entry, row)
    assert f"nobody could be told about {key} {row.pk}" in caplog.text
    monkeypatch.setitem(registry._entries, key, entry)
    nights(clock, 1)

    assert len(letters()) == 1


@ALL_KINDS
def test_a_hold_keeps_it_and_another_day_is_told_afterwards(clock, key: str):
    entry = only(key)
    row = ENDED[key](EMAIL, "en")
    nights(clock, entry.days)
    until = timezone.localdate() + timedelta(days=entry.notice_days + 5)
    actions.hold_record(row, by=StaffFactory(), ground="audit", reason="2026-17", until=until)

    nights(clock, entry.notice_days)
    assert is_there(entry, row)
    nights(clock, 5)
    assert len(letters()) == 1
    nights(clock, 1)
    again = timezone.now() + timedelta(days=entry.notice_days)
    assert [letter.context["date"] for letter in letters()][1:] == [day(again, "en")]
    nights(clock, entry.notice_days - 1)
    assert is_there(entry, row)
    nights(clock, 1)

    assert not is_there(entry, row)


@pytest.mark.parametrize("key", sorted(set(ENDED) - {"pages.inquiry"}))
def test_who_has_no_address_stands_on_the_list_and_it_goes_on_its_day(clock, key: str):
    entry = only(key)
    row = ENDED[key]("", "ko")

    assert nights(clock, entry.days) == 0
    assert letters() == []
    assert [notice.object_id for notice in RetentionNotice.objects.untold()] == [row.pk]
    nights(clock, entry.notice_days)

    assert not is_there(entry, row)


# --- many ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(set(ENDED) - {"accounts.user"}))
def test_of_several_that_go_on_one_day_a_person_gets_one_mail(clock, key: str):
    entry = only(key)
    rows = [ENDED[key](EMAIL, "en") for _turn in range(3)]
    other = ENDED[key]("other@example.org", "en")

    nights(clock, entry.days)
    assert [letter.to for letter in letters()] == [EMAIL, "other@example.org"]
    told = RetentionNotice.objects.exclude(told_at=None).values_list("object_id", flat=True)
    assert set(told) == {row.pk for row in (*rows, other)}
    assert nights(clock, entry.notice_days) >= 4

    assert not any(is_there(entry, row) for row in (*rows, other))
    assert letters() == []


def test_rows_of_one_person_in_two_languages_are_told_in_both(clock):
    entry = only("forums.registration")
    for language in ("ko", "en"):
        ENDED[entry.key](EMAIL, language)

    nights(clock, entry.days)

    assert [letter.language for letter in letters()] == ["ko", "en"]


@ALL_KINDS
def test_while_people_wait_for_the_day_more_of_them_cost_no_more_questions(clock, key: str):
    entry = only(key)
    ENDED[key]("first@example.org", "ko")
    clock.shift(timedelta(days=1))
    for number in range(3):
        ENDED[key](f"{number}@example.org", "ko")
    asked = []
    for days in (entry.days - entry.notice_days - 1, 1):
        nights(clock, days)
        with CaptureQueriesContext(connection) as queries:
            retention.destroy_due()
        asked.append((RetentionNotice.objects.count(), len(queries)))

    [(one, questions), (four, of_four)] = asked
    assert (one, four) == (1, 4)
    assert of_four == questions


# --- whom it cannot tell, and where else an address is ----------------------------------------------------


def test_nobody_is_looked_for_where_a_question_was_asked_without_an_address(clock):
    entry = only("pages.inquiry")
    row = InquiryFactory(state="answered", answered_at=just_over())

    assert nights(clock, entry.days - 1) == 0
    assert not RetentionNotice.objects.exists()
    assert nights(clock, 1) == 1

    assert not Inquiry.objects.filter(pk=row.pk).exists()


def test_who_took_their_address_back_keeps_the_day_that_they_were_told(clock):
    entry = only("pages.inquiry")
    row = ENDED[entry.key](EMAIL, "ko")
    nights(clock, entry.days + 100)
    Inquiry.objects.update(email="")

    assert nights(clock, entry.notice_days - 1) == 0
    assert nights(clock, 1) == 1
    assert not is_there(entry, row)


def test_a_certificate_of_who_has_no_account_is_told_where_it_was_sent(clock):
    entry = only("certificates.certificate")
    RetentionRule.objects.filter(key=entry.key).update(days=60)
    attendee = RegistrationFactory(email=EMAIL, language="en", name="Kim Haneul")
    Certificate.objects.create(
        code="AAAA-0001", kind=ATTENDANCE, subject=attendee, issued_at=just_over()
    )

    nights(clock, 30)

    [letter] = letters()
    assert (letter.to, letter.name, letter.language) == (EMAIL, "Kim Haneul", "en")


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("ko", "계정이 없으면 이 이메일 주소로 가입하세요."),
        ("en", "If you have no account, sign up with this email address."),
        ("zh-hans", "如没有账号，请用本邮箱注册。"),
    ],
)
def test_the_mail_says_how_to_get_the_data_without_an_account(clock, language: str, says: str):
    entry = only("pages.inquiry")
    ENDED[entry.key](EMAIL, language)
    nights(clock, entry.days)

    [letter] = letters()

    assert says in letter_of(letter, Stationery()).text


# --- sites that were there before ---------------------------------------------------------------------------


def begin_notices() -> None:
    """What the migration does, with the models of its own time."""
    migration = importlib.import_module("oda_portal.privacy.migrations.0005_notices")
    state = MigrationLoader(None).project_state(("privacy", "0005_notices"))
    migration.begin_notices(state.apps, None)


@pytest.mark.thorough  # goes through migrations, which the run on SQLite leaves out
@pytest.mark.django_db
def test_a_site_that_was_there_before_tells_people_too():
    retention.load_rules()
    was = {rule.key: rule.notice_days for rule in RetentionRule.objects.all()}
    migration = importlib.import_module("oda_portal.privacy.migrations.0005_notices")
    RetentionRule.objects.filter(key__in=migration.NOTICE).update(notice_days=0)
    HISTORY.objects.all().delete()

    begin_notices()
    begin_notices()

    assert {rule.key: rule.notice_days for rule in RetentionRule.objects.all()} == was
    steps = HISTORY.objects.order_by("key").values_list("key", "notice_days", "history_type")
    assert list(steps) == [(key, days, "~") for key, days in sorted(migration.NOTICE.items())]


@pytest.mark.thorough  # goes through migrations, which the run on SQLite leaves out
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("once", "now", "days", "then"),
    [(0, 10, 365, 10), (10, 0, 365, 0), (0, 0, 10, 9), (0, 0, 1, 0)],
)
def test_what_an_officer_chose_stays(once: int, now: int, days: int, then: int):
    retention.load_rules()
    HISTORY.objects.all().delete()
    rule = RetentionRule.objects.get(key="pages.inquiry")
    for notice in (once, now):
        rule.days, rule.notice_days = days, notice
        rule.save()

    begin_notices()

    rule.refresh_from_db()
    assert (rule.days, rule.notice_days) == (days, then)
