"""Issuing, revoking, reissuing: by the rule, once, told once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition
from oda_portal.certificates import actions
from oda_portal.certificates.models import Certificate
from oda_portal.certificates.refusals import NotYetError
from oda_portal.mail.models import Message
from tests.certificates.samples import KIND, NAMES, SUBJECT, a_certificate, a_holder, a_kind, facts
from tests.factories import OfficeFactory, StaffFactory
from tests.letters import delivered

State = Certificate.State
pytestmark = pytest.mark.django_db


def trail(certificate: Certificate) -> list[tuple[str, str, str]]:
    rows = Transition.objects.filter(object_id=certificate.pk, field="state").order_by("pk")
    return [(row.from_state, row.to_state, row.reason) for row in rows]


def test_issue_keeps_what_is_right_today_and_tells_the_holder():
    holder, staff = a_holder(), StaffFactory()
    OfficeFactory()
    with a_kind():
        certificate = actions.issue(KIND, holder, by=staff)

    certificate.refresh_from_db()
    assert certificate.state == State.VALID
    assert certificate.names == {**NAMES, "hangul": holder.name}
    assert {code: sheet["subject"] for code, sheet in certificate.sheets.items()} == SUBJECT
    assert (certificate.user, certificate.issued_by, certificate.subject) == (holder, staff, holder)
    assert trail(certificate) == [("", "valid", "")]
    assert [(m.kind, m.to) for m in Message.objects.all()] == [("certificate_issued", holder.email)]


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        (
            "ko",
            "확인서를 발급했습니다",
            "봉사활동 확인서가 나왔습니다. ‘내 지원’에서 내려받을 수 있습니다.",
        ),
        (
            "en",
            "Your certificate is ready",
            "You can download your volunteer service certificate from ‘My applications’.",
        ),
        ("zh-hans", "您的证明已开具", "志愿服务证明已开具，可在“我的申请”中下载。"),
    ],
)
def test_the_mail_is_in_the_holders_language_and_leads_to_my_page(
    settings, language, subject, sentence
):
    a_certificate(a_holder(preferred_language=language))

    [letter] = delivered()

    prefix = "" if language == "ko" else f"/{language}"
    assert letter.subject == subject
    assert sentence in letter.body
    assert f"{settings.SITE_URL}{prefix}/accounts/#certificates" in letter.body


def test_issue_twice_gives_the_same_certificate_and_one_mail():
    holder, staff = a_holder(), StaffFactory()
    OfficeFactory()
    with a_kind():
        first = actions.issue(KIND, holder, by=staff)
        second = actions.issue(KIND, holder, by=staff)

    assert first == second
    assert Certificate.objects.count() == Message.objects.count() == 1


def test_issue_is_refused_with_the_reason_while_the_rule_is_not_met():
    with a_kind(), pytest.raises(NotYetError) as refused:
        actions.issue(KIND, a_holder(name=""), by=StaffFactory())

    assert refused.value.reason == "The hours are missing."
    assert not Certificate.objects.exists()
    assert not Message.objects.exists()


def test_issue_asks_the_rule_once_more_as_it_writes():
    """Between looking and writing somebody takes back what the certificate rests on."""
    OfficeFactory()
    answers = iter(["", "It was taken back."])
    with a_kind(rule=lambda user: next(answers)), pytest.raises(NotYetError, match="taken back"):
        actions.issue(KIND, a_holder(), by=StaffFactory())

    assert not Certificate.objects.exists()


def test_issue_without_a_name_is_refused():
    nameless = a_kind(facts=lambda user: facts(names={"latin": " \u200b"}))
    with nameless, pytest.raises(NotYetError):
        actions.issue(KIND, a_holder(), by=StaffFactory())


def test_issue_to_somebody_without_an_account_sends_nothing():
    certificate = a_certificate(holder=None, language_of=lambda user: "ko")
    Message.objects.all().delete()
    OfficeFactory()
    with a_kind(holder=lambda user: None):
        certificate = actions.issue(KIND, a_holder(), by=StaffFactory())

    assert certificate.user is None
    assert not Message.objects.exists()


def test_the_database_refuses_a_second_valid_certificate():
    first = a_certificate()
    second = Certificate(
        code="X", kind=first.kind, content_type=first.content_type, object_id=first.object_id,
        language="en",
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_the_database_refuses_a_reissued_certificate_that_is_still_valid():
    first, other = a_certificate(), a_certificate()
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=first.pk).update(replaced_by=other)


# --- no longer valid ----------------------------------------------------------------------------


def test_revoke_once_with_its_reason():
    certificate, staff = a_certificate(), StaffFactory()

    assert actions.revoke(certificate, by=staff, reason="Wrong hours")
    assert not actions.revoke(certificate, by=staff, reason="Again")

    assert certificate.state == State.REVOKED
    assert (certificate.revoked_by, certificate.reason) == (staff, "Wrong hours")
    assert trail(certificate) == [("", "valid", ""), ("valid", "revoked", "Wrong hours")]


def test_what_was_revoked_is_not_issued_again_by_a_second_run():
    holder = a_holder()
    certificate = a_certificate(holder)
    actions.revoke(certificate, by=StaffFactory(), reason="x")

    with a_kind(), pytest.raises(NotYetError, match=certificate.code):
        actions.issue(KIND, holder, by=StaffFactory())

    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("is_revoked", [False, True])
def test_reissue_puts_a_new_one_in_its_place_and_tells_the_holder(is_revoked: bool):
    holder, staff = a_holder(), StaffFactory()
    certificate = a_certificate(holder)
    if is_revoked:
        actions.revoke(certificate, by=staff, reason="Wrong name")
    holder.name = "김철호"
    holder.save()
    certificate = Certificate.objects.get()

    with a_kind():
        successor = actions.reissue(certificate, by=staff, reason="Name corrected")

    assert (certificate.state, successor.state) == (State.REISSUED, State.VALID)
    assert certificate.replaced_by == successor
    assert certificate.code != successor.code
    assert (certificate.name_hangul, successor.name_hangul) == ("김철수", "김철호")
    before = "revoked" if is_revoked else "valid"
    assert trail(certificate)[-1] == (before, "reissued", "Name corrected")
    assert Message.objects.count() == 2


def test_reissue_twice_is_refused():
    certificate, staff = a_certificate(), StaffFactory()
    with a_kind():
        actions.reissue(certificate, by=staff, reason="x")
        stale = Certificate.objects.get(pk=certificate.pk)
        stale.replaced_by = None  # as another window has it
        stale.revoked_at = None
        with pytest.raises(NotYetError):
            actions.reissue(stale, by=staff, reason="x")

    assert Certificate.objects.valid().count() == 1
    assert Certificate.objects.count() == 2


def test_reissue_against_the_rule_leaves_the_old_one_valid():
    holder = a_holder()
    certificate = a_certificate(holder)
    User.objects.filter(pk=holder.pk).update(name="")
    certificate = Certificate.objects.get()

    with a_kind(), pytest.raises(NotYetError, match="hours"):
        actions.reissue(certificate, by=StaffFactory(), reason="x")

    assert Certificate.objects.get().state == State.VALID


def test_in_state_finds_what_the_property_says():
    staff = StaffFactory()
    rows = [a_certificate() for _turn in range(3)]
    actions.revoke(rows[1], by=staff, reason="x")
    with a_kind():
        actions.reissue(rows[2], by=staff, reason="x")

    for state in State:
        found = Certificate.objects.in_state(state)
        assert {row.state for row in found} == {state}
    assert sum(Certificate.objects.in_state(state).count() for state in State) == 4


def test_times_are_those_of_the_act():
    certificate = a_certificate()

    assert timezone.now() - certificate.issued_at < timedelta(seconds=30)


@pytest.mark.skipif(
    "connection.vendor != 'postgresql'",
    reason="SQLite has one writer, and its test database in memory refuses instead of waiting",
)
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_certificate_and_one_mail():
    OfficeFactory()
    holder, staff, crowd = a_holder(), StaffFactory(), 20
    start = Barrier(crowd)

    def one(_turn: int) -> str:
        try:
            start.wait(timeout=30)
            return actions.issue(KIND, holder, by=staff).code
        finally:
            connection.close()

    with a_kind(), ThreadPoolExecutor(crowd) as threads:
        codes = set(threads.map(one, range(crowd)))

    assert len(codes) == 1
    assert Certificate.objects.count() == Message.objects.count() == 1
