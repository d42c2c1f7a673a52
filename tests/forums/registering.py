"""An event with places to which people register, for tests."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from forums.models import Forum, ForumSession, Registration
from forums.registering import acts
from oda_portal.privacy import consent_texts, consents
from oda_portal.privacy.models import Kind
from oda_portal.seats.models import Pool
from tests.factories import ForumFactory, ForumSessionFactory, ProgramFactory
from tests.letters import delivered

DAYS = 30


def open_forum(places: int = 100, *, in_days: int = DAYS, **program: Any) -> Forum:
    """It begins in so many days; registration is open until the day before."""
    first = timezone.localdate() + timedelta(days=in_days)
    dates = {"starts_on": first, "ends_on": first + timedelta(days=1)}
    now = timezone.now()
    return ForumFactory(
        program=ProgramFactory(**{"kind": "forum", "modality": "", **dates, **program}),
        pool=Pool.objects.create(capacity=places),
        registration_opens_at=now - timedelta(days=1),
        registration_closes_at=now + timedelta(days=in_days - 1),
    )


def at_hour(forum: Forum, hour: int = 0) -> datetime:
    """On the first day."""
    assert forum.program.starts_on
    return timezone.make_aware(datetime.combine(forum.program.starts_on, time(hour)))


def session_with(places: int, forum: Forum, *, hour: int = 10, **values: Any) -> ForumSession:
    """On the first day at this hour, for an hour; its pool is younger than the event's."""
    starts = at_hour(forum, hour)
    pool = Pool.objects.create(capacity=places)
    return ForumSessionFactory(
        forum=forum, pool=pool, starts_at=starts, ends_at=starts + timedelta(hours=1), **values
    )


def details(**values: Any) -> acts.Details:
    return acts.Details(**{"name": "김하늘", "language": "ko", **values})


def registered(
    forum: Forum, email: str, *, chosen: list[ForumSession] | None = None, **values: Any
) -> Registration:
    """As by the form: confirmed, or waiting where no place is left."""
    return acts.register(forum, email=email, details=details(**values), chosen=chosen or ())


def agreed(registration: Registration) -> Registration:
    """With the consent that the form asks for; the texts are in force from here on."""
    consent_texts.load(in_force=True)
    (text,) = consents.current_texts([Kind.ATTENDANCE])
    consents.give(registration, text, given=True, by=registration.user)
    return registration


def fresh(registration: Registration) -> Registration:
    """As another request would read it."""
    return Registration.objects.select_related("forum__program", "forum__pool").get(
        pk=registration.pk
    )


# --- by the pages --------------------------------------------------------------------------------

ANSWERS = {
    "name": "김하늘",
    "affiliation": "",
    "size": "1",
    "needs": "",
    "language": "en",
    "consent_attendance": "yes.1",
    "consent_attendance_needs": "no.1",
    "old_enough": "on",
}


def mailed_link(to: str) -> str:
    """The personal link of the newest letter to this address, as a path."""
    letter = [mail for mail in delivered() if mail.to == [to]][-1]
    found = re.search(rf"{re.escape(settings.SITE_URL)}(\S*/mail/\S+)", str(letter.body))
    assert found
    return found[1]


def asking(email: str) -> dict[str, str]:
    return {"email": email, "old_enough": "on"}


def ask_for_link(client: Client, forum: Forum, email: str, *, prefix: str = "") -> str:
    page = client.post(f"{prefix}/forums/{forum.slug}/register/", asking(email))
    assert page.status_code == 200
    return mailed_link(email.lower())
