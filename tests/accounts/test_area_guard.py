"""Every page of the back office about one record: whoever works on other kinds finds none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from oda_portal.accounts.areas import led, limit
from oda_portal.accounts.roles import set_up_roles
from programs.models import Identifier
from tests import factories
from tests.doors import sign_in_staff
from tests.volunteers.leading import application_of, opening_of

pytestmark = pytest.mark.django_db

# How a record of a kind of programme is made, by its model; one for each model that leads to one.
MADE: dict[str, Callable[[str], Any]] = {
    "programs.Program": lambda kind: factories.ProgramFactory(kind=kind),
    "programs.Run": lambda kind: factories.RunFactory(program__kind=kind),
    "programs.Indicator": lambda kind: factories.IndicatorFactory(program__kind=kind),
    "programs.MonitoringVisit": lambda kind: factories.MonitoringVisitFactory(program__kind=kind),
    "programs.Identifier": lambda kind: Identifier.objects.create(
        program=factories.ProgramFactory(kind=kind), value=f"XM-{kind}"
    ),
    "volunteers.DeploymentReport": lambda kind: factories.DeploymentReportFactory(
        program__kind=kind
    ),
    "volunteers.Call": lambda kind: opening_of(kind).call,
    "volunteers.Application": lambda kind: application_of(kind),
    "volunteers.Volunteer": lambda kind: application_of(kind).volunteer,
    "volunteers.InterviewSlot": lambda kind: factories.InterviewSlotFactory(
        call=opening_of(kind).call
    ),
    "volunteers.Story": lambda kind: factories.StoryFactory(application=application_of(kind)),
    "forums.Forum": lambda kind: factories.ForumFactory(program__kind=kind),
    "forums.ForumSession": lambda kind: factories.ForumSessionFactory(forum__program__kind=kind),
    "forums.Registration": lambda kind: factories.RegistrationFactory(forum__program__kind=kind),
    "forums.Submission": lambda kind: factories.SubmissionFactory(
        forum__program__kind=kind, state="submitted", sent_at=timezone.now()
    ),
}
# Django's own way from a bare number to the record's page: it looks at nothing.
LEADS_ON = "<path:object_id>/"


def pages_of(row: Model) -> Iterator[str]:
    """The addresses of all pages that name the record, or what it belongs to, by its number."""
    values = {
        "object_id": row.pk, "pk": row.pk, "forum_id": getattr(row, "forum_id", row.pk),
        "language": "en", "aspect": "budget", "moment": 1,
    }  # fmt: skip
    for pattern in admin.site._registry[type(row)].get_urls():
        asked = pattern.pattern.converters
        if not isinstance(pattern, URLPattern) or not asked or str(pattern.pattern) == LEADS_ON:
            continue
        if set(asked) <= set(values):
            yield reverse(f"admin:{pattern.name}", kwargs={name: values[name] for name in asked})


@pytest.fixture
def keeper(client: Client) -> None:
    """With every role, for training alone; signed in."""
    factories.OfficeFactory()
    set_up_roles()
    keeper = factories.StaffFactory(is_superuser=False)
    keeper.groups.set(Group.objects.all())
    limit(keeper, ["training"], by=factories.StaffFactory())
    sign_in_staff(client, keeper)


def test_all_that_leads_to_a_programme_is_made_here():
    registered = {model._meta.label for model in led() if model in admin.site._registry}

    assert registered == set(MADE)


@pytest.mark.every_case
@pytest.mark.parametrize("name", MADE)
def test_of_other_kinds_no_page_of_a_record_is_there(client: Client, keeper: None, name: str):
    own, other = MADE[name]("training"), MADE[name]("forum")
    pages = list(pages_of(other))
    assert len(pages) >= 3

    found = {page: [client.get(page).status_code, client.post(page).status_code] for page in pages}

    assert {page: codes for page, codes in found.items() if set(codes) - {403, 404, 405}} == {}
    change = f"admin:{own._meta.app_label}_{own._meta.model_name}_change"
    assert client.get(reverse(change, args=[own.pk])).status_code == 200
