"""What people do with their papers; each in one transaction, safe to do twice.

Locks are taken in one order: the edition, the paper, then what hangs on it. Every act raises
`FrozenError` when the edition is frozen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from oda_portal.privacy import consents
from oda_portal.privacy.destruction import destroy_all
from oda_portal.privacy.models import Kind
from oda_portal.reviews import decisions

from ..freezing import require_open
from ..models import Forum, Submission
from ..models.submissions import State
from . import mails, placing

if TYPE_CHECKING:
    from oda_portal.accounts.models import User
    from oda_portal.files.staging import StagedFile

    from .forms import PaperForm
    from .speaker_form import SpeakerForm

# The entry of the registry of personal data for drafts; see `privacy`.
UNSENT = "forums.papers_unsent"
# Of one address for one edition, so that nobody fills the list.
MOST = 5


class TooLateError(Exception):
    """The deadline has passed, by the server's clock, or the office has begun to decide."""


class ChangedError(Exception):
    """Another window has changed it since the page was opened; nothing was kept."""


class TooManyError(Exception):
    """So many papers of one address are there already."""


# --- beginning ----------------------------------------------------------------------------------


@transaction.atomic
def begin(forum: Forum, *, email: str, language: str, by: User | None = None) -> Submission:
    """A draft of this address, or the one there is. Raises TooLateError and TooManyError."""
    require_open(forum)
    if not forum.takes_papers():
        raise TooLateError
    rows = Submission.objects.filter(forum=forum, email=email.lower())
    if found := rows.drafts().first():
        return found
    if rows.count() >= MOST:
        raise TooManyError
    name = by.name if by else ""
    return Submission.objects.create(
        forum=forum, email=email.lower(), language=language, user=by, name=name
    )


def begun_by_mail(user: User) -> QuerySet[Submission]:
    """Under the person's own verified addresses, before they had an account."""
    proved = EmailAddress.objects.filter(user=user, verified=True).values("email")
    return Submission.objects.filter(user=None, email__in=proved)


def adopt(user: User) -> None:
    """Give an account what was begun by mail."""
    begun = begun_by_mail(user)
    if begun.exists():  # looking, which is all that most do who come by here, writes nothing
        begun.update(user=user)


# --- writing ------------------------------------------------------------------------------------


@transaction.atomic
def save(submission: Submission, form: PaperForm, *, seen: str, by: User | None) -> bool:
    """Keep what a valid form says; handed in already or not, it stays as it is.

    Raises TooLateError and ChangedError, and keeps nothing then. False: nothing was new.
    """
    current = _to_write(submission)
    values = form.columns()
    changed = {name: text for name, text in values.items() if getattr(current, name) != text}
    if not changed:
        return False
    if current.stamp != seen:
        raise ChangedError
    _keep(current, submission, **changed, changed_at=timezone.now())
    return True


@transaction.atomic
def submit(submission: Submission, form: PaperForm, *, seen: str, by: User | None) -> bool:
    """Keep it and hand it in, with its consents; False when it had been handed in already.

    Raises as `save`.
    """
    save(submission, form, seen=seen, by=by)
    consents.give_all(submission, form, by=by)
    if not submission.submit(by=by):
        return False
    mails.received(submission)
    return True


def _to_write(submission: Submission) -> Submission:
    """The locked row with its edition as it is now, not as the page found it."""
    require_open(submission.forum)
    rows = Submission.objects.select_for_update(of=("self",)).select_related("forum__program")
    current = rows.filter(pk=submission.pk).first()
    if current is None or not current.is_editable():
        raise TooLateError
    return current


def _keep(current: Submission, submission: Submission, **values: Any) -> None:
    """Write these columns of the locked row, and let the caller's row say the same."""
    for name, value in values.items():
        setattr(current, name, value)
    current.save(update_fields=list(values))
    submission.refresh_from_db(fields=list(values))


# --- stepping back ------------------------------------------------------------------------------


@transaction.atomic
def discard(submission: Submission) -> bool:
    """Destroy a draft with the mails about it; False when it was handed in."""
    rows = Submission.objects.select_for_update().filter(pk=submission.pk, state=State.DRAFT)
    return rows.exists() and bool(destroy_all(UNSENT, rows, rule="deleted by the person"))


@transaction.atomic
def withdraw(submission: Submission, *, by: User | None) -> bool:
    """Step back, out of the programme too; False when it is too late for that."""
    require_open(submission.forum)
    if not submission.withdraw(by=by):
        return False
    decisions.take_back(submission, by=by)
    placing.take_out(submission, by=by)
    mails.withdrawn(submission)
    return True


# --- the speaker's own --------------------------------------------------------------------------


@transaction.atomic
def confirm(submission: Submission, form: SpeakerForm, *, seen: str, by: User | None) -> bool:
    """Keep how the speaker is named, with the consent to say it in public, and that they come.

    Before and after: whoever has confirmed puts it right in the same way, and staff are shown
    that it changed. False where nobody was accepted. Raises ChangedError, and keeps nothing then.
    """
    require_open(submission.forum)
    current = Submission.objects.select_for_update().get(pk=submission.pk)
    if not current.is_speakers():
        return False
    profile, slides = form.profile(), form.new_slides()
    if current.stamp != seen and (profile != current.profile or slides is not None):
        raise ChangedError
    if profile != current.profile:
        _keep(current, submission, profile=profile, profile_at=timezone.now())
    if slides is not None:
        _keep_slides(current, submission, slides, form.slides_name())
    consents.give_all(submission, form, by=by)
    submission.confirm(by=by)
    return True


def _keep_slides(
    current: Submission, submission: Submission, slides: StagedFile, name: str
) -> None:
    """In place of those there were, which go once that is certain."""
    replaced, storage = current.slides.name, current.slides.storage
    _keep(current, submission, slides=slides, slides_name=name, profile_at=timezone.now())
    if replaced:
        transaction.on_commit(lambda: storage.delete(replaced), robust=True)


@transaction.atomic
def remove_slides(submission: Submission) -> bool:
    """What is public of them goes as well; False when there were none."""
    require_open(submission.forum)
    current = Submission.objects.select_for_update().get(pk=submission.pk)
    replaced, storage = current.slides.name, current.slides.storage
    if not replaced:
        return False
    placing.unpublish_slides(current)
    _keep(current, submission, slides="", slides_name="", profile_at=timezone.now())
    transaction.on_commit(lambda: storage.delete(replaced), robust=True)
    return True


def when_consents_are_taken_back() -> None:
    """Without them nothing is reviewed, and nobody is named in public."""
    consents.when_taken_back("forums.submission", Kind.PAPER, _without_consent)
    consents.when_taken_back("forums.submission", Kind.SPEAKER, placing.hide)


def _without_consent(submission: Submission) -> None:
    if submission.is_withdrawable():
        withdraw(submission, by=None)
