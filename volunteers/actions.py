"""What applicants and staff do with an application; each in one transaction, safe to do twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from oda_portal.privacy.destruction import destroy_all
from oda_portal.reviews import decisions

from . import mails, sending
from .models import Application, ApplicationFile, Call, StaffQuestion, Volunteer
from .models.states import STAFF_MOVES, State
from .places import free_places, lock_places
from .readiness import acts as getting_ready

if TYPE_CHECKING:
    from oda_portal.accounts.models import User
    from oda_portal.files.staging import StagedFile

    from .models import ApplicationQuerySet, RequiredDocument

# The entry of the registry of personal data for drafts; see `privacy`.
UNSENT = "volunteers.unsent"


# --- beginning -------------------------------------------------------------------------------


@transaction.atomic
def begin(call: Call, *, by: User) -> Application:
    """The person's application to this call: a new draft, or the one there is.

    One that was withdrawn becomes a draft again as long as the call is open.
    """
    volunteer, _made = Volunteer.objects.get_or_create(user=by, defaults={"email": by.email})
    application, _made = Application.objects.get_or_create(
        call=call, volunteer=volunteer, defaults={"language": by.preferred_language}
    )
    if application.can_begin_again():
        application.begin_again(by=by)
    return application


@transaction.atomic
def begin_without_account(call: Call, *, email: str, language: str) -> Application:
    """A draft of whoever opened the link that was mailed to this address."""
    volunteer, _made = Volunteer.objects.get_or_create(
        email=email.lower(), user=None, merged_into=None
    )
    application, _made = Application.objects.get_or_create(
        call=call, volunteer=volunteer, defaults={"language": language}
    )
    return application


def begun_by_mail(user: User) -> QuerySet[Volunteer]:
    """Who the person was before they had an account, by their own verified addresses."""
    verified = EmailAddress.objects.filter(user=user, verified=True).values("email")
    return Volunteer.objects.filter(user=None, merged_into=None, email__in=verified)


def adopt_drafts(user: User) -> None:
    """Give an account what was begun by mail under its own verified addresses."""
    strangers = begun_by_mail(user)
    if not strangers.exists():
        return
    with transaction.atomic():
        for stranger in strangers.select_for_update():
            own = Volunteer.objects.filter(user=user).first()
            if own is None:
                stranger.user = user
                stranger.save(update_fields=["user"])
                continue
            for draft in stranger.applications.all():
                _hand_over(draft, own)
            stranger.delete()


def _hand_over(draft: Application, own: Volunteer) -> None:
    """Make a draft that was begun by mail the person's own; steps they wrote twice stay theirs."""
    present = own.applications.select_for_update().filter(call=draft.call).first()
    if present is None:
        draft.volunteer = own
        draft.save(update_fields=["volunteer"])
        return
    if present.state == State.DRAFT:
        present.draft = json.dumps({**draft.written, **present.written}, ensure_ascii=False)
        present.draft_saved_at = timezone.now()
        present.save(update_fields=["draft", "draft_saved_at"])
        taken = present.files.values("document")
        draft.files.exclude(document__in=taken).update(application=present)
    discard(draft)


# --- files -----------------------------------------------------------------------------------


def keep_file(
    application: Application, document: RequiredDocument, *, content: StagedFile, name: str
) -> ApplicationFile:
    """Store a checked file in place of the one there was, which goes once that is certain."""
    with transaction.atomic():
        # Of two uploads at once the second waits here, and replaces the first.
        Application.objects.select_for_update().get(pk=application.pk)
        old = application.files.filter(document=document).first()
        row = old or ApplicationFile(application=application, document=document)
        replaced = old.file.name if old else ""
        row.file, row.name, row.size = content, name, content.size or 0
        row.uploaded_at = timezone.now()
        row.save()
        if replaced:
            storage = row.file.storage
            transaction.on_commit(lambda: storage.delete(replaced), robust=True)
    return row


def remove_file(row: ApplicationFile) -> None:
    storage, name = row.file.storage, row.file.name or ""
    with transaction.atomic():
        row.delete()
        transaction.on_commit(lambda: storage.delete(name), robust=True)


# --- sending ---------------------------------------------------------------------------------


def send(application: Application, steps: sending.Steps, *, by: User, wait: bool = False) -> bool:
    """Hand the application in as its `steps` say; False when it had been handed in already.

    With `wait` it joins the waiting list of the first choice when no place is left.
    Raises `sending.TooLateError`, `sending.IncompleteError` or `sending.PlacesFilledError`, and
    changes nothing then.
    """
    if application.is_sent and application.state != State.DRAFT:
        return False
    sending.check_window(application)
    sending.check(steps, wait=wait)
    with transaction.atomic():
        if sending.gives_at_once(steps):
            lock_places(application)
        if not application.send(by=by):
            return False
        sending.write(application, steps, by=by)
        sending.take_place(application, steps, by=by, wait=wait)
        mails.received(application)
    return True


def send_changes(
    application: Application, steps: sending.Steps, *, by: User, wait: bool = False
) -> bool:
    """Replace what was sent by the draft as it is now; False when it may not be changed any more.

    Raises the same errors as `send`.
    """
    sending.check_window(application)
    sending.check(steps, wait=wait)
    with transaction.atomic():
        if sending.gives_at_once(steps):
            lock_places(application)
        rows = Application.objects.select_for_update().filter(
            pk=application.pk, state=State.SUBMITTED
        )
        if not rows.exists():
            return False
        sending.write(application, steps, by=by)
        rows.update(changed_at=timezone.now())
        sending.take_place(application, steps, by=by, wait=wait)
    return True


# --- afterwards, by the applicant ------------------------------------------------------------


@transaction.atomic
def withdraw(application: Application, *, by: User | None) -> bool:
    """Step back; what was held or waited for goes to others. False when it is too late for that."""
    lock_places(application)
    if not application.withdraw(by=by):
        return False
    decisions.take_back(application, by=by)
    free_places(application)
    getting_ready.forget(application)
    if application.is_sent:
        mails.withdrawn(application)
    return True


@transaction.atomic
def discard(application: Application) -> bool:
    """Destroy a draft that was never sent, with its files and the mails about it.

    False when it was sent.
    """
    rows = Application.objects.select_for_update().filter(
        pk=application.pk, state=State.DRAFT, sent_at=None
    )
    if not rows.exists():
        return False
    return bool(destroy_all(UNSENT, rows, rule="deleted by the person"))


def answer(question: StaffQuestion, *, text: str) -> bool:
    """Answer once; False when it was answered already."""
    rows = StaffQuestion.objects.filter(pk=question.pk, answered_at=None)
    return bool(rows.update(answer=text, answered_at=timezone.now()))


# --- by staff --------------------------------------------------------------------------------


@transaction.atomic
def move(application: Application, act: str, *, by: User, reason: str = "") -> bool:
    """One of STAFF_MOVES; the applicant is told. False: not from here."""
    if act not in STAFF_MOVES:
        raise ValueError(act)
    if act != "decline":
        moved = getattr(application, act)(by=by)
    else:
        lock_places(application)
        if moved := application.decline(by=by, reason=reason):
            free_places(application)
            getting_ready.forget(application)
    if moved:
        mails.state_announced(application)
    return moved


@transaction.atomic
def move_all(
    applications: Iterable[Application], act: str, *, by: User, reason: str = ""
) -> list[Application]:
    """The same act for all, or none when it fails half-way; those that were moved."""
    # Two who move the same rows take them in the same order, and wait for each other but once.
    rows = sorted(applications, key=lambda row: row.pk)
    return [row for row in rows if move(row, act, by=by, reason=reason)]


@transaction.atomic
def ask(application: Application, *, text: str, by: User, answer_by: date) -> StaffQuestion:
    """Ask the applicant; the same words once more are no second question."""
    # Of two clicks the second waits here, and then finds the question of the first.
    Application.objects.select_for_update().get(pk=application.pk)
    question, _made = StaffQuestion.objects.get_or_create(
        application=application,
        text=text,
        answered_at=None,
        defaults={"asked_by": by, "answer_by": answer_by},
    )
    mails.question_asked(question)
    return question


@transaction.atomic
def tell_of_change(call: Call, *, what: dict[str, str]) -> int:
    """Tell all who applied or have a draft that the call changed; `what` by language code.

    The same words are sent once to each. Returns the number of mails.
    """
    stamp = hashlib.sha256("\n".join(what[code] for code in sorted(what)).encode()).hexdigest()
    told = 0
    rows = to_be_told_of_change(call)
    for application in rows.select_related("call", "volunteer__user").iterator():
        told += mails.call_changed(application, what=what[application.language], stamp=stamp[:16])
    return told


def to_be_told_of_change(call: Call) -> ApplicationQuerySet:
    """Whoever applied or has a draft, as long as it may still come to something."""
    over = (State.WITHDRAWN, State.DECLINED, State.COMPLETED, State.NOT_SELECTED)
    return call.applications.exclude(state__in=over)


def remind_of_deadlines() -> int:
    """Remind everybody with an unsent draft, 72 and 24 hours before the end, once each."""
    now, reminded = timezone.now(), 0
    for hours, later in ((72, 24), (24, 0)):
        drafts = Application.objects.drafts().filter(call__in=Call.objects.published())
        drafts = drafts.ending_between(now + timedelta(hours=later), now + timedelta(hours=hours))
        begun_before = F("call__closes_at") - timedelta(hours=hours)
        for row in drafts.filter(begun_at__lt=begun_before).select_related(
            "call", "volunteer__user"
        ):
            reminded += mails.deadline_near(row, hours=hours)
    return reminded
