"""Every address of the portal that is one person's own, as that person asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from forums.models import Registration, Submission
from forums.registering.addresses import signature_of as registration_signed
from news.models import Subscription
from news.subscribing.addresses import signature_of as subscription_signed
from oda_portal.accounts.models import User
from oda_portal.certificates.actions import issue
from oda_portal.mail import links
from oda_portal.pages.models import Inquiry
from oda_portal.privacy.models import Consent, PrivacyRequest
from oda_portal.publishing.freshness import is_for_everybody
from partners.models import ActionItem, Invitation, Membership, NetworkMeeting, Suggestion
from programs.models import ProposalComment
from tests import factories
from tests.doors import with_app
from tests.partners.test_meetings import a_document
from tests.privacy.everything import everything
from tests.volunteers.departures import opening_in, with_checklist
from tests.volunteers.interviewed import invited, slots
from volunteers import interviews, mails
from volunteers.certificates import KIND as SERVICE
from volunteers.models import Application, ApplicationFile, InsuranceCertificate, State

# Of machines, of readers of data, of staff: their answers are looked at elsewhere.
NO_ONES_OWN = (
    "healthz", "readyz", "status", "metrics", "robots", "api:", "iati_files:", "drawing:", "share:",
    "article_seen", "None", "admin:", "previews:", "previewing:", "files:", "forums:check_in",
    "search:", "reviews:", "network_public:",
)  # fmt: skip


class Address(NamedTuple):
    name: str
    asks_for: tuple[str, ...]
    callback: Any


def addresses(
    resolver: URLResolver, space: str = "", before: tuple[str, ...] = ()
) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        asks_for = (*before, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from addresses(entry, inner, asks_for)
        else:
            yield Address(f"{space}{entry.name}", asks_for, entry.callback)


def own() -> list[Address]:
    """Those whose answers are not the same for everybody."""
    return [
        each
        for each in addresses(get_resolver())
        if not each.name.startswith(NO_ONES_OWN) and not is_for_everybody(each.callback)
    ]


def own_paths(client: Client) -> dict[str, str]:
    """For each of these names the path by which somebody who has everything asks; signed in."""
    user = everything(client)
    with_app(user)
    RecoveryCodes.activate(user)
    values, found = _values(user), {}
    for name, asks_for, _callback in own():
        known = values.get(name) or values.get(name.split(":")[0], {})
        found[name] = reverse(name, kwargs={key: known[key] for key in asks_for})
    return found


def _values(user: User) -> dict[str, dict[str, Any]]:
    """What stands in the addresses of this person's things, by namespace or name of the address."""
    served = Application.objects.get(volunteer__user=user)
    return {
        **_as_a_volunteer(user, served),
        **_at_forums(Registration.objects.get(), Submission.objects.get()),
        **_in_the_network(user, user.memberships.get()),
        **_out_of_mails(),
        "news": {"slug": factories.ArticleFactory().slug},
        "certificates": {"code": issue(SERVICE, served, by=factories.StaffFactory()).code},
        "privacy:consent_withdraw": {"pk": Consent.objects.latest("pk").pk},
        "privacy:request_withdraw": {"pk": PrivacyRequest.objects.latest("pk").pk},
        # Nobody has such a key.
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
    }


def _signed(key: UUID, signature_of: Callable[[UUID], str]) -> dict[str, Any]:
    return {"key": key, "signature": signature_of(key)}


def _as_a_volunteer(user: User, served: Application) -> dict[str, dict[str, Any]]:
    """Who came back once, goes soon, is invited to talk, and has begun to apply."""
    opening = with_checklist(opening_in(30))
    # A checklist that is due is worked on by whoever is confirmed.
    leaving = {"receipt": "GOING-1", "sent_at": timezone.now(), "state": State.CONFIRMED}
    going = factories.ApplicationFactory(
        volunteer=served.volunteer, call=opening.call, opening=opening, **leaving
    )
    [slot] = slots(3)
    asked = invited(slot.call, user)
    assert interviews.choose(asked, slot, by=user)
    draft = factories.ApplicationFactory(
        volunteer=served.volunteer, call=factories.OpeningFactory().call
    )
    return {
        "volunteers": {
            "uuid": served.uuid, "slug": draft.call.slug, "step": "about", "pk": 1, "document": 1,
        },
        "mail": {"token": _link_by_mail(user.email)},
        "volunteers:departure_detail": {"uuid": going.uuid},
        "volunteers:departure_item": {"uuid": going.uuid, "kind": "passport"},
        "volunteers:interview": {"uuid": asked.uuid},
        "volunteers:interview_calendar": {"uuid": asked.uuid},
        "volunteers:withdraw": {"uuid": asked.uuid},
        "volunteers:application_file": {"uuid": ApplicationFile.objects.get().uuid},
        "volunteers:departure_file": {"uuid": InsuranceCertificate.objects.get().uuid},
    }  # fmt: skip


def _link_by_mail(email: str) -> str:
    """To begin an application; its reader need not sign in."""
    letter = mails.begin(factories.OpeningFactory().call, email=email, language="en")
    assert letter
    links.issue(letter)
    return links.token_of(letter)


def _at_forums(row: Registration, paper: Submission) -> dict[str, dict[str, Any]]:
    return {
        "forums": {"uuid": paper.uuid, "slug": paper.forum.slug},
        "forums:register": {"slug": row.forum.slug},
        "registrations": _signed(row.uuid, registration_signed),
    }


def _in_the_network(user: User, membership: Membership) -> dict[str, dict[str, Any]]:
    proposal = factories.ProposalFactory(author=user, organisation=membership.organisation)
    meeting, suggestion = NetworkMeeting.objects.latest("pk"), Suggestion.objects.get(by=user)
    return {
        "proposals": {"uuid": proposal.uuid, "pk": ProposalComment.objects.get(author=user).pk},
        "meetings": {"slug": meeting.slug, "pk": ActionItem.objects.get(owner=membership).pk},
        "meetings:member_document": {"uuid": a_document(meeting).uuid},
        "network": {"pk": membership.pk},
        "network:suggest": {"pk": membership.organisation_id, "kind": "organisation"},
        "network:invitation_detail": {"pk": Invitation.objects.get(email=user.email).pk},
        "network:suggestion_detail": {"pk": suggestion.pk},
        "network:suggestion_withdraw": {"pk": suggestion.pk},
    }


def _out_of_mails() -> dict[str, dict[str, Any]]:
    return {
        "subscribing": _signed(Subscription.objects.get().key, subscription_signed),
        "pages": {"receipt": Inquiry.objects.get().receipt},
        "account_confirm_email": {"key": "nothing"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
    }
