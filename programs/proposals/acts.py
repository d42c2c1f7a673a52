"""What members do with a proposal: write, submit, throw away, join, leave, say something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from partners.models import Organisation

from ..models.proposals import IllegalMoveError, Proposal, ProposalComment, ProposalPartner
from . import mails

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

    from .forms import CommentForm, JoinForm, ProposalForm

WORDS = (
    "organisation", "role", "language", "title", "country", "place", "need", "idea",
    "partners_sought", "budget", "budget_note",
)  # fmt: skip


class ChangedError(Exception):
    """Somebody has changed it since the page was opened; nothing was kept."""


def begun_with(form: ProposalForm, *, by: User) -> Proposal | None:
    """The proposal that this valid form became when it was sent before."""
    return Proposal.objects.filter(author=by, form_key=form.cleaned_data["form_key"]).first()


def begin(form: ProposalForm, *, by: User) -> Proposal:
    """A new draft; the same form sent again, however often, keeps its words in the same draft."""
    try:
        with transaction.atomic():
            proposal = Proposal(author=by, form_key=form.cleaned_data["form_key"])
            _write(proposal, form)
            return proposal
    except IntegrityError:
        known = begun_with(form, by=by)
        if known is None:
            raise
        return known


@transaction.atomic
def keep(proposal: Proposal, form: ProposalForm, *, seen: str) -> Proposal:
    """Keep what a valid form says, until it is decided.

    Raises ChangedError when it is not as the form showed it, IllegalMoveError when it is decided;
    nothing is written then.
    """
    current = locked(proposal)
    if not current.is_editable:
        raise IllegalMoveError(f"Proposal {current.pk} is decided")
    if current.stamp != seen:
        raise ChangedError
    _write(current, form)
    return current


def _write(proposal: Proposal, form: ProposalForm) -> None:
    for name in WORDS:
        if name in form.cleaned_data:
            setattr(proposal, name, form.cleaned_data[name])
    proposal.revised_at = timezone.now()
    proposal.save()
    proposal.themes.set(form.cleaned_data["themes"])


def locked(proposal: Proposal) -> Proposal:
    """As it stands now; whoever wants to change it meanwhile waits for the transaction."""
    return Proposal.objects.select_for_update().get(pk=proposal.pk)


def submit(proposal: Proposal, *, by: User) -> bool:
    """False when it was submitted before."""
    try:
        proposal.submit(by=by)
    except IllegalMoveError:
        return False
    return True


@transaction.atomic
def discard(proposal: Proposal) -> bool:
    """Destroy a draft; False when it is gone, or was submitted meanwhile."""
    current = Proposal.objects.select_for_update().filter(pk=proposal.pk).first()
    if current is None or not current.is_draft:
        return False
    current.delete()
    return True


# --- others --------------------------------------------------------------------------------------


@transaction.atomic
def join(proposal: Proposal, form: JoinForm, *, by: User) -> bool:
    """Take part in it; False when the organisation did already, and then its role is changed.

    Raises IllegalMoveError when it is not open, or the organisation's own.
    """
    current, said = locked(proposal), form.cleaned_data
    organisation: Organisation = said["organisation"]
    if not current.is_open or organisation.pk == current.organisation_id:
        raise IllegalMoveError(f"Nobody joins proposal {current.pk} so")
    values = {"role": said["role"], "note": said["note"]}
    _row, is_new = ProposalPartner.objects.update_or_create(
        proposal=current, organisation=organisation, defaults=values,
        create_defaults={**values, "joined_by": by},
    )  # fmt: skip
    if is_new:
        mails.news(current, but=by)
    return is_new


@transaction.atomic
def leave(proposal: Proposal, organisation: Organisation) -> bool:
    """False when it does not take part. Raises IllegalMoveError when it is not open any more."""
    current = locked(proposal)
    if not current.is_open:
        raise IllegalMoveError(f"Proposal {current.pk} is not open")
    gone, _rows = current.partners.filter(organisation=organisation).delete()
    return bool(gone)


def comment(
    proposal: Proposal, form: CommentForm, *, by: User, as_office: bool = False
) -> ProposalComment:
    """Kept once, however often the form is sent. Raises IllegalMoveError when it is not open."""
    said = form.cleaned_data
    try:
        with transaction.atomic():
            return _comment(proposal, said, by=by, as_office=as_office)
    except IntegrityError:
        return ProposalComment.objects.get(author=by, form_key=said["form_key"])


def said_before(form: CommentForm, *, by: User) -> bool:
    """Whether this valid form is a comment already."""
    key = form.cleaned_data["form_key"]
    return ProposalComment.objects.filter(author=by, form_key=key).exists()


def _comment(
    proposal: Proposal, said: dict[str, Any], *, by: User, as_office: bool
) -> ProposalComment:
    current = locked(proposal)
    if not current.is_open:
        raise IllegalMoveError(f"Proposal {current.pk} is not open")
    row = ProposalComment.objects.create(
        proposal=current,
        form_key=said["form_key"],
        author=by,
        organisation=None if as_office else said["organisation"],
        language=said["language"],
        text=said["text"],
    )
    mails.news(current, but=by)
    return row
