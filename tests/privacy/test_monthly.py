"""The monthly report of looks: what it counts, who reads it, and that each officer gets it once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from oda_portal.mail.models import Message
from oda_portal.mail.rendering import Stationery, letter_of
from oda_portal.privacy import monthly, reporting, tasks
from oda_portal.privacy.models import AccessRecord, AccessSubject, Act
from tests.doors import sign_in_staff
from tests.factories import (
    ApplicationFactory,
    OfficeFactory,
    RegistrationFactory,
    StaffFactory,
    UserFactory,
    VolunteerFactory,
)

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 10, 1)
REPORT = "admin:privacy_accessrecord_report"


def a_look(
    by: User, when: str, *people: Model, act: str = Act.DETAIL, reason: str = ""
) -> AccessRecord:
    """`when`: by the clock of the office, as “10-20 14:00”."""
    at = timezone.make_aware(datetime.fromisoformat(f"2026-{when}"))
    look = AccessRecord.objects.create(
        user=by, account=by.email, at=at, act=act, what="accounts.user", reason=reason
    )
    AccessSubject.objects.bulk_create(
        AccessSubject(record=look, label=one._meta.label_lower, object_id=one.pk) for one in people
    )
    return look


def an_officer(**values: str) -> User:
    set_up_roles()
    officer = StaffFactory(is_superuser=False, **values)
    officer.groups.add(Group.objects.get(name="privacy_officer"))
    return officer


def test_the_report_counts_who_looked_how_often_at_whom_when_and_why():
    one, other = StaffFactory(email="a@office.example"), StaffFactory(email="b@office.example")
    people = [UserFactory() for _number in range(3)]
    a_look(one, "10-01 00:00", *people, act=Act.LIST)
    a_look(one, "10-20 14:00", people[0], reason="전화")
    a_look(one, "10-20 05:59", people[0])
    a_look(one, "10-20 06:00", one)
    a_look(one, "10-31 22:00", people[1], act=Act.FILE)
    export = a_look(other, "10-31 23:59", *people, act=Act.EXPORT, reason="감사")
    a_look(other, "09-30 23:59", *people)
    a_look(other, "11-01 00:00", *people)

    report = monthly.report_of(OCTOBER)

    first, second = sorted(report.lines, key=lambda line: line.account)
    assert (first.account, first.looks, first.shown) == ("a@office.example", 5, 7)
    assert first.acts == {"list": 1, "detail": 3, "file": 1}
    assert (first.night, first.own, first.without_reason) == (3, 1, 3)
    assert (second.looks, second.shown, second.count(Act.EXPORT)) == (1, 3, 1)
    assert second.usual == 1  # three in the three months before
    assert report.exports == [export]
    assert (report.looks, report.shown, report.last) == (6, 10, date(2026, 10, 31))
    assert {day: count for day, count in report.days if count} == {
        date(2026, 10, 1): 1, date(2026, 10, 20): 3, date(2026, 10, 31): 2,
    }  # fmt: skip
    assert len(report.days) == 31


def test_looks_at_a_record_of_ones_own_are_counted_once_each():
    staff = StaffFactory(email="a@office.example")
    own, other = VolunteerFactory(user=staff), VolunteerFactory()
    application = ApplicationFactory(volunteer=own)
    registration = RegistrationFactory(user=staff)
    a_look(staff, "10-20 14:00", own, application, staff)
    a_look(staff, "10-20 15:00", registration)
    a_look(staff, "10-20 16:00", other, ApplicationFactory(volunteer=other))

    [line] = monthly.report_of(OCTOBER).lines

    assert (line.looks, line.own) == (3, 2)


def test_many_is_more_than_usual_and_more_than_a_hundred():
    usual, new, small = (StaffFactory() for _number in range(3))
    people = [UserFactory() for _number in range(110)]
    for month in ("07-10 10:00", "08-10 10:00", "09-10 10:00"):
        a_look(usual, month, *people, act=Act.LIST)
    for by in (usual, new):
        a_look(by, "10-10 10:00", *people, act=Act.LIST)
    a_look(small, "10-10 10:00", *people[:100], act=Act.LIST)

    assert [line.account for line in monthly.report_of(OCTOBER).many()] == [new.email]


@pytest.mark.thorough
def test_the_page_asks_as_much_for_many_as_for_one(client: Client, uncached_queries):
    OfficeFactory()
    sign_in_staff(client, StaffFactory())
    page = f"{reverse(REPORT)}?month=2026-10"
    person = UserFactory()
    a_look(StaffFactory(), "10-10 10:00", person, act=Act.EXPORT, reason="x")
    one = uncached_queries(client, page)
    for number in range(20):
        a_look(StaffFactory(), f"10-{number + 1:02} 10:00", person, act=Act.EXPORT, reason="x")

    assert uncached_queries(client, page) == one


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_page_and_its_file_name_nobody_who_was_looked_at(client: Client, language: str):
    OfficeFactory()
    sign_in_staff(client, an_officer())
    person = UserFactory(name="홍길동", email="hong@example.org")
    a_look(StaffFactory(email="=cmd@office.example"), "10-10 23:00", person, act=Act.EXPORT,
           reason="보험사 제출")  # fmt: skip
    with translation.override(language):
        page, file = reverse(REPORT), reverse(f"{REPORT}_file")

    shown = client.get(page, {"month": "2026-10"}).content.decode()
    sheet = b"".join(client.get(file, {"month": "2026-10"}).streaming_content).decode()

    for content in (shown, sheet):
        assert "=cmd@office.example" in content
        assert "홍길동" not in content
        assert "hong@example.org" not in content
    assert "보험사 제출" in shown
    assert "<svg" in shown
    assert "'=cmd@office.example" in sheet


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0001-01", "9999-12", "2026-1\u0663"])
def test_what_is_no_month_is_the_last_one(client: Client, month: str):
    OfficeFactory()
    sign_in_staff(client, StaffFactory())

    answer = client.get(reverse(REPORT), {"month": month})

    assert answer.context["report"].first == monthly.last_month()


@pytest.mark.parametrize("page", [REPORT, f"{REPORT}_file", "admin:privacy_accessrecord_touched"])
def test_only_who_may_read_the_log_reads_it(client: Client, page: str):
    OfficeFactory()
    set_up_roles()
    editor = StaffFactory(is_superuser=False)
    editor.groups.add(Group.objects.get(name="editor"))
    sign_in_staff(client, editor)

    assert client.get(reverse(page)).status_code == 403


def test_months_go_back_to_the_first_look():
    long_ago = timezone.now() - timedelta(days=100)
    AccessRecord.objects.create(account="x", act=Act.LIST, at=long_ago)

    found = monthly.months()

    assert found[0] == monthly.month_of(timezone.localdate())
    assert found[-1] == monthly.month_of(timezone.localdate(long_ago))
    assert len(found) == len(set(found))


# --- the mail ----------------------------------------------------------------------------------------


def test_each_officer_is_told_once_in_their_language(client: Client):
    OfficeFactory()
    officers = [an_officer(preferred_language=code) for code in ("ko", "en", "zh-hans")]
    an_officer(is_active=False)
    a_look(StaffFactory(), "10-10 23:00", UserFactory())

    assert reporting.tell_officers(date(2026, 11, 1)) == 3
    assert reporting.tell_officers(date(2026, 11, 2)) == 0

    mails = Message.objects.filter(kind="access_report").order_by("pk")
    assert [mail.user for mail in mails] == officers
    texts = [letter_of(mail, Stationery()).text for mail in mails]
    assert "2026년 10월" in texts[0]
    assert "October 2026" in texts[1]
    assert "2026年10月" in texts[2]
    assert all("{" not in text for text in texts)
    sign_in_staff(client, officers[0])
    assert client.get(mails[0].path).context["report"].first == OCTOBER


def test_whoever_was_not_reached_by_a_killed_run_is_reached_by_the_next():
    OfficeFactory()
    first, second = an_officer(), an_officer()
    reporting.tell_officers(date(2026, 11, 1))
    Message.objects.filter(user=second).delete()

    assert reporting.tell_officers(date(2026, 11, 1)) == 1

    told = Message.objects.filter(kind="access_report").values_list("user", flat=True)
    assert sorted(told) == [first.pk, second.pk]


def test_the_task_reports_last_month():
    OfficeFactory()
    officer = an_officer()

    tasks.report()

    last = monthly.last_month()
    assert Message.objects.get().once == f"access_report:{last:%Y-%m}:{officer.pk}"
