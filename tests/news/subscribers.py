"""Subscribers as tests ask for them, and what a reader types and clicks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from news.models import Article, Subscription
from news.models.subscriptions import CONSENT_LASTS, State
from oda_portal.mail.models import Message
from oda_portal.publishing.models import Status
from tests.consents import texts_in_force
from tests.factories import ArticleFactory
from tests.letters import delivered

FORM = "/en/news/subscribe/"
ASKED = {
    "email": "reader@example.org",
    "pace": "weekly",
    "language": "en",
    "old_enough": "on",
    "consent_subscription": "yes.1",
    "consent_news_promotion": "no.1",
}
_numbers = count(1)
# A Tuesday at noon in Korea, and the Monday after it at nine and a minute.
TUESDAY = datetime(2026, 11, 17, 3, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 0, 1, tzinfo=UTC)


def subscriber(
    email: str = "",
    *,
    countries: Iterable[Any] = (),
    themes: Iterable[Any] = (),
    programs: Iterable[Any] = (),
    **fields: Any,
) -> Subscription:
    """Active since two weeks ago, when everything was told; weekly unless said otherwise."""
    since = timezone.now() - timedelta(days=14)
    values = {
        "language": "en", "state": State.ACTIVE, "asked_at": since, "confirmed_at": since,
        "covered_until": since, "reconfirm_by": since + CONSENT_LASTS, **fields,
    }  # fmt: skip
    row = Subscription.objects.create(
        email=email or f"reader{next(_numbers)}@example.org", **values
    )
    row.countries.set(countries)
    row.themes.set(themes)
    row.programs.set(programs)
    return row


def publish(**fields: Any) -> Article:
    """Written and published this minute, as an editor does."""
    article = ArticleFactory(status=Status.DRAFT, registered_at=timezone.now(), **fields)
    article.publish(by=None)
    return article


def ask(client: Client, **answers: Any) -> Any:
    """The form, filled in and sent."""
    texts_in_force()
    return client.post(FORM, {**ASKED, **answers})


def links_in(letter: EmailMultiAlternatives) -> list[str]:
    """Paths of the addresses in a mail, in their order."""
    return re.findall(r"https?://[^/\s]+(/\S*)", str(letter.body))


def mailed_link(kind: str) -> str:
    """The personal address in the newest mail of this kind; sends what is due first."""
    letters = delivered()
    message = Message.objects.filter(kind=kind).latest("pk")
    sent = [letter for letter in letters if str(message.message_id) in str(letter.extra_headers)]
    return next(path for path in links_in(sent[-1]) if "/mail/" in path)


def told() -> list[tuple[str, str]]:
    """Who was sent what: address and subject of every mail so far."""
    delivered()
    return sorted((letter.to[0], str(letter.subject)) for letter in mail.outbox)
