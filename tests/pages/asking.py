"""Asking the office something through the page, as a browser does."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

STAMP = re.compile(r'name="stamp" value="([^"]+)"')


def stamp(client: Client, address: str = "/en/contact/", *, ago: float = 60) -> str:
    """The stamp of a form that was opened so many seconds ago."""
    with time_machine.travel(timezone.now() - timedelta(seconds=ago), tick=False):
        return STAMP.search(client.get(address).content.decode())[1]


def said(client: Client, address: str = "/en/contact/", **values: Any) -> dict[str, Any]:
    """What a browser sends; without an email address unless one is given."""
    form = {"topic": "volunteering", "text": "When is the next call?", "website": ""}
    form |= {"old_enough": "on"}
    return {**form, "stamp": values.pop("stamp", None) or stamp(client, address), **values}


def ask(client: Client, address: str = "/en/contact/", **values: Any) -> HttpResponse:
    return client.post(address, said(client, address, **values))
