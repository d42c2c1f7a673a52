"""The catalogue as DCAT 3 (W3C), for the catalogues of others to read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from oda_portal.languages import CODES, HTML_LANG, absolute
from oda_portal.opendata.registry import Dataset, datasets
from oda_portal.opendata.terms import FILES, LICENCE
from oda_portal.pages.furniture import office

from .extents import Extent, extents

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
FREQUENCIES = "http://publications.europa.eu/resource/authority/frequency/"
LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
EU_LANGUAGES = {"ko": "KOR", "en": "ENG", "zh-hans": "ZHO"}
KOREA = "http://publications.europa.eu/resource/authority/country/KOR"
IATI = "https://iatistandard.org/en/iati-standard/203/"
MEDIA = "https://www.iana.org/assignments/media-types/"

Node = dict[str, Any]


def catalogue() -> Node:
    known = extents()
    return {
        "@context": CONTEXT,
        "@id": absolute(reverse("data_catalogue")),
        "@type": "dcat:Catalog",
        "dct:title": _in_each(lambda: _("Open data of %(office)s") % {"office": office()["name"]}),
        "dct:description": _in_each(
            lambda: _("What the portal shows, as data for anybody to use.")
        ),
        "dct:publisher": _publisher(),
        "dct:license": {"@id": LICENCE},
        "dct:language": [{"@id": LANGUAGES + EU_LANGUAGES[code]} for code in CODES],
        "foaf:homepage": {"@id": absolute(reverse("opendata:data_index"))},
        "dcat:dataset": [*(_dataset(each, known[each.name]) for each in datasets()), _iati()],
        "dcat:service": _services(),
    }


def _dataset(found: Dataset, extent: Extent) -> Node:
    address = absolute(reverse("opendata:dataset_detail", args=[found.name]))
    node = {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": found.name,
        "dct:title": _in_each(lambda: str(found.title)),
        "dct:description": _in_each(lambda: str(found.about)),
        "dct:publisher": _publisher(),
        "dcat:contactPoint": _contact(),
        "dct:license": {"@id": LICENCE},
        "dct:spatial": {"@id": KOREA},
        "dct:accrualPeriodicity": {"@id": FREQUENCIES + found.frequency.value},
        "dct:language": [{"@id": LANGUAGES + EU_LANGUAGES[code]} for code in CODES],
        "dcat:landingPage": {"@id": address},
        "dcat:distribution": [_distribution(found, address, form) for form in FILES],
    }
    if found.keywords:
        node["dcat:keyword"] = [
            word for each in found.keywords for word in _in_each(partial(str, each))
        ]
    if extent.changed_at:
        changed = {"@value": extent.changed_at.isoformat(), "@type": "xsd:dateTime"}
        node["dct:modified"] = changed
    return node


def _distribution(found: Dataset, address: str, form: str) -> Node:
    url = f"{address}?format={form}"
    return {
        "@id": url,
        "@type": "dcat:Distribution",
        "dct:title": f"{found.name}.{form}",
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": url},
        "dcat:mediaType": {"@id": MEDIA + FILES[form]},
        "dct:license": {"@id": LICENCE},
    }


def _iati() -> Node:
    """The files for IATI. They are reached by their page, which says whether there are any yet."""
    page = absolute(reverse("iati:iati_index"))
    return {
        "@id": page,
        "@type": "dcat:Dataset",
        "dct:identifier": "iati",
        "dct:title": _in_each(lambda: _("IATI data")),
        "dct:publisher": _publisher(),
        "dcat:contactPoint": _contact(),
        "dct:license": {"@id": LICENCE},
        "dct:conformsTo": {"@id": IATI},
        "dcat:landingPage": {"@id": page},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:accessURL": {"@id": page},
                "dcat:mediaType": {"@id": f"{MEDIA}application/xml"},
                "dct:license": {"@id": LICENCE},
            }
        ],
    }


def _services() -> list[Node]:
    address, description = absolute(reverse("api:index")), absolute(reverse("api:openapi"))
    return [
        {
            "@id": address,
            "@type": "dcat:DataService",
            "dct:title": "API v1",
            "dcat:endpointURL": {"@id": address},
            "dcat:endpointDescription": {"@id": description},
            "dct:license": {"@id": LICENCE},
        }
    ]


def _publisher() -> Node:
    return {
        "@id": f"{settings.SITE_URL}/#office",
        "@type": "foaf:Agent",
        "foaf:name": _in_each(lambda: office()["name"]),
    }


def _contact() -> Node:
    """The department that answers for the portal; never a person."""
    kept = office()
    department = kept["department"] or kept
    node: Node = {
        "@type": "vcard:Organization",
        "vcard:fn": _in_each(lambda: (office()["department"] or office())["name"]),
    }
    if department["email"]:
        node["vcard:hasEmail"] = {"@id": f"mailto:{department['email']}"}
    if department["telephone"]:
        node["vcard:hasTelephone"] = department["telephone"]
    return node


def _in_each(words: Callable[[], str]) -> list[Node]:
    """What `words` says in each language of the portal."""
    found = []
    for code in CODES:
        with translation.override(code):
            found.append({"@value": words(), "@language": HTML_LANG[code]})
    return found
