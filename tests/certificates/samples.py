"""A kind of certificate about accounts: platform tests need no app."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import models

from oda_portal.accounts.models import User
from oda_portal.certificates import actions, registry
from oda_portal.certificates.models import Batch, Certificate
from oda_portal.certificates.registry import CertificateKind, Facts
from tests.factories import OfficeFactory, StaffFactory, UserFactory

KIND = "test.service"
NAMES = {
    "hangul": "김철수",
    "hanzi": "金哲秀",
    "latin": "Kim Cheolsu",
    "cyrillic": "Ким Чхольсу",
}
SUBJECT = {
    "ko": "부산해외봉사단 제11기",
    "en": "Busan Global Friends, round 11",
    "zh-hans": "釜山海外志愿团第11期",
}
PLACE = {"ko": "프놈펜(Phnom Penh)", "en": "Phnom Penh", "zh-hans": "金边"}
ROLE = {"ko": "교육 단원", "en": "Volunteer, education", "zh-hans": "教育组志愿者"}


def facts(**changes: Any) -> Facts:
    values = {
        "names": NAMES,
        "subject": SUBJECT,
        "starts_on": date(2027, 7, 20),
        "ends_on": date(2027, 7, 27),
        "hours": 40,
        "place": PLACE,
        "role": ROLE,
    }
    return Facts(**{**values, **changes})


def the_kind(**changes: Any) -> CertificateKind:
    """Whoever has a name has earned one."""
    values: dict[str, Any] = {
        "name": KIND,
        "label": "봉사활동 확인서",
        "model": User,
        "rule": lambda user: "" if user.name else "The hours are missing.",
        "facts": lambda user: facts(names={**NAMES, "hangul": user.name}),
        "holder": lambda user: user,
        "language_of": lambda user: user.preferred_language,
        "people": lambda users: users,
    }
    return CertificateKind(**{**values, **changes})


@contextmanager
def a_kind(**changes: Any) -> Iterator[CertificateKind]:
    """Registered for the block."""
    kind = registry.register(the_kind(**changes))
    try:
        yield kind
    finally:
        registry.forget(KIND)


def a_holder(**values: Any) -> User:
    return UserFactory(**{"name": "김철수", "preferred_language": "en", **values})


def a_certificate(holder: User | None = None, **changes: Any) -> Certificate:
    """One that was issued, of a kind that is registered for that moment only."""
    OfficeFactory()
    with a_kind(**changes):
        return actions.issue(KIND, holder or a_holder(), by=StaffFactory())


def a_batch() -> Batch:
    """One in which everything waits."""
    with a_kind():
        return actions.start_batch(KIND, [a_holder()], by=StaffFactory())


# How to make a row of each model of the back office; nobody edits one by hand.
RECORDS: dict[type[models.Model], tuple[Callable[[], models.Model], str | None]] = {
    Batch: (a_batch, None),
    Certificate: (a_certificate, None),
}
