"""A day that is not known is told nowhere: only its month is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from news.search import _attachment
from news.subscribing.wording import kind_line
from oda_portal.publishing.models import Precision
from programs.models import Document
from programs.search import _document
from tests.factories import ArticleFactory, ProgramFactory
from tests.news.writing import attach

pytestmark = pytest.mark.django_db

JUNE = datetime(2023, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "words"), [("ko", "2023. 6."), ("en", "June 2023"), ("zh-hans", "2023年6月")]
)
def test_a_mail_names_the_month_alone(language: str, words: str):
    article = ArticleFactory(registered_at=JUNE, registered_precision="month")

    with translation.override(language):
        assert kind_line(article).endswith(f" · {words}")


def test_the_search_knows_no_day_of_an_attachment_either():
    article = ArticleFactory(registered_at=JUNE, registered_precision="month")

    assert _attachment(attach(article, "pdf"), "en").precision == Precision.MONTH


def test_a_document_is_of_its_day_in_korea():
    document = Document(program=ProgramFactory(), title_en="Report")
    document.added_at = datetime(2024, 12, 31, 20, tzinfo=UTC)

    found = _document(document, "en")

    assert (str(found.date), found.years) == ("2025-01-01", [2025])
