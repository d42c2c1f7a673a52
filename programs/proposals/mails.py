"""The mails about a proposal, to the members of the organisations that take part in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oda_portal.mail.kinds import Kind, register
from oda_portal.mail.models import Message
from oda_portal.mail.outbox import post
from oda_portal.mail.previews import Shown, preview_of
from oda_portal.mail.rendering import Stationery
from partners.models import Membership
from partners.network.mails import receiver_has_left

from ..models.proposals import Proposal

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

GROUP = _("Proposals of the network")
TITLE, ANSWER = _("the proposal’s title"), _("what the office says about it")
SAMPLE_TITLE = _("A library for a Sister Village")
SEE = _("See the proposal")
NEWS = "proposal_news"
# The mail that tells of a state.
TOLD = {
    Proposal.State.IN_DISCUSSION: "proposal_discussed",
    Proposal.State.ADOPTED: "proposal_adopted",
    Proposal.State.DECLINED: "proposal_declined",
}


def register_all() -> None:
    register(
        Kind(
            name=NEWS,
            label=_("Proposal: comments and partners"),
            group=GROUP,
            placeholders={"title": TITLE},
            sample={"title": SAMPLE_TITLE},
            button=SEE,
            is_void=receiver_has_left,
        )
    )
    labels = {
        "proposal_discussed": _("Proposal in discussion"),
        "proposal_adopted": _("Proposal adopted"),
        "proposal_declined": _("Proposal not taken up"),
    }
    for name, label in labels.items():
        register(
            Kind(
                name=name,
                label=label,
                group=GROUP,
                placeholders={"title": TITLE, "answer": ANSWER},
                sample={
                    "title": SAMPLE_TITLE,
                    "answer": _("We talked about it at the network’s meeting in May."),
                },
                required=("answer",),
                button=SEE,
                is_void=receiver_has_left,
            )
        )


def receivers(proposal: Proposal) -> list[User]:
    """Everybody who works for an organisation that proposed or joined it, each once."""
    partners = proposal.partners.values_list("organisation_id", flat=True)
    taking_part = [proposal.organisation_id, *partners]
    rows = Membership.objects.active().filter(organisation__in=taking_part)
    return list({row.user_id: row.user for row in rows.select_related("user")}.values())


def news(proposal: Proposal, *, but: User) -> None:
    """Something was said or somebody joined: at most one mail a day and person about a proposal."""
    today = timezone.localdate().isoformat()
    for user in receivers(proposal):
        if user.pk != but.pk:
            _post(_message(NEWS, proposal, user), once=f"{NEWS}:{proposal.pk}:{user.pk}:{today}")


def tell(proposal: Proposal) -> None:
    """Of the state that it has just come into, with what the office said."""
    kind = TOLD[Proposal.State(proposal.state)]
    at = proposal.decided_at or proposal.discussed_at
    for user in receivers(proposal):
        message = _message(kind, proposal, user, answer=proposal.answer)
        _post(message, once=f"{kind}:{proposal.pk}:{user.pk}:{at}")


def letters(
    proposal: Proposal, kind: str, users: Iterable[User], *, answer: str = ""
) -> list[Shown]:
    """The mail once in each of these people's languages, to nobody by name; nothing is sent."""
    stationery, shown = Stationery(), {}
    for user in users:
        if user.preferred_language not in shown:
            message = _message(kind, proposal, user, answer=answer)
            message.name = ""
            shown[user.preferred_language] = preview_of(message, stationery)
    return list(shown.values())


def _message(kind: str, proposal: Proposal, user: User, *, answer: str = "") -> Message:
    context = {"title": proposal.title}
    return Message(
        kind=kind,
        language=user.preferred_language,
        to=user.email,
        name=user.name,
        context=context if kind == NEWS else {**context, "answer": answer},
        path=proposal.get_absolute_url(),
        user=user,
        about=proposal,
    )


def _post(message: Message, *, once: str) -> None:
    post(
        message.kind,
        to=message.to,
        language=message.language,
        context=message.context,
        name=message.name,
        user=message.user,
        once=once,
        about=message.about,
        path=message.path,
    )
