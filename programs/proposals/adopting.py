"""What staff decide about a proposal; an adopted one becomes a draft of a programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from oda_portal.publishing.models import language_column
from oda_portal.publishing.texts import won

from ..models import CountryShare, Program, Role
from ..models.proposals import IllegalMoveError, Proposal
from . import mails
from .acts import ChangedError, locked

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

LONGEST_SUMMARY, LONGEST_VENUE = 600, 200


class Party(NamedTuple):
    """An organisation of a proposal, and the role that it wants in the programme."""

    organisation_id: int
    name: str
    role: str


def parties(proposal: Proposal) -> list[Party]:
    """Whose idea it was, and then whoever joined, in the order in which they did."""
    own = Party(proposal.organisation_id, str(proposal.organisation), proposal.role)
    joined = proposal.partners.select_related("organisation")
    return [own, *(Party(row.organisation_id, str(row.organisation), row.role) for row in joined)]


@transaction.atomic
def discuss(proposal: Proposal, *, by: User, reason: str, seen: str) -> None:
    """Raises ChangedError where it is not as `seen`, IllegalMoveError where this cannot be done."""
    current = _as_seen(proposal, seen)
    current.discuss(by=by, reason=reason)
    mails.tell(current)


@transaction.atomic
def decline(proposal: Proposal, *, by: User, reason: str, seen: str) -> None:
    """Raises as `discuss` does."""
    current = _as_seen(proposal, seen)
    current.decline(by=by, reason=reason)
    mails.tell(current)


@transaction.atomic
def adopt(
    proposal: Proposal, program: Program, *, roles: Mapping[int, str], by: User, reason: str,
    seen: str,
) -> Program:  # fmt: skip
    """Save `program`, which has code and kind, as a draft with the proposal's words and partners.

    `roles`: what each organisation does in it; those without one are left out. Raises as
    `discuss` does, and IntegrityError for a code that is taken.
    """
    current = _as_seen(proposal, seen)
    if current.state != Proposal.State.IN_DISCUSSION:
        raise IllegalMoveError(f"Proposal {current.pk} is not in discussion")
    _put_words(program, current)
    if current.country_id:
        CountryShare.objects.create(program=program, country_id=current.country_id)
    program.themes.set(current.themes.all())
    for organisation, kind in roles.items():
        if kind:
            Role.objects.create(program=program, organisation_id=organisation, kind=kind)
    current.become(program, by=by, reason=reason)
    mails.tell(current)
    return program


def _as_seen(proposal: Proposal, seen: str) -> Proposal:
    current = locked(proposal)
    if current.state == proposal.state and current.stamp != seen:
        raise ChangedError
    return current


def _put_words(program: Program, proposal: Proposal) -> None:
    """In the proposal's own language; editors put them right and have them translated."""
    language = proposal.language
    parts = [proposal.need, proposal.idea]
    words = {
        "title": proposal.title,
        "summary": proposal.idea[:LONGEST_SUMMARY],
        "body": "".join(_paragraphs(part) for part in parts),
        "venue": proposal.place[:LONGEST_VENUE],
    }
    for name, text in words.items():
        setattr(program, language_column(name, language), text)
    program.editor_note = _note(proposal)
    # The column without a language holds the proposal's own.
    with translation.override(language):
        program.save()


def _paragraphs(text: str) -> str:
    """Plain lines as the rich text of a programme."""
    blocks = [block.strip() for block in text.replace("\r\n", "\n").split("\n\n")]
    return "".join(
        f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in filter(None, blocks)
    )


def _note(proposal: Proposal) -> str:
    """What editors should know and readers need not."""
    lines = [_("From a proposal by %(organisation)s.") % {"organisation": proposal.organisation}]
    if proposal.budget is not None:
        lines.append(
            _("Rough budget in the proposal: %(amount)s") % {"amount": won(proposal.budget)}
        )
    if proposal.budget_note:
        lines.append(proposal.budget_note)
    if proposal.partners_sought:
        lines.append(_("Partners sought: %(partners)s") % {"partners": proposal.partners_sought})
    return "\n".join(lines)
