"""Where the addresses of this app lead. Editions are part of the record: nothing in them ages."""

from __future__ import annotations

from oda_portal.care import links

from .models import Forum, ForumSession


def register_all() -> None:
    for name in ("forum_detail", "programme", "programme_calendar", "paper_call", "register"):
        links.leads_to(f"forums:{name}", Forum, slug="slug")
    links.leads_to("forums:session_detail", ForumSession, slug="forum__slug", pk="pk")
