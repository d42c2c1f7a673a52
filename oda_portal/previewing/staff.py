"""A preview in its frame, the link that can be given away, and all links of one’s own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from csp.constants import SELF
from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from oda_portal.languages import HTML_LANG, absolute

from .models import GIVEN, Preview
from .showing import FRAME

WIDE, PHONE = "wide", "phone"


def _own(request: HttpRequest, uuid: UUID) -> Preview:
    """What others look at is nobody else’s business."""
    return get_object_or_404(Preview, by=request.user.pk, uuid=uuid)


def _address(preview: Preview, language: str, *, in_frame: bool = False) -> str:
    with translation.override(language):
        address = reverse("previewing:look", args=[preview.token])
    return address + (f"?{FRAME}=1" if in_frame else "")


@require_safe
def preview(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    shown = _own(request, uuid)
    if not shown.is_alive:
        raise Http404
    language = _chosen(request, "language", tuple(HTML_LANG), str(translation.get_language()))
    width = _chosen(request, "width", (WIDE, PHONE), WIDE)
    address = _address(shown, language, in_frame=True)
    context = {
        "title": _("Preview"),
        "preview": shown,
        **_choices(language, width),
        "frame_url": address + (f"#{shown.anchor}" if shown.anchor else ""),
        "link": absolute(_address(shown, language)) if shown.shared_at else "",
        "days": GIVEN.days,
    }
    response = _page(request, "admin/previewing/preview.html", context)
    response._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]
    return response


def _choices(language: str, width: str) -> dict[str, Any]:
    labels = {WIDE: pgettext("preview", "Wide"), PHONE: pgettext("preview", "Phone")}
    return {
        "languages": [
            {"code": code, "html_lang": HTML_LANG[code], "name": name, "is_shown": code == language}
            for code, name in settings.LANGUAGES
        ],
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "widths": [(name, label, name == width) for name, label in labels.items()],
        "width": width,
    }


def _chosen(request: HttpRequest, name: str, known: tuple[str, ...], otherwise: str) -> str:
    value = request.GET.get(name, "")
    return value if value in known else otherwise


@require_POST
def share(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    shown = _own(request, uuid)
    if not shown.is_alive:
        raise Http404
    if shown.share(by=request.user):  # type: ignore[arg-type]
        messages.success(request, _("You can share the link now."))
    return redirect(f"{reverse('previews:preview', args=[uuid])}?{request.GET.urlencode()}")


@require_POST
def end(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    if _own(request, uuid).end(by=request.user):  # type: ignore[arg-type]
        messages.success(request, _("The link has ended. Nobody can open it any more."))
    else:
        messages.warning(request, _("The link had ended already."))
    return redirect("previews:preview_list")


@require_safe
def preview_list(request: HttpRequest) -> HttpResponseBase:
    """The links that one gave away and that still lead somewhere."""
    language = str(translation.get_language())
    rows = Preview.objects.alive().given_away().filter(by=request.user.pk).order_by("-shared_at")
    context = {
        "title": _("Links to previews"),
        "rows": [
            {
                "preview": row,
                "kind": capfirst(row.model_class._meta.verbose_name),
                "link": absolute(_address(row, language)),
                "number": str(number),
            }
            for number, row in enumerate(rows.defer("sealed"), start=1)
        ],
    }
    return _page(request, "admin/previewing/preview_list.html", context)


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
    frame = {**admin.site.each_context(request), "is_nav_sidebar_enabled": False}
    return TemplateResponse(request, template, {**frame, **context})
