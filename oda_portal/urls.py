"""Every address of the portal. What a person reads stands in three languages."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path

from news.seen import article_seen
from oda_portal.accounts.urls import second_step_patterns
from oda_portal.opendata.api.guide import api_docs
from oda_portal.opendata.catalogue.views import catalogue_jsonld
from oda_portal.pages.limits import too_many
from oda_portal.publishing.freshness import public
from oda_portal.watching import views as watching

from . import errors, health, home, security_txt
from .media import rendition
from .sitemaps import SITEMAPS

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("status.json", watching.status, name="status"),
    path("metrics", watching.figures, name="metrics"),
    path("robots.txt", home.robots, name="robots"),
    path(".well-known/security.txt", security_txt.security_txt, name="security_txt"),
    path(".well-known/security-policy.txt", security_txt.security_policy, name="security_policy"),
    path("sitemap.xml", public(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("data/api/v1/", include("oda_portal.opendata.api.urls")),
    path("data/iati/", include("programs.reporting.file_urls")),
    path("data/catalog.jsonld", catalogue_jsonld, name="data_catalogue"),
    path("drawings/", include("oda_portal.drawing.urls")),
    path("files/", include("oda_portal.files.urls")),
    path("share/", include("oda_portal.structured.pictures.urls")),
    path("news/<slug:slug>/seen.gif", article_seen, name="article_seen"),
    re_path(rf"^{settings.MEDIA_URL[1:]}(?P<name>renditions/[0-9a-f]+\.\w+)$", rendition),
]

urlpatterns += i18n_patterns(
    path("", home.home, name="home"),
    path("", include("oda_portal.pages.urls")),
    path("", include("oda_portal.search.urls")),
    path("programs/", include("programs.urls")),
    path("partners/", include("partners.urls")),
    path("partners/network/members/proposals/", include("programs.proposals.urls")),
    path("partners/network/", include("programs.network_urls")),
    path("partners/network/", include("partners.meetings.urls")),
    path("partners/network/", include("partners.network.urls")),
    path("forums/", include("forums.urls")),
    path("", include("forums.registering.own_urls")),
    path("volunteers/", include("volunteers.urls")),
    path("", include("news.subscribing.urls")),
    path("news/", include("news.urls")),
    path("", include("news.feeds.urls")),
    path("gallery/", include("news.gallery_urls")),
    path("data/api/", api_docs, name="api_docs"),
    path("data/iati/", include("programs.reporting.urls")),
    path("data/", include("oda_portal.opendata.catalogue.urls")),
    path("reviews/", include("oda_portal.reviews.urls")),
    path("certificates/", include("oda_portal.certificates.urls")),
    path("mail/", include("oda_portal.mail.urls")),
    path("accounts/", include("oda_portal.accounts.urls")),
    path("accounts/", include("oda_portal.privacy.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/two-step/", include(second_step_patterns)),
    path("previews/", include("oda_portal.previewing.urls")),
    path("admin/previews/", include("oda_portal.previewing.staff_urls")),
    path("admin/", admin.site.urls),
    prefix_default_language=False,
)

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = too_many  # allauth asks for it
handler500 = errors.server_error
