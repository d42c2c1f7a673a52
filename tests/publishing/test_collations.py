"""Names stand in the order of the reader's language, on PostgreSQL and on SQLite alike."""

from __future__ import annotations

import pytest
from django.utils import translation

from oda_portal.publishing.listing import choices_of
from partners.models import Organisation
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db

ORDERS = {
    "ko": ["1호 재단", "가나", "국제", "국제원", "부산", "후쿠오카", "BEXCO", "é", "KOICA", "kotra"],
    "en": ["1st", "ABC", "abd", "Éa", "eb", "Yangon", "Zoo", "가나"],
    # Common and rare characters alike: 泗 sì, 斐 fěi, 埃 āi; Chongqing under C, not under Z.
    "zh-hans": ["1号", "埃及", "成都", "重庆", "斐济", "釜山", "上海", "泗水", "乌兰巴托", "仰光", "中国", "ABC"],
}  # fmt: skip


@pytest.mark.parametrize("language", ORDERS)
def test_lists_and_choices_are_in_the_order_of_the_language(language: str):
    column = f"name_{language.replace('-', '_')}"
    for name in sorted(ORDERS[language], key=lambda name: name[::-1]):
        OrganisationFactory(**{column: name})

    with translation.override(language):
        listed = Organisation.objects.order_by_text("name")
        chosen = choices_of(Organisation.objects.all(), "slug")

        assert [row.name for row in listed] == ORDERS[language]
        assert [label for _slug, label in chosen] == ORDERS[language]


def test_choices_name_a_row_once_however_often_it_was_found():
    organisation = OrganisationFactory()
    same = Organisation.objects.filter(pk=organisation.pk)

    assert len(choices_of(same | same, "slug")) == 1
