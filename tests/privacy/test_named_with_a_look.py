"""No page of the back office names a person without a look, whichever page it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client, RequestFactory
from django.urls import reverse

from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition, record_transition
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.models import AccessRecord
from tests import factories
from tests.admin.forms import filled
from tests.admin.test_every_record import RECORDS
from tests.doors import sign_in_staff, with_app

pytestmark = pytest.mark.django_db
NAME, EMAIL = "김시민여", "citizen-somebody@example.org"


@pytest.fixture
def staff(client: Client) -> User:
    factories.OfficeFactory()
    staff = factories.StaffFactory()
    sign_in_staff(client, staff)
    return staff


def rename_citizens() -> None:
    """All citizens bear one name, so that a page that shows it is noticed."""
    for person in User.objects.filter(is_staff=False):
        person.name, person.email = NAME, f"{person.pk}-{EMAIL}"
        person.save()
    volunteers = factories.VolunteerFactory._meta.model
    for volunteer in volunteers.objects.all():
        for field in ("name", "name_roman", "email"):
            if hasattr(volunteer, field):
                setattr(volunteer, field, EMAIL if field == "email" else NAME)
        volunteer.save()


def names(response: Any) -> bool:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return NAME in content.decode() or EMAIL in content.decode()


def check(client: Client, address: str, **form: Any) -> None:
    """Names nobody, or leaves a look that says whom."""
    newest = AccessRecord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    response = client.post(address, form) if form else client.get(address)
    if names(response):
        looks = AccessRecord.objects.filter(pk__gt=newest)
        assert any(look.subjects.exists() for look in looks), (address, form)


@pytest.mark.every_case
@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_a_page_that_names_somebody_leaves_a_look(
    client: Client, staff: User, model: type[models.Model]
):
    record = RECORDS[model][0]()
    rename_citizens()
    site = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    pages = [("changelist", ()), ("add", ())]
    pages += [(page, (record.pk,)) for page in ("change", "delete", "history")]
    for page, args in pages:
        check(client, reverse(f"{site}_{page}", args=args))
    request = RequestFactory().get("/")
    request.user = staff
    for action, _words in admin.site._registry[model].get_action_choices(request)[1:]:
        chosen = {"action": action, "_selected_action": [record.pk]}
        check(client, reverse(f"{site}_changelist"), **chosen)


@pytest.mark.parametrize("page", ["second_step", "password"])
def test_pages_of_an_account_that_only_it_has_leave_a_look(client: Client, staff: User, page: str):
    person = factories.UserFactory(name=NAME, email=EMAIL)
    with_app(person)
    name = "auth_user_password_change" if page == "password" else "accounts_user_second_step"

    response = client.get(reverse(f"admin:{name}", args=[person.pk]))

    assert response.status_code == 200
    subjects = AccessRecord.objects.get().subjects.values_list("label", "object_id")
    assert list(subjects) == [("accounts.user", person.pk)]


def foreign_keys() -> list[Any]:
    return [
        (model._meta.app_label, model._meta.model_name, field.name)
        for model in admin.site._registry
        for field in model._meta.get_fields()
        if field.concrete
        and isinstance(admin.site._registry.get(field.related_model), RecordedLooks)
    ]


@pytest.mark.parametrize("field", foreign_keys(), ids=lambda field: ".".join(field))
def test_no_search_box_completes_a_name(client: Client, staff: User, field: tuple[str, str, str]):
    factories.UserFactory(name=NAME, email=EMAIL)
    query = dict(zip(("app_label", "model_name", "field_name"), field, strict=True))

    response = client.get(reverse("admin:autocomplete"), {**query, "term": ""})

    assert response.status_code in (403, 404)
    assert not names(response)


def test_search_boxes_complete_what_is_nobodys(client: Client, staff: User):
    department = factories.DepartmentFactory(name_ko="국제협력과")
    query = {"app_label": "pages", "model_name": "page", "field_name": "department", "term": ""}

    found = client.get(reverse("admin:autocomplete"), query).json()["results"]

    assert [row["id"] for row in found] == [str(department.pk)]


def test_the_first_page_does_not_name_whose_record_was_changed(client: Client, staff: User):
    person = factories.UserFactory(name=NAME, email=EMAIL)
    page = reverse("admin:accounts_user_change", args=[person.pk])
    client.post(page, filled(client.get(page), preferred_language="en"))
    client.get(reverse("admin:index"))  # what was to be said of the change is said

    response = client.get(reverse("admin:index"))

    assert f"#{person.pk}" in response.content.decode()
    assert not names(response)


# --- the audit trail ---------------------------------------------------------------------------------

TRAIL = "admin:audit_transition_changelist"


def test_the_trail_knows_people_by_number_and_records_who_looked(client: Client, staff: User):
    person = factories.UserFactory(name=NAME, email=EMAIL)
    step = record_transition(person, "second_step", "on", "off", by=person)
    page = record_transition(factories.PageFactory(), "status", "draft", "published", by=staff)

    for address in (reverse(TRAIL), reverse("admin:audit_transition_change", args=[step.pk])):
        response = client.get(address)

        assert not names(response)
        assert reverse("admin:accounts_user_change", args=[person.pk]) in response.content.decode()
        look = AccessRecord.objects.order_by("-pk")[0]
        assert list(look.subjects.values_list("label", "object_id")) == [
            ("accounts.user", person.pk)
        ]
    assert str(page.subject) in client.get(reverse(TRAIL)).content.decode()


@pytest.mark.parametrize("word", [NAME, EMAIL])
def test_the_trail_cannot_be_searched_for_a_person(client: Client, staff: User, word: str):
    person = factories.UserFactory(name=NAME, email=EMAIL)
    record_transition(person, "second_step", "on", "off", by=person)

    changes = client.get(reverse(TRAIL), {"q": word}).context["cl"].queryset

    assert not changes.exists()


def test_the_trail_can_be_read_by_member_of_staff(client: Client, staff: User):
    other = factories.StaffFactory()
    subject = factories.PageFactory()
    record_transition(subject, "status", "draft", "published", by=staff)
    record_transition(subject, "status", "published", "draft", by=other)

    rows = client.get(reverse(TRAIL), {"by": staff.pk}).context["cl"].queryset

    assert [row.by for row in rows] == [staff]
    assert Transition.objects.count() == 2
