"""What the service pages of a call share: addresses, frame, and how they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from volunteers.models import Call, Opening

if TYPE_CHECKING:
    from .calls import CallAdmin

NAME = "volunteers_call_service"


def service_address(call: Call, page: str = "", *args: int | str) -> str:
    """`page` as in `_sheet`; its arguments after the call's number."""
    return reverse(f"admin:{NAME}{page}", args=[call.pk, *args])


def service_page(
    model_admin: CallAdmin, request: HttpRequest, call: Call, template: str, **context: Any
) -> TemplateResponse:
    whole = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "object": call,
        "call": call,
        "back": service_address(call),
        **context,
    }
    return TemplateResponse(request, f"admin/volunteers/service_{template}.html", whole)


def sheet_address(opening: Opening) -> str:
    return service_address(opening.call, "_sheet", opening.pk)
