"""Which records of this app are looked after, and where their addresses lead."""

from __future__ import annotations

from oda_portal.care import links
from oda_portal.care.registry import Cared, register

from .models import Agreement, City, NetworkMeeting, Organisation, PartnerActivity


def register_all() -> None:
    links.leads_to("partners:city_detail", City, slug="slug")
    links.leads_to("partners:organisation_detail", Organisation, slug="slug")
    links.leads_to("partners:activity_detail", PartnerActivity, pk="pk")
    links.leads_to("meetings:meeting_detail", NetworkMeeting, slug="slug")
    register(Cared(City, wanted=("intro", "native_name", "sources")))
    register(Cared(Organisation, wanted=("country", "url", "about")))
    # What was agreed stays as it was signed; minutes stay as they were taken.
    register(Cared(Agreement, wanted=("summary", "parties", "sources"), revise_after=None))
    register(Cared(NetworkMeeting, wanted=("place",), revise_after=None))
