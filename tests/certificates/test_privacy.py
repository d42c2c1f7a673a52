"""After its time a certificate is a number and a state, and nothing of anybody’s."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.certificates import actions
from oda_portal.certificates.models import Batch, Certificate
from oda_portal.mail.models import Message
from oda_portal.privacy import registry
from oda_portal.privacy.closing import close_account
from oda_portal.privacy.destruction import destroy_again
from oda_portal.privacy.retention import destroy_due
from tests.certificates.samples import KIND, NAMES, SUBJECT, a_certificate, a_holder, a_kind
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db
TEN_YEARS = timedelta(days=3651)


def words_left(certificate: Certificate) -> list[str]:
    """What still stands of somebody in the row, wherever."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM certificates_certificate WHERE id = %s", [certificate.pk])
        row = " ".join(str(value) for value in cursor.fetchone())
    return [word for word in (*NAMES.values(), *SUBJECT.values(), "비밀 사유") if word in row]


def aged(certificate: Certificate) -> Certificate:
    then = timezone.now() - TEN_YEARS
    Certificate.objects.filter(pk=certificate.pk).update(issued_at=then)
    return Certificate.objects.get(pk=certificate.pk)


def told_and_destroyed() -> None:
    """Its holder is told, and a month later it goes."""
    destroy_due()
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        destroy_due()


def test_after_its_time_number_and_state_are_left(client: Client):
    valid, revoked, young = a_certificate(), a_certificate(), a_certificate()
    actions.revoke(revoked, by=StaffFactory(), reason="비밀 사유")
    aged(valid)
    aged(revoked)
    assert words_left(valid)

    told_and_destroyed()

    assert words_left(valid) == words_left(revoked) == []
    assert words_left(young)
    rows = {row.pk: row for row in Certificate.objects.all()}
    assert rows[valid.pk].state == Certificate.State.VALID
    assert rows[revoked.pk].state == Certificate.State.REVOKED
    assert rows[valid.pk].user is None
    assert rows[valid.pk].object_id is None
    response = client.get(f"/certificates/{valid.code}/")
    assert response.status_code == 200
    assert "김" not in response.content.decode().split("<dl")[1].split("</dl")[0]
    assert not Message.objects.filter(about_id=valid.pk).exists()


def test_twice_changes_nothing_and_a_restored_backup_loses_the_words_again():
    certificate = aged(a_certificate())
    before = Certificate.objects.filter(pk=certificate.pk).values().get()
    told_and_destroyed()
    told_and_destroyed()
    Certificate.objects.filter(pk=certificate.pk).update(**before)  # from a backup
    assert words_left(certificate)

    destroy_again()

    assert words_left(certificate) == []


def test_closing_an_account_leaves_the_number_to_check():
    holder = a_holder()
    certificate = a_certificate(holder)

    close_account(holder)

    assert not User.objects.filter(pk=holder.pk).exists()
    assert words_left(certificate) == []
    assert Certificate.objects.get().state == Certificate.State.VALID


def test_what_lost_its_words_cannot_be_downloaded_or_reissued(client: Client):
    holder = a_holder()
    certificate = a_certificate(holder)
    aged(certificate)
    told_and_destroyed()
    certificate = Certificate.objects.get()

    with a_kind(), pytest.raises(actions.NotYetError):
        actions.reissue(certificate, by=StaffFactory(), reason="x")
    client.force_login(holder)
    assert client.get(f"/certificates/{certificate.code}/pdf/").status_code == 404


def test_a_person_gets_what_their_certificates_say():
    certificate = a_certificate()
    other = a_certificate()
    entry = registry.entry_of("certificates.certificate")

    [given] = entry.export(certificate.user)

    assert given["number"] == certificate.code != other.code
    assert given["names"]["hangul"] == "김철수"
    assert given["says"]["ko"]["subject"] == SUBJECT["ko"]


def test_batches_go_after_a_year():
    with a_kind():
        old, young = (
            actions.start_batch(KIND, [a_holder()], by=StaffFactory()) for _turn in range(2)
        )
    long_ago = timezone.now() - timedelta(days=366)
    Batch.objects.filter(pk=old.pk).update(worked_at=long_ago, finished_at=long_ago)

    destroy_due()

    assert list(Batch.objects.all()) == [young]
