"""The button in the back office that has the IATI files published."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from oda_portal.audit.models import Transition
from programs.models import PublisherBudget
from programs.reporting import progress
from programs.reporting.publishing import Kind, publish, serving
from programs.reporting.tasks import publish_iati
from tests.doors import sign_in_staff
from tests.factories import StaffFactory

from .reporting import name_publisher, reported_program

ADDRESS = "/en/admin/programs/publication/publish/"

pytestmark = pytest.mark.django_db


def signed_in(client: Client, role: str = "editor"):  # type: ignore[no-untyped-def]
    user = StaffFactory(is_superuser=False)
    user.groups.add(Group.objects.get(name=role))
    sign_in_staff(client, user)
    return user


def test_the_list_leads_to_the_page(client):
    signed_in(client)
    page = client.get(reverse("admin:programs_publication_changelist")).content.decode()
    assert 'href="/admin/programs/publication/publish/"' in page


@pytest.mark.parametrize(
    ("role", "may"), [("editor", True), ("reviewer", False), ("translator_en", False)]
)
def test_who_may_publish(client, role, may):
    signed_in(client, role)
    assert (client.get(ADDRESS).status_code == 200) is may
    assert (client.post(ADDRESS).status_code == 302) is may
    assert progress.waiting() is may


def test_the_button_has_the_worker_publish_and_says_who_pressed(
    client, django_capture_on_commit_callbacks
):
    user = signed_in(client)
    name_publisher()
    reported_program()
    with django_capture_on_commit_callbacks() as calls:
        client.post(ADDRESS)
        client.post(ADDRESS)
    assert len(calls) == 1
    assert "It begins as soon as the worker is free." in client.get(ADDRESS).content.decode()
    publish_iati(user.pk)
    assert Transition.objects.filter(to_state="published", by=user).count() == 2
    page = client.get(ADDRESS).content.decode()
    assert "1 activity is in it." in page
    assert "worker is free" not in page


def test_looking_publishes_nothing(client):
    signed_in(client)
    name_publisher()
    reported_program()
    client.get(ADDRESS)
    assert not progress.waiting()
    assert serving(Kind.ACTIVITIES) is None


def test_it_says_how_far_the_worker_is(client):
    signed_in(client)
    progress.begin()
    progress.tell(400)
    assert "400 programmes looked at" in client.get(ADDRESS).content.decode()


def test_it_says_what_the_checker_found(client):
    signed_in(client)
    PublisherBudget.objects.create(
        publisher=name_publisher(),
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 12, 31),
        amount=1,
    )
    publish(by=None)
    page = client.get(ADDRESS).content.decode()
    assert "7.5.3" in page
    assert "Budget Period must not be longer than one year" in page


def test_it_says_why_nothing_can_be_published(client):
    signed_in(client)
    page = client.get(ADDRESS).content.decode()
    assert "No publisher has been set. Enter the publisher first." in page
