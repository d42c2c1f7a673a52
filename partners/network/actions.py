"""Inviting, asking, approving and ending; each safe to do twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from oda_portal.privacy import consents
from oda_portal.privacy.models import Kind

from ..models import Invitation, Membership, NetworkMember, Organisation
from . import mails
from .forms import DetailsForm, JoinForm

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

State = Membership.State


def register() -> None:
    consents.when_taken_back("partners.membership", Kind.DIRECTORY, leave_directory)
    consents.when_taken_back("partners.membership", Kind.NETWORK, end_without_consent)


# --- what staff do --------------------------------------------------------------------------------


@transaction.atomic
def invite(organisation: Organisation, *, email: str, language: str, by: User) -> Invitation | None:
    """Ask this address to join for the organisation; None when an invitation is open already.

    One whose time is over is sent anew.
    """
    email = email.lower()
    known = Invitation.objects.select_for_update().filter(
        organisation=organisation, email=email, state=Invitation.State.OPEN
    )
    if (old := known.first()) is not None:
        if old.is_open():
            return None
        return old if send_again(old, by=by) else None
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                organisation=organisation, email=email, language=language, invited_by=by
            )
    except IntegrityError:  # somebody invited the same address at the same moment
        return None
    mails.invited(invitation)
    return invitation


@transaction.atomic
def send_again(invitation: Invitation, *, by: User) -> bool:
    if not invitation.sent_again(by=by):
        return False
    mails.invited(invitation)
    return True


@transaction.atomic
def approve(membership: Membership, *, by: User) -> bool:
    """They see the pages of members from now on.

    False when they did before, or do not agree (any more) to our keeping their data.
    """
    # A consent that is taken back at this moment ends the membership, and waits for the row too.
    Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if not consents.has_given(membership, Kind.NETWORK) or not membership.approve(by=by):
        return False
    _keep_directory(membership)
    mails.membership_moved(membership, "approve")
    return True


@transaction.atomic
def refuse(membership: Membership, *, by: User, reason: str = "") -> bool:
    if not membership.refuse(by=by, reason=reason):
        return False
    mails.membership_moved(membership, "refuse")
    return True


@transaction.atomic
def end(membership: Membership, *, by: User, reason: str = "") -> bool:
    if not membership.end(by=by, reason=reason):
        return False
    _forget_consents(membership, by=by)
    mails.membership_moved(membership, "end")
    return True


# --- what people do -------------------------------------------------------------------------------


def addresses_of(user: User) -> list[str]:
    """The addresses that are known to be theirs, in small letters."""
    rows = EmailAddress.objects.filter(user=user, verified=True)
    return [address.lower() for address in rows.values_list("email", flat=True)]


@transaction.atomic
def ask(form: JoinForm, *, by: User) -> Membership:
    """Wait for the approval of staff; one that is there already stays as it is."""
    organisation = form.cleaned_data["organisation"]
    membership, is_new = _membership(by, organisation)
    if not is_new and membership.state in (State.REFUSED, State.ENDED):
        membership.ask_again()
    if membership.state == State.PENDING:
        _keep_details(membership, form)
        consents.give_all(membership, form, by=by)
    return membership


@transaction.atomic
def accept(invitation: Invitation, form: DetailsForm, *, by: User) -> Membership | None:
    """Staff invited this address, so that whoever is known to have it is approved by that.

    None when the invitation was answered or taken back meanwhile.
    """
    if not invitation.is_open() or not invitation.accept(by=by):
        return None
    membership, _is_new = _membership(by, invitation.organisation)
    _keep_details(membership, form)
    if invitation.email in addresses_of(by):
        membership.approve(by=invitation.invited_by)
    else:
        # A mail that was passed on: staff look at who it is.
        membership.ask_again()
    consents.give_all(membership, form, by=by)
    _keep_directory(membership)
    return membership


def decline(invitation: Invitation, *, by: User | None) -> bool:
    """Whoever holds the mail may say no; False when it was answered before."""
    return invitation.decline(by=by)


@transaction.atomic
def change_details(membership: Membership, form: DetailsForm, *, by: User) -> bool:
    """False when the membership is over."""
    current = Membership.objects.select_for_update(of=("self",)).filter(
        pk=membership.pk, state=State.ACTIVE
    )
    if not current.exists():
        return False
    _keep_details(membership, form)
    consents.give_all(membership, form, by=by)
    _keep_directory(membership)
    return True


@transaction.atomic
def leave(membership: Membership, *, by: User) -> bool:
    """Somebody leaves by themselves: nobody needs to be told by mail."""
    if not membership.end(by=by, reason="left"):
        return False
    _forget_consents(membership, by=by)
    return True


# --- what follows ---------------------------------------------------------------------------------


def leave_directory(membership: Membership) -> None:
    """The consent was taken back: nobody finds them from now on."""
    Membership.objects.filter(pk=membership.pk).update(in_directory=False)


def end_without_consent(membership: Membership) -> None:
    """Without the consent to have their data nobody can be a member."""
    membership.end(by=None, reason="consent withdrawn")


def standing_organisations() -> list[int]:
    return list(NetworkMember.objects.standing().values_list("organisation", flat=True))


def _membership(user: User, organisation: Organisation) -> tuple[Membership, bool]:
    # Against fifty at once: the constraint lets one make the row, and the others find it.
    return Membership.objects.get_or_create(user=user, organisation=organisation)


def _keep_details(membership: Membership, form: JoinForm | DetailsForm) -> None:
    said = {name: form.cleaned_data[name] for name in ("post", "telephone")}
    Membership.objects.filter(pk=membership.pk).update(**said)
    user = membership.user
    if (name := form.cleaned_data.get("name")) and name != user.name:
        user.name = name
        user.save(update_fields=["name"])
    membership.refresh_from_db()


def _keep_directory(membership: Membership) -> None:
    listed = consents.has_given(membership, Kind.DIRECTORY)
    active = Membership.objects.filter(pk=membership.pk, state=State.ACTIVE)
    active.update(in_directory=listed)
    membership.refresh_from_db()


def _forget_consents(membership: Membership, *, by: User | None) -> None:
    for kind in (Kind.NETWORK, Kind.DIRECTORY):
        consents.withdraw(membership, kind, by=by)
