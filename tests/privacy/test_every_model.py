"""No personal data without a period: every model is looked at, those of all apps."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.utils import translation

from oda_portal.accounts.models import User
from oda_portal.privacy import registry
from oda_portal.privacy.fields import EncryptedTextField
from oda_portal.privacy.models import RetentionRule
from oda_portal.privacy.retention import load_rules

# Who of the staff wrote a version of a public text.
BY_STAFF = {"history_user"}
PERSONAL_TYPES = (EncryptedTextField, models.EmailField)
PERSONAL_NAMES = {"born_on", "birth_date", "mobile", "telephone", "passport", "name_roman"}


def is_personal(model: type[models.Model]) -> bool:
    for field in model._meta.get_fields():
        if isinstance(field, GenericForeignKey):
            return True
        if not field.concrete or field.name in BY_STAFF:
            continue
        if field.related_model is User and not field.many_to_many:
            return True
        if isinstance(field, PERSONAL_TYPES) or field.name in PERSONAL_NAMES:
            return True
    return False


def goes_with(model: type[models.Model], registered: set[type[models.Model]]) -> bool:
    """Whether the database deletes its rows with a registered one."""
    parents = [
        field.related_model
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.on_delete is models.CASCADE
    ]
    return any(
        parent in registered or (parent is not model and goes_with(parent, registered))
        for parent in parents
    )


def uncovered(
    candidates: list[type[models.Model]], registered: set[type[models.Model]]
) -> list[str]:
    excepted = registry.exceptions()
    return sorted(
        model._meta.label_lower
        for model in candidates
        if is_personal(model)
        and model not in registered
        and model._meta.label_lower not in excepted
        and not goes_with(model, registered - {User})
    )


def test_every_model_with_personal_columns_has_a_period_or_a_reason():
    registered = {entry.model for entry in registry.registered()}

    assert uncovered(apps.get_models(), registered) == []


def test_the_test_above_would_notice():
    models_of_accounts = [User, apps.get_model("mail.Message")]

    assert uncovered(models_of_accounts, set()) == ["accounts.user", "mail.message"]


def test_every_exception_is_about_a_model_that_exists_and_says_why():
    for label, reason in registry.exceptions().items():
        assert apps.get_model(label)
        assert len(reason) > 15


@pytest.mark.django_db
def test_every_kind_has_a_rule_in_three_languages_and_loading_twice_changes_nothing():
    assert load_rules() == len(registry.registered())
    RetentionRule.objects.filter(key="mail.message").update(days=7)

    assert load_rules() == 0

    assert RetentionRule.objects.get(key="mail.message").days == 7
    for rule in RetentionRule.objects.all():
        assert rule.purpose_ko
        assert rule.purpose_en
        assert rule.purpose_zh_hans


def test_a_key_is_registered_once():
    entry = registry.registered()[0]

    with pytest.raises(ValueError, match="twice"):
        registry.register(entry)


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_every_kind_is_named_in_each_language(language):
    with translation.override(language):
        assert all(str(entry.label) and str(entry.purpose) for entry in registry.registered())
