"""Destroyed people do not come back with a backup, with everything they had, files included."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.utils import timezone

from news.models import Subscription
from news.subscribing.actions import end
from oda_portal.accounts.models import User
from oda_portal.mail.models import Message
from oda_portal.pages.models import Inquiry
from oda_portal.privacy import consents
from oda_portal.privacy.closing import close_account
from oda_portal.privacy.models import Consent, DestructionLedger, Kind
from tests.consents import texts_in_force
from tests.factories import InquiryFactory, UserFactory
from tests.news.subscribers import subscriber
from tests.privacy.everything import NEEDLES, everything
from tests.privacy.searching import found_behind_ciphers, found_in_files, found_in_tables
from volunteers.models import Application

pytestmark = pytest.mark.django_db
STORES = ("MEDIA_ROOT", "PRIVATE_ROOT")


@contextmanager
def restored_afterwards(tmp_path: Path) -> Iterator[None]:
    """Every row that goes or changes meanwhile is again as it was, and every file."""
    kept = {model: written(model) for model in kept_models()}
    for store in STORES:
        Path(getattr(settings, store)).mkdir(parents=True, exist_ok=True)
        shutil.copytree(getattr(settings, store), tmp_path / "backup" / store, dirs_exist_ok=True)
    yield
    for model, rows in kept.items():
        now = written(model)
        lost = [row for pk, row in rows.items() if row != now.get(pk)]
        for row in serializers.deserialize("python", lost):
            if model is not Consent or row.object.pk not in now:  # nobody may change one
                row.save()
    for store in STORES:
        shutil.copytree(tmp_path / "backup" / store, getattr(settings, store), dirs_exist_ok=True)


def kept_models() -> list[type[models.Model]]:
    """Parents first, as far as they are in an order at all."""
    return [model for model in apps.get_models() if model is not DestructionLedger]


def written(model: type[models.Model]) -> dict[Any, dict[str, Any]]:
    rows = model._base_manager.order_by("pk")
    return {row["pk"]: row for row in serializers.serialize("python", rows)}


def found() -> set[str]:
    return found_in_tables(NEEDLES) | found_behind_ciphers(NEEDLES) | found_in_files(NEEDLES)


def forget_farewell() -> None:
    Message.objects.filter(kind="account_closed").delete()


@pytest.mark.thorough
def test_a_person_with_everything_is_destroyed_again_after_a_restore(
    client: Client, tmp_path: Path, django_capture_on_commit_callbacks
):
    user = everything(client)
    with restored_afterwards(tmp_path):
        with django_capture_on_commit_callbacks(execute=True):
            close_account(user)
        forget_farewell()
        assert found() == set()
    # The backup knows nothing of the destruction; the file beside it does.
    DestructionLedger.objects.all().delete()
    back = {line.rsplit(": ", 1)[1] for line in found()}
    assert back == set(NEEDLES)

    call_command("destroy_again")

    assert found() == set()
    assert not User.objects.filter(pk=user.pk).exists()
    assert not Application.objects.exists()
    assert DestructionLedger.objects.filter(key="accounts.user", object_id=user.pk).exists()


def test_a_consent_that_was_taken_back_is_taken_back_again(
    tmp_path: Path, django_capture_on_commit_callbacks
):
    texts_in_force()
    subscription, (text,) = subscriber(), consents.current_texts([Kind.SUBSCRIPTION])
    consents.give(subscription, text, given=True, by=None)
    with restored_afterwards(tmp_path), django_capture_on_commit_callbacks(execute=True):
        assert end(subscription, by=None)
    DestructionLedger.objects.all().delete()
    # The backup has no row of what came later.
    Consent.objects.filter(given=False).delete()
    assert Subscription.objects.active().exists()

    call_command("destroy_again")

    assert not Subscription.objects.active().exists()
    assert not consents.has_given(subscription, Kind.SUBSCRIPTION)


def test_a_consent_that_was_given_again_stays_given(django_capture_on_commit_callbacks):
    texts_in_force()
    subscription, (text,) = subscriber(), consents.current_texts([Kind.NEWS_PROMOTION])
    with django_capture_on_commit_callbacks(execute=True):
        consents.give(subscription, text, given=True, by=None)
        consents.withdraw(subscription, Kind.NEWS_PROMOTION, by=None)
        consents.give(subscription, text, given=True, by=None)

    call_command("destroy_again")

    assert consents.has_given(subscription, Kind.NEWS_PROMOTION)


def test_who_comes_after_the_restore_under_the_same_numbers_stays(
    client: Client, django_capture_on_commit_callbacks
):
    user = everything(client)
    asked = Inquiry.objects.get(email=user.email)
    with django_capture_on_commit_callbacks(execute=True):
        close_account(user)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        new = UserFactory(pk=user.pk, email="new@example.org")
        question = InquiryFactory(pk=asked.pk, email="new@example.org")

        call_command("destroy_again")
        call_command("destroy_again")

    assert User.objects.get(pk=user.pk) == new
    assert Inquiry.objects.get(pk=asked.pk) == question
