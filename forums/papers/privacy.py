"""The personal data of speakers: how long each is kept, and how it goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.destruction import BY_PERSON, destroy_all
from oda_portal.privacy.registry import Addressee, PersonalData, register
from oda_portal.reviews.models import Decision

from ..freezing import FrozenError
from ..models import Forum, Submission
from ..models.submissions import State
from . import acts, placing
from .wording import sentence

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

UNSENT, WITHDRAWN = acts.UNSENT, "forums.papers_withdrawn"
DECLINED, SPOKEN = "forums.papers_declined", "forums.papers_spoken"
YEAR = 365


def register_all() -> None:
    _register(
        UNSENT, _("Papers and topics never submitted"), 30, _unsent, notice_days=7, whole=True
    )
    # Over by the morning of the thirtieth day, which the mail about withdrawing names.
    _register(WITHDRAWN, _("Withdrawn papers and topics"), 29, _withdrawn)
    _register(
        DECLINED, _("Papers and topics that were not accepted"), 183, _declined, notice_days=30
    )
    _register(SPOKEN, _("Papers and topics of speakers"), YEAR, _spoken, notice_days=30)
    acts.when_consents_are_taken_back()


def _register(
    key: str, label: Any, days: int, due: Any, *, notice_days: int = 0, whole: bool = False
) -> None:
    """One period of papers; one of the four gives them all out and closes them."""
    all_of_them: dict[str, Any] = {}
    if whole:
        all_of_them = {
            "given_as": "forums.papers",
            "export": _papers,
            "files": _files,
            "close": _close,
        }
    register(
        PersonalData(
            key=key,
            label=label,
            model=Submission,
            born="begun_at",
            purpose=_("Reviewing papers and topics, and keeping in touch with speakers"),
            days=days,
            notice_days=notice_days,
            due=due,
            destroy=_destroy,
            of=_known_of,
            person="email",
            lock=_lock,
            addressee=_speaker if notice_days else None,
            position=30,
            **all_of_them,
        )
    )


# --- when each is due ---------------------------------------------------------------------------


def _unsent(before: datetime) -> models.QuerySet[Submission]:
    """From the end of the call; where it has none, from the last change."""
    closed = Q(forum__papers_close_at__lt=before)
    untouched = Q(forum__papers_close_at=None, changed_at__lt=before)
    return Submission.objects.drafts().filter(closed | untouched)


def _withdrawn(before: datetime) -> models.QuerySet[Submission]:
    return Submission.objects.filter(state=State.WITHDRAWN, state_at__lt=before)


def _declined(before: datetime) -> models.QuerySet[Submission]:
    """Told no, or never decided about: from the day of the results."""
    rows = Submission.objects.annotate(
        ended=Coalesce("forum__papers_released_at", "forum__papers_close_at", "state_at")
    )
    told = Q(state=State.DECLINED, state_at__lt=before)
    return rows.filter(told | Q(state=State.SUBMITTED, ended__lt=before))


def _spoken(before: datetime) -> models.QuerySet[Submission]:
    """From the end of the event; where no day is known, from what they said last."""
    day = timezone.localdate(before)
    rows = Submission.objects.filter(state__in=(State.ACCEPTED, State.CONFIRMED))
    rows = rows.annotate(last=Coalesce("forum__program__ends_on", "forum__program__starts_on"))
    return rows.filter(Q(last__lt=day) | Q(last=None, state_at__lt=before))


# --- how it goes --------------------------------------------------------------------------------


def _lock(submission: Submission) -> None:
    """The edition before the paper, as everybody takes them."""
    Forum.objects.select_for_update(no_key=True, of=("self",)).get(pk=submission.forum_id)


def _destroy(submission: Submission, *, rule: str = "") -> None:
    """What stands in the public programme stays there: it was agreed to, and is the record."""
    kind = ContentType.objects.get_for_model(Submission)
    Decision.objects.filter(content_type=kind, object_id=submission.pk).delete()
    submission.delete()


def _speaker(submission: Submission) -> Addressee:
    return Addressee(submission.email, submission.language, submission.name, submission.user)


def _known_of(user: User) -> models.QuerySet[Submission]:
    """With what was begun by mail, and without taking it over: for asking."""
    return Submission.objects.visible_to(user) | acts.begun_by_mail(user)


def _own(user: User) -> models.QuerySet[Submission]:
    """With what was begun by mail, whether they have looked at it since they signed up or not."""
    acts.adopt(user)
    return Submission.objects.visible_to(user)


def _close(user: User) -> None:
    """Step back from what still runs, out of the programme too; then all of it goes."""
    for submission in _own(user).select_related("forum__program"):
        try:
            acts.withdraw(submission, by=user)
        except FrozenError:
            placing.hide(submission)
    destroy_all(UNSENT, _own(user), rule=BY_PERSON)


# --- what a person gets -------------------------------------------------------------------------


def _papers(user: User) -> list[dict[str, Any]]:
    rows = _own(user).select_related("forum__program").order_by("pk")
    return [_paper(row) for row in rows]


def _paper(row: Submission) -> dict[str, Any]:
    """As its writer knows it: of a decision that is held it says nothing."""
    columns = (
        "receipt", "email", "name", "affiliation", "language", "title", "abstract", "profile",
        "slides_name", "begun_at", "sent_at", "changed_at",
    )  # fmt: skip
    written = {name: getattr(row, name) for name in columns}
    return {"forum": row.forum.slug, "stands": sentence(row), **written}


def _files(user: User) -> Iterable[tuple[str, FieldFile]]:
    for row in _own(user).exclude(slides="").select_related("forum"):
        yield f"{row.forum.slug}/{row.slides_name}", row.slides
