"""The privacy officer's table: what follows is shown first, and a shorter period warns nobody late."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import ROLES, set_up_roles
from oda_portal.mail.models import Message
from oda_portal.privacy import reporting, retention
from oda_portal.privacy.archive import archive_of
from oda_portal.privacy.closing import close_account
from oda_portal.privacy.models import Hold, PrivacyRequest, RetentionNotice, RetentionRule
from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, StaffFactory, UserFactory
from tests.privacy.searching import found_in_tables

pytestmark = pytest.mark.django_db
RULE, HOLD, NOTICE = "privacy_retentionrule", "privacy_hold", "privacy_retentionnotice"
WHY = {"reason": "내부 관리계획 개정"}
RESIDENT = "900101-1234567"
LANGUAGES = ["ko", "en", "zh-hans"]


def member(role: str) -> User:
    if not Group.objects.exists():
        set_up_roles()
    user = StaffFactory(is_superuser=False)
    user.groups.set(Group.objects.filter(name=role))
    return user


@pytest.fixture
def officer(client: Client) -> User:
    OfficeFactory()
    user = member("privacy_officer")
    sign_in_staff(client, user)
    return user


def address(model: str, page: str, *args: object) -> str:
    return reverse(f"admin:{model}_{page}", args=args)


def rule(key: str = "accounts.user", **values) -> RetentionRule:
    retention.load_rules()
    RetentionRule.objects.filter(key=key).update(**values)
    return RetentionRule.objects.get(key=key)


def an_old_account(days: int) -> User:
    return UserFactory(joined_at=timezone.now() - timedelta(days=days))


def save(client: Client, of: RetentionRule, **numbers):
    """Both steps; what the second answers."""
    page, asked = address(RULE, "period", of.pk), {**numbers, **WHY}
    shown = client.post(page, asked)
    return client.post(page, {**asked, "stamp": shown.context["stamp"]})


def test_what_follows_is_counted_and_nothing_is_saved_by_looking(client: Client, officer: User):
    of = rule(days=730, notice_days=30)
    for days in (800, 500, 450, 100):
        an_old_account(days)

    page = client.post(address(RULE, "period", of.pk), {"days": 400, "notice_days": 20, **WHY})

    follows = page.context["follows"]
    assert (follows.rows, follows.people, follows.spared) == (2, 2, 0)
    assert follows.first_day == timezone.localdate() + timedelta(days=20)
    of.refresh_from_db()
    assert (of.days, of.notice_days) == (730, 30)


def test_a_longer_period_spares_what_was_due(client: Client, officer: User):
    of = rule(days=365, notice_days=30)
    an_old_account(500)

    page = client.post(address(RULE, "period", of.pk), {"days": 730, "notice_days": 30, **WHY})

    assert (page.context["follows"].rows, page.context["follows"].spared) == (0, 1)


def test_a_confirmed_period_is_saved_with_who_and_why(client: Client, officer: User):
    of = rule(days=730, notice_days=30)

    assert save(client, of, days=400, notice_days=20).status_code == 302

    of.refresh_from_db()
    assert (of.days, of.notice_days) == (400, 20)
    step = of.history.latest()
    assert (step.history_user, step.history_change_reason) == (officer, WHY["reason"])
    assert WHY["reason"] in client.get(address(RULE, "history", of.pk)).content.decode()


def test_what_changed_meanwhile_is_shown_again(client: Client, officer: User):
    of = rule(days=730, notice_days=30)
    page, asked = address(RULE, "period", of.pk), {"days": 400, "notice_days": 20, **WHY}
    stamp = client.post(page, asked).context["stamp"]
    an_old_account(500)

    again = client.post(page, {**asked, "stamp": stamp})
    other = client.post(page, {**asked, "days": 40, "stamp": again.context["stamp"]})

    assert again.context["follows"].rows == 1
    assert other.status_code == 200
    of.refresh_from_db()
    assert of.days == 730


@pytest.mark.parametrize(
    "asked",
    [
        {"days": 0},
        {"days": 30, "notice_days": 30},
        {"days": 10**9},
        {"reason": ""},
        {"reason": RESIDENT},
    ],
)
def test_a_period_that_cannot_be_is_refused(client: Client, officer: User, asked: dict):
    of = rule(days=730, notice_days=30)

    page = client.post(
        address(RULE, "period", of.pk), {"days": 90, "notice_days": 30, **WHY, **asked}
    )

    assert page.context["form"].errors
    assert page.context["follows"] is None


def test_a_shorter_period_destroys_nobody_before_the_notice_has_run(client: Client, officer: User):
    of = rule(days=730, notice_days=30)
    person = an_old_account(500)
    save(client, of, days=400, notice_days=20)

    assert retention.destroy_due() == 0

    assert Message.objects.get(kind="retention_notice").to == person.email
    assert RetentionNotice.objects.get().destroy_on == timezone.localdate() + timedelta(days=20)


def test_a_day_that_was_told_counts_though_the_notice_is_given_up(client: Client, officer: User):
    of = rule(days=730, notice_days=30)
    person = an_old_account(720)
    retention.destroy_due()
    save(client, of, days=400, notice_days=0)

    assert retention.destroy_due() == 0

    assert User.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize("role", [role.name for role in ROLES if role.name != "privacy_officer"])
def test_the_table_and_its_holds_are_the_privacy_officers_alone(client: Client, role: str):
    OfficeFactory()
    sign_in_staff(client, member(role))
    of = rule()

    pages = [
        address(RULE, "period", of.pk), address(RULE, "hold", of.pk), address(HOLD, "add"),
        address(RULE, "changelist"), address(NOTICE, "changelist"),
    ]  # fmt: skip

    assert {client.get(page).status_code for page in pages} <= {403, 404}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_is_there_in_three_languages(client: Client, officer: User, language: str):
    of = rule()
    officer.preferred_language = language
    officer.save()
    client.cookies["django_language"] = language

    table = client.get(address(RULE, "changelist"))
    period = client.post(address(RULE, "period", of.pk), {"days": 9, "notice_days": 1, **WHY})

    assert table.context["cl"].result_count == RetentionRule.objects.count()
    assert period.context["follows"].rows == 0


# --- holds ------------------------------------------------------------------------------------------


def said(**values) -> dict[str, object]:
    until = timezone.localdate() + timedelta(days=60)
    return {"ground": "lawsuit", "reason": "2026-17", "until": until.isoformat(), **values}


def test_a_kind_is_held_from_its_rule(client: Client, officer: User):
    of = rule()

    client.post(address(RULE, "hold", of.pk), said())

    hold = Hold.objects.get()
    assert (hold.key, hold.ground, hold.reason, hold.by) == (of.key, "lawsuit", "2026-17", officer)
    row = client.get(address(RULE, "changelist")).content.decode()
    assert row.count('class="badge stage-expired"') == 1


def test_a_person_is_held_by_email_and_a_record_by_its_number(client: Client, officer: User):
    person = UserFactory(email="held@example.org")
    asked = PrivacyRequest.objects.create(user=person, kind="see")

    client.post(address(HOLD, "add"), said(model="accounts.user", name="Held@example.org"))
    client.post(address(HOLD, "add"), said(model="privacy.privacyrequest", name=str(asked.pk)))

    assert [hold.subject for hold in Hold.objects.order_by("pk")] == [person, asked]
    assert person.email not in client.get(address(HOLD, "changelist")).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "nobody@example.org"}, {"name": "999999"}, {"until": "2020-01-01"},
        {"until": "2099-01-01"}, {"reason": ""}, {"ground": "mood"}, {"model": "pages.page"},
        {"reason": RESIDENT},
    ],
)  # fmt: skip
def test_a_hold_on_nothing_without_a_reason_or_for_ever_is_refused(
    client: Client, officer: User, wrong: dict
):
    UserFactory(email="held@example.org")
    values = said(model="accounts.user", name="held@example.org") | wrong

    assert client.post(address(HOLD, "add"), values).context["form"].errors
    assert not Hold.objects.exists()


def test_a_hold_is_lifted_on_a_page_that_asks(client: Client, officer: User):
    client.post(address(RULE, "hold", rule().pk), said())
    hold = Hold.objects.get()
    lift = address(HOLD, "lift", hold.pk)
    assert lift in client.get(address(HOLD, "change", hold.pk)).content.decode()

    client.get(lift)
    assert Hold.objects.standing().exists()
    client.post(lift)

    hold.refresh_from_db()
    assert hold.lifted_by == officer
    assert lift not in client.get(address(HOLD, "change", hold.pk)).content.decode()


# --- who is told ------------------------------------------------------------------------------------


def test_who_has_no_address_is_listed_until_staff_say_they_told_them(client: Client, officer: User):
    of = rule(days=730, notice_days=30)
    User.objects.filter(pk=an_old_account(705).pk).update(email="")
    retention.destroy_due()
    notice = RetentionNotice.objects.get()

    assert not Message.objects.filter(kind="retention_notice").exists()
    index = client.get(reverse("admin:index")).context["reminders"]
    assert [row.due_on for row in index if NOTICE.split("_")[1] in row.url] == [notice.destroy_on]
    chosen = {"action": "mark_told", "_selected_action": [notice.pk]}
    client.post(address(NOTICE, "changelist"), chosen)

    notice.refresh_from_db()
    assert notice.told_at is not None
    assert of.key == notice.key


def test_officers_get_one_mail_a_day_about_what_is_due(client: Client, officer: User):
    assert reporting.tell_deadlines() == 0
    today = timezone.localdate()
    for days in (-1, 1, 9):
        due_on = today + timedelta(days=days)
        PrivacyRequest.objects.create(user=UserFactory(), kind="see", due_on=due_on)
    Hold.objects.create(key="mail.message", ground="law", until=today + timedelta(days=3))

    assert reporting.tell_deadlines() == 1
    reporting.tell_deadlines()

    letter = Message.objects.get(kind="privacy_deadlines")
    assert letter.user == officer
    assert letter.context == {"requests": "1", "overdue": "1", "holds": "1", "untold": "0"}


# --- ten days -------------------------------------------------------------------------------------


def extend(asked: PrivacyRequest) -> str:
    return address("privacy_privacyrequest", "extend", asked.pk)


def test_a_request_is_extended_once_and_the_person_reads_why(client: Client, officer: User):
    asked = PrivacyRequest.objects.create(user=UserFactory(), kind="see")
    due = asked.due_on

    client.post(extend(asked), {"text": "여러 부서의 확인이 필요합니다."})
    client.post(extend(asked), {"text": "한 번 더"})

    asked.refresh_from_db()
    assert asked.due_on == due + timedelta(days=10)
    letter = Message.objects.get(kind="request_extended")
    assert "여러 부서" not in str(letter.context)
    client.force_login(asked.user)
    assert "여러 부서의 확인이 필요합니다." in client.get("/accounts/requests/").content.decode()


@pytest.mark.parametrize("late", [True, False])
def test_a_late_or_an_unexplained_extension_is_refused(client: Client, officer: User, late: bool):
    asked = PrivacyRequest.objects.create(user=UserFactory(), kind="see")
    if late:
        PrivacyRequest.objects.update(due_on=timezone.localdate() - timedelta(days=1))

    client.post(extend(asked), {"text": "확인 중" if late else " "})

    asked.refresh_from_db()
    assert asked.extended_at is None
    assert not Message.objects.filter(kind="request_extended").exists()


def test_the_reason_of_an_extension_is_given_out_and_goes_with_the_account():
    asked = PrivacyRequest.objects.create(user=UserFactory(), kind="see")
    asked.extend(by=StaffFactory(), reason="나래의 서류")
    with zipfile.ZipFile(archive_of(asked.user)) as archive:
        (given,) = json.loads(archive.read("data.json"))["privacy.request"]
        assert "나래의 서류" in archive.read("index.html").decode()

    assert close_account(asked.user)

    assert given["extension_reason"] == "나래의 서류"
    assert datetime.fromisoformat(given["extended_at"]).date() == asked.extended_at.date()
    assert found_in_tables(["나래의 서류"]) == set()
    kept = PrivacyRequest.objects.get()
    assert (kept.user, kept.extended_at, kept.due_on) == (None, asked.extended_at, asked.due_on)


def test_an_extension_without_a_reason_is_refused_while_there_is_somebody_to_read_it():
    PrivacyRequest.objects.create(user=UserFactory(), kind="see")
    broken = "privacy_request_extension_says_why"

    with pytest.raises(IntegrityError, match=broken), transaction.atomic():
        PrivacyRequest.objects.update(extended_at=timezone.now())
