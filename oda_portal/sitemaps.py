"""Every public address in three languages, for search engines."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Model, QuerySet
from django.urls import reverse

from oda_portal.languages import HTML_LANG
from oda_portal.pages.models import Page, Service
from partners.models import City, Organisation
from programs.models import Program


class PortalSitemap(Sitemap):
    """Alternates as the pages name them themselves: zh-Hans and not Django's zh-hans."""

    i18n = True
    alternates = True
    x_default = True
    protocol = settings.SITE_URL.split(":")[0]

    def get_domain(self, site: Any = None) -> str:
        return settings.SITE_URL.split("//")[1]

    def get_languages_for_item(self, item: Any) -> list[str]:
        return list(HTML_LANG)

    def _urls(self, page: int, protocol: str, domain: str) -> list[dict[str, Any]]:
        urls = super()._urls(page, protocol, domain)
        for url in urls:
            for alternate in url["alternates"]:
                code = alternate["lang_code"]
                alternate["lang_code"] = HTML_LANG.get(code, code)
        return urls


class FixedSitemap(PortalSitemap):
    def items(self) -> list[str]:
        return [
            "home",
            "programs:program_list",
            "programs:partner_program_list",
            "partners:partner_index",
            "partners:city_list",
            "partners:organisation_list",
            "partners:agreement_list",
            "pages:service_list",
            "pages:site_map",
            "pages:source_list",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class PublishedSitemap(PortalSitemap):
    """Whatever of a model is published now."""

    limit = 5000

    def __init__(self, rows: QuerySet) -> None:
        self.rows = rows

    def items(self) -> Iterable[Model]:
        return self.rows.all().published().order_by("pk")

    def lastmod(self, item: Any) -> Any:
        return item.changed_at


SITEMAPS = {
    "fixed": FixedSitemap,
    "programs": PublishedSitemap(Program.objects.all()),
    "cities": PublishedSitemap(City.objects.all()),
    "organisations": PublishedSitemap(Organisation.objects.all()),
    "services": PublishedSitemap(Service.objects.all()),
    "pages": PublishedSitemap(Page.objects.all()),
}
