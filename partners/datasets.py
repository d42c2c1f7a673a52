"""What of partners is published as data; the columns are listed by hand."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.opendata.columns import (
    Column,
    Type,
    absolute,
    changed,
    choice,
    linked,
    page_address,
    several,
    stored,
    text,
)
from oda_portal.opendata.registry import Dataset, register
from oda_portal.publishing.models import Precision, PublishableQuerySet

from .activities import published_programs
from .filters import AgreementFilter, CityFilter, OrganisationFilter
from .models import Agreement, City, CityQuerySet, Country, NetworkMeeting, Organisation

COUNTRIES = (
    stored("code", _("ISO code (two letters)")),
    stored("alpha3", _("ISO code (three letters)")),
    stored("numeric", _("ISO number"), nullable=True),
    *text("name", pgettext_lazy("column", "Name")),
    stored("dac_group", _("Group in the DAC list of ODA recipients"), nullable=True),
    stored("dac_valid_from", _("Day from which that group holds"), Type.DATE, nullable=True),
    stored("latitude", _("Latitude"), Type.NUMBER, nullable=True),
    stored("longitude", _("Longitude"), Type.NUMBER, nullable=True),
)

CITIES = (
    stored("slug", _("Last part of its address on this site")),
    *text("name", pgettext_lazy("column", "Name")),
    stored("native_name", _("Name in its own language"), nullable=True),
    stored(
        "native_name_language",
        format_lazy(_("{column} (language)"), column=_("Name in its own language")),
        field="native_language",
        nullable=True,
    ),
    *text("intro", _("Introduction")),
    *linked("country", _("Country or area"), lambda row: row.country),
    *choice("relation", _("Relation to the city"), City.Relation),
    stored(
        "agreed_on",
        _("Day of the agreement, or first possible day"),
        Type.DATE,
        nullable=True,
        short=pgettext_lazy("column", "Agreed on"),
    ),
    *choice("agreed_precision", _("How exactly that day is known"), Precision),
    stored("latitude", _("Latitude"), Type.NUMBER),
    stored("longitude", _("Longitude"), Type.NUMBER),
    page_address(),
    changed(),
)

ORGANISATIONS = (
    stored("slug", _("Last part of its address on this site")),
    *text("name", pgettext_lazy("column", "Name")),
    stored("abbreviation", _("Abbreviation"), nullable=True),
    *text("legal_name", _("Legal name, where it is another")),
    *text("about", _("About the organisation")),
    *choice("kind", _("Kind by IATI’s list"), Organisation.Kind),
    *text("label", _("What we call it")),
    *linked("country", _("Country or area"), lambda row: row.country),
    Column(
        name="parent_slug",
        about=_("The organisation that it is part of"),
        value=lambda row: row.parent.slug if row.parent and row.parent.is_public() else None,
        nullable=True,
    ),
    stored("org_ref", _("IATI organisation identifier"), nullable=True),
    stored("website", _("Address of its own site"), Type.ADDRESS, field="url", nullable=True),
    stored(
        "programs_count",
        _("In how many of the city’s programmes it has a role"),
        Type.INTEGER,
    ),
    page_address(),
    changed(),
)

AGREEMENTS = (
    stored("slug", _("Name of the agreement in addresses")),
    *text("title", _("Title")),
    *text("summary", _("Summary")),
    stored("signed_on", _("Signed on, or first possible day"), Type.DATE),
    *choice("precision", _("How exactly that day is known"), Precision),
    stored("valid_until", _("Valid until"), Type.DATE, nullable=True),
    *several(
        "party", _("Organisations that signed it"), lambda row: row.parties.all(), code="slug"
    ),
    *several("city", _("Cities that signed it"), lambda row: row.cities.all(), code="slug"),
    Column(
        name="document_url",
        about=_("Address of its text, where that is public"),
        value=lambda row: _document_address(row) if row.document else None,
        type=Type.ADDRESS,
        nullable=True,
    ),
    changed(),
)

MEETINGS = (
    stored("slug", _("Last part of its address on this site")),
    *text("title", _("Title")),
    stored("starts_at", _("Begins at"), Type.MOMENT),
    stored("ends_at", _("Ends at"), Type.MOMENT),
    *text("place", pgettext_lazy("column", "Place")),
    Column(
        name="is_cancelled",
        about=_("Whether it was cancelled"),
        value=lambda row: row.cancelled_at is not None,
        type=Type.BOOLEAN,
    ),
    *several(
        "organisation",
        _("Organisations that attended"),
        lambda row: row.attending.all(),
        code="slug",
    ),
    page_address(),
    changed(),
)


def _document_address(agreement: Agreement) -> str:
    return absolute(reverse("files:download", args=[agreement.uuid]))


def countries() -> QuerySet[Country]:
    return Country.objects.order_by("code")


def cities() -> CityQuerySet:
    rows = City.objects.published().abroad().select_related("country")
    return rows.order_by_text("name")


def organisations() -> PublishableQuerySet:
    rows = Organisation.objects.published().select_related("country")
    return rows.with_programs(published_programs().ours()).order_by_text("name")


def agreements() -> PublishableQuerySet:
    parties = Prefetch("parties", Organisation.objects.published())
    places = Prefetch("cities", City.objects.published())
    return Agreement.objects.published().prefetch_related(parties, places)


def meetings() -> PublishableQuerySet:
    return NetworkMeeting.objects.published()


def register_all() -> None:
    _register_places()
    _register_network()


def _register_places() -> None:
    register(
        Dataset(
            name="countries",
            title=_("Countries and areas"),
            about=_("Countries and areas by ISO codes, with their group in the DAC list."),
            columns=COUNTRIES,
            rows=countries,
            keywords=(_("Country or area"), "ISO 3166", "DAC"),
            changed="",
        )
    )
    register(
        Dataset(
            name="cities",
            title=_("Partner cities"),
            about=_("Sister, friendship and partner cities, since when, and where they lie."),
            columns=CITIES,
            rows=cities,
            key="slug",
            filters=CityFilter,
            page="partners:city_list",
            keywords=(_("Sister city"), _("Friendship city")),
        )
    )


def _register_network() -> None:
    register(
        Dataset(
            name="organisations",
            title=_("Organisations"),
            about=_("Organisations that work with the city, by IATI’s list of kinds."),
            columns=ORGANISATIONS,
            rows=lambda: organisations().select_related("parent"),
            key="slug",
            filters=OrganisationFilter,
            page="partners:organisation_list",
            keywords=(_("Organisations"), "IATI"),
        )
    )
    register(
        Dataset(
            name="agreements",
            title=_("Agreements"),
            about=_("What cities and organisations agreed with the city, and when."),
            columns=AGREEMENTS,
            rows=agreements,
            key="slug",
            filters=AgreementFilter,
            page="partners:agreement_list",
            keywords=(pgettext_lazy("keyword", "Agreement"),),
        )
    )
    register(
        Dataset(
            name="network-meetings",
            title=_("Network meetings"),
            about=_("When and where the working-level network met, and who was there."),
            columns=MEETINGS,
            rows=lambda: meetings().prefetch_related(
                Prefetch("attending", Organisation.objects.published())
            ),
            key="slug",
            page="meetings:meeting_list",
            keywords=(_("Working-level network"),),
        )
    )
