"""A row of each model of `privacy`, for tests that look at every model."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models
from django.utils import timezone

from oda_portal.privacy import consents, sealing
from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import (
    AccessRecord,
    Act,
    Consent,
    ConsentText,
    DestructionLedger,
    Hold,
    PrivacyRequest,
    RetentionNotice,
    RetentionRule,
    Seal,
)
from tests.factories import StaffFactory, UserFactory


def a_look() -> AccessRecord:
    return record_look(StaffFactory(), Act.DETAIL, [UserFactory()])


def a_seal() -> Seal | None:
    a_look()
    return sealing.seal()


def a_consent_text(**values: object) -> ConsentText:
    """A draft, unless `valid_from` says otherwise."""
    words = {
        f"{field}_{language}": f"{field} ({language})"
        for field in ConsentText.TRANSLATED
        for language in ("ko", "en", "zh_hans")
    }
    return ConsentText.objects.create(**{"kind": "photo", **words, **values})


def a_consent() -> Consent:
    person = UserFactory()
    text = a_consent_text(valid_from=timezone.now())
    return consents.give(person, text, given=True, by=person)


def a_rule() -> RetentionRule:
    return RetentionRule.objects.create(key="mail.message", purpose_ko="시험", days=30)


def a_ledger_line() -> DestructionLedger:
    return DestructionLedger.objects.create(key="accounts.user", object_id=7, rule="30 days")


def a_hold() -> Hold:
    return Hold.objects.create(
        subject=UserFactory(), ground="audit", reason="2026-17", until=timezone.localdate()
    )


def a_notice() -> RetentionNotice:
    return RetentionNotice.objects.create(
        key="accounts.user", object_id=7, destroy_on=timezone.localdate()
    )


def a_request() -> PrivacyRequest:
    return PrivacyRequest.objects.create(user=UserFactory(), kind="see", text="무엇이 있나요")


# How to make a row of each registered model, and a text field that an editor may change.
RECORDS: dict[type[models.Model], tuple[Callable[[], models.Model | None], str | None]] = {
    AccessRecord: (a_look, None),
    Consent: (a_consent, None),
    ConsentText: (a_consent_text, "heading_ko"),
    DestructionLedger: (a_ledger_line, None),
    Hold: (a_hold, None),
    PrivacyRequest: (a_request, None),
    RetentionNotice: (a_notice, None),
    RetentionRule: (a_rule, None),
    Seal: (a_seal, None),
}
