"""Mails to those who registered, as staff read them before they are sent; nothing is sent here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forums.models import Forum, ForumSession, Registration
from forums.registering import mails
from forums.registering.times import answer_until
from oda_portal.mail.models import Message
from oda_portal.mail.previews import Shown, preview_of
from oda_portal.mail.rendering import Stationery
from oda_portal.seats import waiting
from oda_portal.seats.models import Seat
from oda_portal.seats.rows import seats_of


@dataclass(frozen=True)
class Offer:
    """Who would be offered a place, and the letter."""

    registration: Registration
    shown: Shown


def letter_to(registration: Registration, news: mails.News, stationery: Stationery) -> Shown:
    message = Message(
        kind=news.kind,
        language=registration.language,
        name=registration.name,
        context=news.context,
    )
    return preview_of(message, stationery)


def letters_in(news: Iterable[tuple[str, mails.News]]) -> list[Shown]:
    """One in each language, to nobody by name."""
    stationery = Stationery()
    return [
        preview_of(Message(kind=one.kind, language=code, context=one.context), stationery)
        for code, one in news
    ]


def offers_of(
    owner: Forum | ForumSession, free: int, stationery: Stationery, *, hours: int
) -> list[Offer]:
    """Who would be offered what becomes free, in the order in which they wait."""
    session = owner if isinstance(owner, ForumSession) else None
    forum = owner.forum if isinstance(owner, ForumSession) else owner
    until, found = answer_until(forum, hours, session), []
    if owner.pool is None or until is None:
        return []
    for seat in waiting.waiting_in(owner.pool).select_related("content_type"):
        free -= seat.size
        registration = seat.subject
        if free < 0 or not isinstance(registration, Registration):
            break
        news = mails.offer_of(registration, session, until=until)
        found.append(Offer(registration, letter_to(registration, news, stationery)))
    return found


def offers_after_cancelling(registration: Registration, stationery: Stationery) -> list[Offer]:
    """Who would be offered what this registration gives back, pool after pool."""
    found = []
    taken = (Seat.State.HELD, Seat.State.OFFERED)
    for seat in seats_of(registration).filter(state__in=taken).order_by("pool"):
        pool = seat.pool
        owner = getattr(pool, "forum", None) or getattr(pool, "forum_session", None)
        if owner is not None:
            free = pool.capacity - pool.taken + seat.size
            found += offers_of(owner, free, stationery, hours=pool.offer_hours)
    return found
