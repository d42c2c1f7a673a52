"""What many do at the same moment happens once."""

from __future__ import annotations

import pytest
from django.db import connection  # noqa: F401  (named in the mark below)

from oda_portal.audit.models import Transition
from oda_portal.care import keeping
from oda_portal.care.models import Finding, Link
from oda_portal.care.registry import cared_of
from tests import factories
from tests.care.samples import a_finding
from tests.privacy.test_at_once import MANY, at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite has one writer and no row locks"
    ),
]


def test_a_finding_is_called_fine_once():
    finding, staff = a_finding(), factories.StaffFactory()

    results = at_once(
        lambda: Finding.objects.get(pk=finding.pk).call_fine(by=staff, reason="It is.")
    )

    assert sorted(results) == [False] * (MANY - 1) + [True]
    assert Transition.objects.filter(to_state="fine").count() == 1


def test_workers_who_look_at_the_same_write_each_finding_once():
    article = factories.ArticleFactory()
    body = f'<p><a href="/no/">a</a> <a href="{article.get_absolute_url()}">b</a></p>'
    pages = [factories.PageFactory(body_ko=body, body_en=body) for _number in range(5)]
    cared = cared_of("pages.page")
    assert cared

    results = at_once(lambda: keeping.look_after(cared, [page.pk for page in pages]))

    assert results == [10] * MANY
    assert Finding.objects.count() == 10
    assert Link.objects.count() == 5
