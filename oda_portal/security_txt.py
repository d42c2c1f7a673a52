"""Where to report a weakness: RFC 9116, and the policy that it names."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from .pages.furniture import office
from .publishing.freshness import public

LASTS = timedelta(days=180)  # the RFC asks for less than a year
LANGUAGES = "ko, en, zh-Hans"


@public
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """The office's address, or SECURITY_CONTACT; the form is always there."""
    with override(settings.LANGUAGE_CODE):
        email, form = office()["email"], reverse("pages:contact")
    own = settings.SECURITY_CONTACT or email
    ends = (timezone.now() + LASTS).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        *([f"Contact: {_as_uri(own)}"] if own else []),
        f"Contact: {settings.SITE_URL}{form}",
        f"Expires: {ends}",
        f"Preferred-Languages: {LANGUAGES}",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
        f"Policy: {settings.SITE_URL}{reverse('security_policy')}",
    ]
    return _text("\n".join(lines) + "\n")


@public
@require_safe
def security_policy(request: HttpRequest) -> HttpResponse:
    """SECURITY.md, in three languages."""
    return _text((settings.BASE_DIR / "SECURITY.md").read_text(encoding="utf-8"))


def _as_uri(contact: str) -> str:
    return contact if ":" in contact else f"mailto:{contact}"


def _text(content: str) -> HttpResponse:
    return HttpResponse(content, content_type="text/plain; charset=utf-8")
