"""One function for each mail to speakers; the only callers of the outbox in this package."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from oda_portal.mail import kinds, outbox
from oda_portal.mail.models import Message
from oda_portal.pages.limits import mailbox, may_be_done
from oda_portal.publishing.texts import day, text_in

from ..models import Forum, Submission
from ..models.submissions import State
from . import links, wording

GROUP = gettext_lazy("Papers of a forum")
EVENT, TITLE = gettext_lazy("the event’s title"), gettext_lazy("the title of the paper")
HOURS = gettext_lazy("for how many hours the link works")
SAMPLE: dict[str, kinds.Words] = {
    "event": gettext_lazy("Busan ODA Forum"),
    "title": gettext_lazy("Water for a village: what three years taught us"),
    "code": "K7QMF4XWP2",
    "date": "2026. 12. 4.",
    "hours": "72",
    "sentence": gettext_lazy("Your paper has been accepted. Please tell us that you will speak."),
}
BEGIN, LINK = "paper_begin", "paper_link"
RECEIVED, RESULT, WITHDRAWN = "paper_received", "paper_result", "paper_withdrawn"
# Links that somebody asked for at the screen just now: they prove the address.
ASKED_FOR = (BEGIN, LINK)
# The states in which a notice is the newest one: nobody is written to when they confirm.
TOLD: dict[str, tuple[State, ...]] = {
    RECEIVED: (State.SUBMITTED,),
    RESULT: (State.ACCEPTED, State.CONFIRMED, State.DECLINED),
    WITHDRAWN: (State.WITHDRAWN,),
}
# For as long as a speaker may want to hand in slides or put their name right.
OWN_LIFETIME = timedelta(days=180)
BEGIN_LIFETIME = timedelta(days=3)
LINKS_A_DAY = 5
DESTROYED_AFTER = timedelta(days=30)
AN_HOUR, A_DAY = 3600, 86400


def register() -> None:
    """Make the mails of this package known to the outbox."""
    begin = {"event": EVENT, "hours": HOURS}
    _register(BEGIN, gettext_lazy("Link to begin a paper"), begin, BEGIN_LIFETIME, urgent=True)
    own = {"hours": HOURS}
    _register(LINK, gettext_lazy("Link to one’s own papers"), own, BEGIN_LIFETIME, urgent=True)
    code = gettext_lazy("the receipt number")
    received = {"event": EVENT, "title": TITLE, "code": code}
    _register(RECEIVED, gettext_lazy("Paper received"), received, OWN_LIFETIME)
    stands = gettext_lazy("what the office decided")
    result = {"event": EVENT, "title": TITLE, "sentence": stands}
    _register(RESULT, gettext_lazy("Result of a paper"), result, OWN_LIFETIME)
    gone = {"event": EVENT, "title": TITLE, "date": gettext_lazy("the day")}
    _register(WITHDRAWN, gettext_lazy("Paper withdrawn"), gone, OWN_LIFETIME)


def _register(
    name: str, label: Any, placeholders: Mapping[str, kinds.Words], lifetime: timedelta,
    *, urgent: bool = False,
) -> None:  # fmt: skip
    """Whoever follows these links needs no account."""
    kinds.register(
        kinds.Kind(
            name=name,
            label=label,
            group=GROUP,
            placeholders=placeholders,
            sample={key: SAMPLE[key] for key in placeholders},
            personal=True,
            lifetime=lifetime,
            opens=links.open_papers,
            renew="forums:paper_list",
            urgent=urgent,
        )
    )


# --- links that somebody asks for ---------------------------------------------------------------


def begin(forum: Forum, *, email: str, language: str) -> Message | None:
    with translation.override(language):
        context = {"event": _title(forum), "hours": _hours()}
    return _link(BEGIN, email, language, context, about=forum)


def own_papers(*, email: str, language: str) -> Message | None:
    """To an address that has papers; who asks is told the same when it has none."""
    if not Submission.objects.filter(email=email.lower()).exists():
        return None
    return _link(LINK, email, language, {"hours": _hours()})


def _link(
    kind: str, email: str, language: str, context: dict[str, Any], about: Forum | None = None
) -> Message | None:
    """Nobody's mailbox is filled by others: so many a day, and one within ten minutes."""
    if not may_be_done("forums.papers:to", mailbox(email), limit=LINKS_A_DAY, seconds=A_DAY):
        return None
    bucket = int(timezone.now().timestamp() // 600)
    whose = f"{kind}:{about.pk if about else ''}:{email.lower()}:{bucket}"
    once = hashlib.sha256(whose.encode()).hexdigest()[:32]
    return outbox.post(
        kind, to=email, language=language, context=context, about=about, once=f"paper:{once}"
    )


def _hours() -> int:
    return int(BEGIN_LIFETIME.total_seconds() // AN_HOUR)


# --- what becomes of a paper --------------------------------------------------------------------


class News(NamedTuple):
    kind: str
    context: dict[str, str]


def received(submission: Submission) -> bool:
    with translation.override(submission.language):
        context = {**_about(submission), "code": submission.receipt}
    return _post(RECEIVED, submission, context)


def result_of(submission: Submission) -> News:
    """The mail that tells the state it is in now: accepted or declined."""
    with translation.override(submission.language):
        told = {"sentence": wording.sentence(submission)}
        return News(RESULT, {**_about(submission), **told})


def result(submission: Submission) -> bool:
    news = result_of(submission)
    return _post(news.kind, submission, news.context)


def withdrawn(submission: Submission) -> bool:
    with translation.override(submission.language):
        gone = {"date": day(timezone.localdate() + DESTROYED_AFTER)}
        context = {**_about(submission), **gone}
    return _post(WITHDRAWN, submission, context)


def _post(kind: str, submission: Submission, context: dict[str, str]) -> bool:
    """Once for each state of each paper: none of them is ever reached a second time."""
    message = outbox.post(
        kind,
        to=submission.email,
        name=submission.name,
        language=submission.language,
        context=context,
        user=submission.user,
        about=submission,
        once=f"{kind}:{submission.uuid}:{State(submission.state).value}",
    )
    return message is not None


def _about(submission: Submission) -> dict[str, str]:
    return {"event": _title(submission.forum), "title": submission.title}


def _title(forum: Forum) -> str:
    return text_in(forum.program, "title").text
