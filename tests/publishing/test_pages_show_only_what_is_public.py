"""What is not public appears nowhere: one walk over all addresses, one row of each kind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.opendata.lists import FORMATS
from oda_portal.opendata.registry import datasets
from oda_portal.publishing.changes import publishable_models
from oda_portal.publishing.models import Publishable, Status
from partners.models import City
from tests.factories import (
    AgreementFactory,
    ArticleFactory,
    BannerFactory,
    CallFactory,
    CityFactory,
    DeploymentReportFactory,
    FaqFactory,
    NetworkMeetingFactory,
    OfficeFactory,
    OrganisationFactory,
    PageFactory,
    PartnerActivityFactory,
    ProgramFactory,
    RoleFactory,
    ServiceFactory,
    StoryFactory,
)

from .addresses import public_names

pytestmark = pytest.mark.django_db

FACTORIES = {
    "news.Article": ArticleFactory,
    "programs.Program": ProgramFactory,
    "partners.City": CityFactory,
    "partners.Organisation": OrganisationFactory,
    "partners.Agreement": AgreementFactory,
    "partners.NetworkMeeting": NetworkMeetingFactory,
    "partners.PartnerActivity": PartnerActivityFactory,
    "pages.Banner": BannerFactory,
    "pages.Faq": FaqFactory,
    "pages.Service": ServiceFactory,
    "pages.Page": PageFactory,
    "volunteers.Call": CallFactory,
    "volunteers.DeploymentReport": DeploymentReportFactory,
    "volunteers.Story": StoryFactory,
}


def secret(label: str, state: str = "public") -> str:
    """What the texts of the one row of this model in this state begin with."""
    return f"secret-{label.lower()}-{state}-"


def hidden() -> dict[str, dict]:
    now = timezone.now()
    return {
        "draft": {"status": Status.DRAFT},
        "withdrawn": {"status": Status.WITHDRAWN},
        "future": {"publish_at": now + timedelta(hours=1)},
        "expired": {"expire_at": now - timedelta(hours=1)},
    }


def public_addresses() -> set[str]:
    """Every address without a key, every file of data, and that of every row, public or not."""
    rows = [row for model in publishable_models() for row in model.objects.all()]
    addresses = {row.get_absolute_url() for row in rows if hasattr(row, "get_absolute_url")}
    addresses |= {f"{row.get_absolute_url()}map.svg" for row in City.objects.all()}
    files = {
        f"{reverse('opendata:dataset_detail', args=[found.name])}?format={form}&lang=all"
        for found in datasets()
        for form in FORMATS
    }
    return addresses | files | {reverse(name) for name in public_names()}


def test_every_publishable_model_has_a_factory():
    assert {model._meta.label for model in publishable_models()} == set(FACTORIES)


def make(label: str, state: str = "public", **fields) -> Publishable:
    """One row that links to everything a page could show it by, with a name to look for."""
    row = FACTORIES[label](**fields)
    for field in row._meta.get_fields():
        translated = field.concrete and field.name.endswith(("_ko", "_en", "_zh_hans"))
        if translated and getattr(row, field.name):
            setattr(row, field.name, f"{secret(label, state)} {field.name}")
    if label == "pages.Page":
        row.placement = "footer"
    row.save()
    return row


def test_walk_finds_every_row_that_is_public(client: Client):
    OfficeFactory()
    link_up([make(label) for label in FACTORIES])

    pages = [read(client, url) for url in public_addresses()]

    for label in FACTORIES:
        seen = [page for page in pages if secret(label) in page]
        assert seen, f"{label} is shown nowhere: the other test proves nothing"


@pytest.mark.sqlite_too
@pytest.mark.parametrize("language", ["", "/en", "/zh-hans"])
def test_walk_finds_nothing_of_what_is_not_public(client: Client, language: str):
    OfficeFactory()
    rows = {
        secret(label, state): make(label, state, **fields)
        for state, fields in hidden().items()
        for label in FACTORIES
    }
    link_up(list(rows.values()))

    for url in public_addresses():
        text = read(client, language + url)
        for name, row in rows.items():
            assert name not in text, language + url
            own = row.get_absolute_url() if hasattr(row, "get_absolute_url") else url
            assert url == own or own not in text, f"{language}{url} links to {own} ({name})"


def link_up(rows: list[Publishable]) -> None:
    """Published neighbours that would show each row, were it public."""
    neighbours = {
        "programs.Program": ProgramFactory(kind="volunteer"),
        "partners.City": CityFactory(),
        "partners.Organisation": OrganisationFactory(),
        "partners.Agreement": AgreementFactory(),
        "news.Article": ArticleFactory(),
    }
    for row in rows:
        # The row takes the place of its kind.
        beside = {**neighbours, row._meta.label: row}
        program, city = beside["programs.Program"], beside["partners.City"]
        agreement, body = beside["partners.Agreement"], beside["partners.Organisation"]
        program.cities.add(city)
        article = beside["news.Article"]
        article.programs.add(program)
        article.cities.add(city)
        article.organisations.add(body)
        agreement.parties.add(body)
        agreement.cities.add(city)
        if not program.roles.filter(organisation=body).exists():
            RoleFactory(program=program, organisation=body)


def read(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code < 500, url
    return response.getvalue().decode() if response.status_code == 200 else ""
