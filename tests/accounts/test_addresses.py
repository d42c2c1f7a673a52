"""Finding an account by its address, however it is written."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oda_portal.accounts.models import User
from tests import factories
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor == "sqlite", reason="compares without an index")
def test_the_database_has_an_index_for_it():
    rows = User.objects.filter(email__iexact="Minji@Example.org")

    with connection.cursor() as cursor:
        # Of few rows it would read all.
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = rows.order_by().explain()

    assert "user_email_any_case" in plan


def test_a_whole_address_is_looked_up_and_not_searched_for(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    found = factories.UserFactory(email="minji@example.org", name="김민지")
    factories.UserFactory(email="other@example.org", name="minji@example.org")

    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("admin:accounts_user_changelist"), {"q": "Minji@Example.org"})

    assert list(page.context["cl"].queryset) == [found]
    rows = [each["sql"] for each in asked if 'FROM "accounts_user"' in each["sql"]]
    assert not any(
        "Minji@Example.org" in sql and '"name"' in sql.split("WHERE")[-1] for sql in rows
    )
