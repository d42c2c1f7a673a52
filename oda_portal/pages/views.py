"""Public pages of the office: services, fixed pages, and small pages for readers."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from oda_portal.display import COOKIE, display_of
from oda_portal.opendata.lists import with_data
from oda_portal.publishing.freshness import public
from oda_portal.publishing.texts import text_in

from .datasets import questions, sources
from .forms import DisplayForm, SatisfactionForm
from .furniture import fixed_pages, foot_of
from .limits import may_act
from .models import Faq, Page, Service, Strand
from .structured import of_page, of_questions, of_service
from .titles import title_of

YEAR = 365 * 24 * 60 * 60


@public
@with_data("services")
def service_list(request: HttpRequest) -> HttpResponse:
    services = Prefetch("services", Service.objects.published())
    return render(
        request,
        "pages/service_list.html",
        {
            "strands": Strand.objects.prefetch_related(services),
            "crumbs": [{"label": _("What we do")}],
        },
    )


@public
def service_detail(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Service.objects.published().select_related("strand").prefetch_related("sources")
    service = get_object_or_404(rows, slug=slug)
    return render(
        request,
        "pages/service_detail.html",
        {
            "service": service,
            "structured": of_service(service),
            "others": Service.objects.published().exclude(pk=service.pk),
            **foot_of(service),
            "crumbs": [
                {"label": _("What we do"), "url": reverse("pages:service_list")},
                {"label": text_in(service, "title").text},
            ],
        },
    )


@public
def page_detail(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_object_or_404(Page.objects.published(), slug=slug)
    return render(
        request,
        "pages/page_detail.html",
        {
            "page": page,
            "shown": page,
            "structured": of_page(page),
            "earlier": page.earlier_versions.all(),
            **foot_of(page),
            "crumbs": [{"label": text_in(page, "title").text}],
        },
    )


@public
def page_version(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    page = get_object_or_404(Page.objects.published(), slug=slug)
    try:
        version = get_object_or_404(page.earlier_versions, effective_on=date.fromisoformat(day))
    except ValueError:  # 2026-02-31
        raise Http404 from None
    return render(
        request,
        "pages/page_detail.html",
        {
            "page": page,
            "shown": version,
            "earlier": page.earlier_versions.all(),
            **foot_of(page),
            "crumbs": [
                {"label": text_in(page, "title").text, "url": page.get_absolute_url()},
                {"label": day},
            ],
        },
    )


@public
@with_data("sources")
def source_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "pages/source_list.html",
        {"sources": sources(), "crumbs": [{"label": _("Sources")}]},
    )


@public
@with_data("questions")
def faq_list(request: HttpRequest) -> HttpResponse:
    """Every question under its topic; the answers are in the page, folded."""
    rows = list(questions())
    groups = groupby(rows, key=lambda row: row.topic)
    return render(
        request,
        "pages/faq_list.html",
        {
            "topics": [(topic, Faq.Topic(topic).label, list(group)) for topic, group in groups],
            "structured": of_questions(rows),
            **foot_of(max(rows, key=lambda row: row.changed_at, default=None)),
            "crumbs": [{"label": _("Frequently asked questions")}],
        },
    )


@public
def site_map(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "pages/site_map.html",
        {
            "pages": Page.objects.published(),
            "services": Service.objects.published(),
            "links": list(fixed_pages()),
            "crumbs": [{"label": _("Site map")}],
        },
    )


@never_cache
def display(request: HttpRequest) -> HttpResponse:
    """Text size and contrast, kept in a cookie for all pages and languages."""
    back = _safe_back(request, request.POST.get("next") or request.GET.get("next") or "")
    letters, contrast = display_of(request)
    form = DisplayForm(request.POST or None, initial={"letters": letters, "contrast": contrast})
    if request.method == "POST" and form.is_valid():
        response = HttpResponseRedirect(back)
        response.set_cookie(
            COOKIE,
            "{letters}.{contrast}".format(**form.cleaned_data),
            max_age=YEAR,
            secure=settings.HTTPS,
            samesite="Lax",
        )
        return response
    crumbs = [{"label": _("Display settings")}]
    context = {"form": form, "next": back, "crumbs": crumbs}
    return render(request, "pages/display_settings.html", context)


@never_cache
def satisfaction(request: HttpRequest) -> HttpResponse:
    """The five-point question about a page; the form stands here so that pages hold no token."""
    page = _safe_back(request, request.POST.get("page") or request.GET.get("page") or "")[:200]
    form = SatisfactionForm(request.POST or None, initial={"score": _score(request)})
    crumbs = [{"label": _("Satisfaction with a page")}]
    context = {"form": form, "page": page, "page_title": title_of(page) or page, "crumbs": crumbs}
    if request.method == "POST" and form.is_valid():
        if not may_act(request, "satisfaction", limit=10, seconds=10 * 60):
            form.add_error(None, _("Too many tries. Please wait 10 minutes."))
            return render(request, "pages/satisfaction.html", context, status=429)
        form.instance.page = page
        form.instance.language = translation.get_language()
        form.save()
        return render(request, "pages/satisfaction_thanks.html", context)
    return render(request, "pages/satisfaction.html", context)


def _score(request: HttpRequest) -> str:
    score = request.GET.get("score", "")
    return score if score in {"1", "2", "3", "4", "5"} else ""


def _safe_back(request: HttpRequest, wanted: str) -> str:
    """An address of this site to go back to; home where it is another's or holds control signs."""
    on_site = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    readable = wanted.isprintable() and wanted.startswith("/")
    return wanted if on_site and readable else reverse("home")
