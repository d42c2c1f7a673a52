"""The one programme that is the working-level network: its page is `/partners/network/`."""

from __future__ import annotations

from django.urls import reverse

from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.models import PublishableQuerySet
from partners.models import NetworkMember, Organisation

from . import homes
from .models import Program
from .models.program import Kind


def register() -> None:
    homes.register(Kind.NETWORK, _home)


def the_network() -> Program | None:
    """The first programme of this kind that everybody may see; others have pages of their own."""
    rows = Program.objects.published().ours().filter(kind=Kind.NETWORK)
    return rows.select_related("village").order_by("pk").first()


def members() -> PublishableQuerySet:
    """The organisations that staff have confirmed, as far as they have a public page."""
    standing = NetworkMember.objects.standing()
    rows = Organisation.objects.published().filter(network__in=standing)
    return rows.select_related("country").order_by_text("name")


def _home(program: Program) -> str | None:
    key = at_hand("the-network", lambda: getattr(the_network(), "pk", 0))
    return reverse("network_public:network") if program.pk == key else None
