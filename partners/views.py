"""Public pages of partner cities, organisations and agreements."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.drawing.geometry import distance_km
from oda_portal.drawing.maps import locator
from oda_portal.opendata.lists import with_data
from oda_portal.pages.furniture import foot_of, home_point, office
from oda_portal.publishing.freshness import public
from oda_portal.publishing.listing import listing
from oda_portal.publishing.models import PublishableQuerySet
from oda_portal.publishing.texts import text_in

from .activities import by_program, cities_worked_in, published_programs
from .datasets import agreements, cities, organisations
from .filters import AgreementFilter, CityFilter, OrganisationFilter
from .models import City, CityQuerySet, Organisation, PartnerActivity
from .structured import of_city, of_organisation
from .worldmap import world_map

NEAR = 4


@public
def partner_index(request: HttpRequest) -> HttpResponse:
    tied = City.objects.published().partners().select_related("country")
    relations = [city.relation for city in tied]
    return render(
        request,
        "partners/partner_index.html",
        {
            "map": world_map(tied, active=set(cities_worked_in())),
            "sister_count": relations.count(City.Relation.SISTER),
            "friendship_count": relations.count(City.Relation.FRIENDSHIP),
            "has_activities": PartnerActivity.objects.published().exists(),
            "organisation_count": Organisation.objects.published().count(),
            "agreements": _agreements()[:5],
            "crumbs": [{"label": _("Partners")}],
        },
    )


@public
@with_data("cities")
def city_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "partners/city_list.html",
        {
            "listing": listing(request, CityFilter, cities(), per_page=30),
            # What is said of the home city, which has no page, is said of its ties.
            "home": City.objects.published().filter(relation=City.Relation.HOME).first(),
            "crumbs": [_to_index(), {"label": _("Partner cities")}],
        },
    )


@public
def city_detail(request: HttpRequest, slug: str) -> HttpResponse:
    rows = City.objects.published().abroad()
    city = get_object_or_404(rows.select_related("country").prefetch_related("sources"), slug=slug)
    home = office()
    drawn = locator(city.point, home_point(), city.country.numeric)
    return render(
        request,
        "partners/city_detail.html",
        {
            "city": city,
            "structured": of_city(city),
            "programs": city.programs.published().newest_first().for_cards(),
            "agreements": city.agreements.published(),
            "labels": drawn.labels(text_in(city, "name").text, home["city_name"]),
            "has_activities": PartnerActivity.objects.published()
            .filter(countries=city.country_id)
            .exists(),
            "distance": _rounded(distance_km(city.point, home_point())),
            "near": _nearest(city, rows.select_related("country")),
            **foot_of(city),
            "crumbs": [
                _to_index(),
                {"label": _("Partner cities"), "url": reverse("partners:city_list")},
                {"label": text_in(city, "name").text},
            ],
        },
    )


@public
def city_map(request: HttpRequest, slug: str) -> HttpResponse:
    """The locator map of a city, without words: it serves all languages."""
    city = get_object_or_404(City.objects.published().abroad().select_related("country"), slug=slug)
    drawn = locator(city.point, home_point(), city.country.numeric)
    return HttpResponse(drawn.svg, content_type="image/svg+xml")


@public
@with_data("organisations")
def organisation_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "partners/organisation_list.html",
        {
            "listing": listing(request, OrganisationFilter, organisations(), per_page=30),
            "crumbs": [_to_index(), {"label": _("Organisations")}],
        },
    )


@public
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Organisation.objects.published().select_related("country", "parent")
    parts = Prefetch("parts", Organisation.objects.published())
    organisation = get_object_or_404(rows.prefetch_related("sources", parts), slug=slug)
    roles = organisation.roles.filter(program__in=published_programs()).select_related("program")
    work = by_program(roles.order_by("-program__starts_on", "pk"))
    return render(
        request,
        "partners/organisation_detail.html",
        {
            "organisation": organisation,
            "structured": of_organisation(organisation),
            "work": [entry for entry in work if entry.program.ours],
            "work_of_partners": [entry for entry in work if not entry.program.ours],
            "agreements": organisation.agreements.published(),
            "has_activities": organisation.iati_activities.published().exists(),
            **foot_of(organisation),
            "crumbs": [
                _to_index(),
                {"label": _("Organisations"), "url": reverse("partners:organisation_list")},
                {"label": text_in(organisation, "name").text},
            ],
        },
    )


@public
@with_data("agreements")
def agreement_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "partners/agreement_list.html",
        {
            "listing": listing(request, AgreementFilter, _agreements(), per_page=30),
            "crumbs": [_to_index(), {"label": _("Agreements")}],
        },
    )


def _to_index() -> dict[str, str]:
    return {"label": _("Partners"), "url": reverse("partners:partner_index")}


def _agreements() -> PublishableQuerySet:
    return agreements().prefetch_related("sources")


def _nearest(city: City, others: CityQuerySet) -> list[City]:
    """The partner cities that lie closest; there are some dozens, so all are measured."""
    return sorted(
        others.partners().exclude(pk=city.pk),
        key=lambda other: distance_km(city.point, other.point),
    )[:NEAR]


def _rounded(km: float) -> int:
    """To two or three figures: the points are good to a kilometre or two."""
    step = 10 if km >= 100 else 1
    return round(km / step) * step
