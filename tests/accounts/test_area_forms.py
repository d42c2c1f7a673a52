"""Whose work is limited puts no record of another kind into a form, whatever key is posted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import models
from django.test import Client, RequestFactory
from django.urls import reverse

from forums.models import Forum, ForumSession, Registration, Submission
from oda_portal.accounts.areas import is_led, limit
from oda_portal.accounts.models import User
from programs.models import Identifier, Indicator, Program
from programs.models.program import Kind
from tests import factories
from tests.admin.forms import filled
from tests.admin.test_every_record import RECORDS
from tests.doors import sign_in_staff
from volunteers.models import Opening

pytestmark = pytest.mark.django_db

# Which records forms name, and how one of another kind is made.
NAMED: dict[type[models.Model], Any] = {
    Program: lambda: factories.ProgramFactory(kind=Kind.SISTER_VILLAGE),
    Forum: factories.ForumFactory,
    ForumSession: factories.ForumSessionFactory,
    Indicator: lambda: factories.IndicatorFactory(program=NAMED[Program]()),
}


@pytest.fixture
def limited() -> User:
    """May do everything, with training alone."""
    user = factories.StaffFactory(is_superuser=False)
    user.user_permissions.set(Permission.objects.all())
    limit(user, [Kind.TRAINING], by=user)
    return user


def choices(user: User) -> Iterator[tuple[str, Any]]:
    """Each field of a form of the back office that names a record of some kind of programme."""
    request = RequestFactory().get("/")
    request.user = user
    for owner in admin.site._registry.values():
        if not owner.has_add_permission(request) and not owner.has_change_permission(request):
            continue
        found: list[Any] = [(owner, owner.get_form(request))]
        found += [
            (one, one.get_formset(request).form) for one in owner.get_inline_instances(request)
        ]
        for part, form in found:
            for name, field in form.base_fields.items():
                if hasattr(field, "queryset") and is_led(field.queryset.model):
                    yield f"{type(part).__name__}.{name}", field


def test_no_form_takes_a_record_of_another_kind(limited: User):
    other = {model: make() for model, make in NAMED.items()}
    found = dict(choices(limited))

    assert set(found) >= {
        "ArticleAdmin.programs", "ForumAdmin.like", "MaterialInline.session",
        "OpeningInline.program",
    }  # fmt: skip
    for name, field in found.items():
        key = other[field.queryset.model].pk
        assert not takes(field, key), name


def takes(field: Any, key: int) -> bool:
    try:
        field.clean([key] if isinstance(field, forms.ModelMultipleChoiceField) else key)
    except forms.ValidationError:
        return False
    return True


def opening_form(client: Client, opening: Opening, program: Program) -> tuple[str, dict]:
    page = reverse("admin:volunteers_call_change", args=[opening.call_id])
    form = filled(client.get(page))
    return page, {**form, "openings-0-program": str(program.pk)}


def test_a_posted_key_of_another_kind_is_refused(client: Client, limited: User):
    factories.OfficeFactory()
    sign_in_staff(client, limited)
    other = factories.ProgramFactory(kind=Kind.SISTER_VILLAGE)
    named, own = (factories.ProgramFactory(kind=Kind.TRAINING) for _number in range(2))
    opening = factories.OpeningFactory(program=named)

    answers = [
        client.post(*opening_form(client, opening, program)).status_code for program in (other, own)
    ]

    assert answers == [200, 302]
    opening.refresh_from_db()
    assert opening.program == own


@pytest.mark.parametrize("model", [Submission, Registration, Identifier])
def test_what_hangs_on_another_kind_is_not_there(
    client: Client, limited: User, model: type[models.Model]
):
    factories.OfficeFactory()
    row = RECORDS[model][0]()
    options = model._meta
    pages = f"admin:{options.app_label}_{options.model_name}"
    found = []

    for kinds in ([Kind.VOLUNTEER], []):
        limit(limited, kinds, by=limited)
        sign_in_staff(client, limited)
        listed = client.get(reverse(f"{pages}_changelist")).context["cl"].queryset.count()
        answer = client.get(reverse(f"{pages}_change", args=[row.pk]))
        found.append((listed, answer.status_code))

    assert found == [(0, 404), (1, 200)]
