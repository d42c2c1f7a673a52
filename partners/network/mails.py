"""One function for each mail of the network; the only callers of the outbox in this package.

`…_to_preview` gives the mail as it would be, which nobody saves: staff read it before it goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.mail import kinds, outbox
from oda_portal.mail.models import Message
from oda_portal.publishing.texts import text_in

from ..models import Invitation, Membership, Suggestion

GROUP = gettext_lazy("Working-level network")
INVITED, MEMBERSHIP, DECIDED = "network_invited", "network_membership", "suggestion_decided"
ORGANISATION = gettext_lazy("the organisation’s name")
EXAMPLE = gettext_lazy("Busan Global City Foundation")


def register() -> None:
    """Make the mails of this package known to the outbox."""
    from . import links  # noqa: PLC0415  (its pages import what imports this module)

    kinds.register(
        kinds.Kind(
            name=INVITED,
            label=gettext_lazy("Invitation to the network"),
            group=GROUP,
            placeholders={
                "organisation": ORGANISATION,
                "days": gettext_lazy("for how many days the link works"),
            },
            sample={"organisation": EXAMPLE, "days": str(Invitation.DAYS)},
            button=gettext_lazy("Go to the invitation"),
            personal=True,
            lifetime=timedelta(days=Invitation.DAYS),
            opens=links.open_invitation,
            renew="network:join",
            is_void=_is_over,
        )
    )
    kinds.register(
        kinds.Kind(
            name=MEMBERSHIP,
            label=gettext_lazy("Membership of the network approved, refused or ended"),
            group=GROUP,
            placeholders={
                "organisation": ORGANISATION, "sentence": gettext_lazy("what became of it"),
            },
            sample={
                "organisation": EXAMPLE,
                "sentence": gettext_lazy("The office has approved your membership."),
            },
            required=("sentence",),
        )
    )  # fmt: skip
    kinds.register(
        kinds.Kind(
            name=DECIDED,
            label=gettext_lazy("Decision about a suggested change"),
            group=GROUP,
            placeholders={
                "title": gettext_lazy("what the change is about"),
                "sentence": gettext_lazy("what became of it"),
            },
            sample={
                "title": EXAMPLE,
                "sentence": gettext_lazy("We have taken over your change. It is now public."),
            },
            required=("sentence",),
        )
    )  # fmt: skip


def receiver_has_left(message: Message) -> bool:
    """Of mails whose page is for members alone: there is nothing in it for them any more."""
    user = message.user
    return user is None or not Membership.objects.of(user).active().exists()


def _is_over(message: Message) -> bool:
    invitation = message.about
    return not isinstance(invitation, Invitation) or not invitation.is_open()


# --- invitations ----------------------------------------------------------------------------------


def invited(invitation: Invitation) -> Message | None:
    once = f"{INVITED}:{invitation.pk}:{invitation.sendings}"
    return outbox.post(
        INVITED,
        to=invitation.email,
        language=invitation.language,
        context=_of_invitation(invitation),
        about=invitation,
        once=once,
    )


def invitation_to_preview(invitation: Invitation) -> Message:
    return Message(kind=INVITED, language=invitation.language, context=_of_invitation(invitation))


def _of_invitation(invitation: Invitation) -> dict[str, Any]:
    name = _in(invitation.language, invitation.organisation, "name")
    return {"organisation": name, "days": str(Invitation.DAYS)}


# --- memberships ----------------------------------------------------------------------------------


def membership_moved(membership: Membership, act: str) -> Message | None:
    """`act` is one of `SENTENCES`; told once for each time that it happens."""
    moment = membership.approved_at if act == "approve" else membership.ended_at
    return outbox.post(
        MEMBERSHIP,
        once=f"{MEMBERSHIP}:{membership.pk}:{act}:{moment and moment.isoformat()}",
        about=membership,
        **_of_membership(membership, act),
    )


def membership_to_preview(membership: Membership, act: str) -> Message:
    parts = _of_membership(membership, act)
    del parts["user"]
    return Message(kind=MEMBERSHIP, **parts)


def _of_membership(membership: Membership, act: str) -> dict[str, Any]:
    user = membership.user
    language = user.preferred_language
    name = _in(language, membership.organisation, "name")
    with translation.override(language):
        context = {"organisation": name, "sentence": _told(act)}
    path = reverse("network:member_home" if act == "approve" else "network_public:network")
    return {
        "to": user.email, "language": language, "name": user.name, "context": context,
        "path": path, "user": user,
    }  # fmt: skip


def _told(act: str) -> str:
    sentences: Mapping[str, str] = {
        "approve": _(
            "The office has approved your membership. Sign in to see the pages for members."
        ),
        "refuse": _(
            "The office could not approve your membership. Contact us if you think it should be"
            " looked at again."
        ),
        "end": _(
            "Your membership has ended, and you can no longer open the pages for members. Your"
            " account stays as it is."
        ),
    }
    return sentences[act]


# --- suggestions ----------------------------------------------------------------------------------


def decided(suggestion: Suggestion) -> Message | None:
    act = "approve" if suggestion.state == Suggestion.State.APPROVED else "refuse"
    return outbox.post(
        DECIDED,
        once=f"{DECIDED}:{suggestion.pk}",
        about=suggestion,
        **_of_decision(suggestion, act, suggestion.answer),
    )


def decision_to_preview(suggestion: Suggestion, act: str, answer: str) -> Message:
    parts = _of_decision(suggestion, act, answer)
    del parts["user"]
    return Message(kind=DECIDED, **parts)


def _of_decision(suggestion: Suggestion, act: str, answer: str) -> dict[str, Any]:
    user, language = suggestion.by, suggestion.language
    with translation.override(language):
        sentence = (
            _("We have taken over your change. It is now public.")
            if act == "approve"
            else _("We have not taken over your change. The text stays as it was.")
        )
        title = str(suggestion.subject)
    lines = [sentence, answer] if answer else [sentence]
    return {
        "to": user.email, "language": language, "name": user.name, "user": user,
        "context": {"title": title, "sentence": "\n".join(lines)},
        "path": reverse("network:suggestion_detail", args=[suggestion.pk]),
    }  # fmt: skip


def _in(language: str, row: models.Model, field: str) -> str:
    with translation.override(language):
        return text_in(row, field).text
