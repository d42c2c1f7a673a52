"""For tests of other rooms: a record with what is masked in it, shown for a reason."""

from __future__ import annotations

from typing import Any

from django.test import Client


def shown_for_a_reason(client: Client, page: str, reason: str = "확인") -> Any:
    """The page of a record, once its masked data were asked for; `page` ends in “/change/”."""
    asked = client.post(f"{page.removesuffix('change/')}reveal/", {"reason": reason})
    assert asked.status_code == 302
    return client.get(page)
