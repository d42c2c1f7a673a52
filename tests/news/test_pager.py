"""The numbers below a list: dots never stand for a single page."""

from __future__ import annotations

import re

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("number", "total", "shown"),
    [
        (1, 1, ""),
        (1, 2, "1 2"),
        (1, 3, "1 2 3"),
        (1, 4, "1 2 3 4"),
        (1, 5, "1 2 … 5"),
        (3, 5, "1 2 3 4 5"),
        (4, 7, "1 2 3 4 5 6 7"),
        (5, 9, "1 … 4 5 6 … 9"),
        (4, 4, "1 2 3 4"),
        (5, 5, "1 … 4 5"),
        (9, 9, "1 … 8 9"),
    ],
)
def test_dots_stand_for_two_pages_or_more(number: int, total: int, shown: str):
    page = Paginator(range(total), 1).page(number)
    request = RequestFactory().get("/news/", {"page": number})

    drawn = render_to_string("components/pager.html", {"page": page}, request)

    assert " ".join(re.findall(r">(\d+|…)<", drawn)) == shown
