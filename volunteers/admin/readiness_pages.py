"""What the pages of the readiness board share: addresses, frame, and whose names they show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from volunteers.models import Application, Call, Opening
from volunteers.readiness import rules

if TYPE_CHECKING:
    from .calls import CallAdmin

NAME = "volunteers_call_readiness"


def board_address(call: Call, page: str = "", *args: int | str) -> str:
    """`page` as in `_person`; its arguments after the call's number."""
    return reverse(f"admin:{NAME}{page}", args=[call.pk, *args])


def board_page(
    model_admin: CallAdmin, request: HttpRequest, call: Call, template: str, **context: Any
) -> TemplateResponse:
    whole = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "object": call,
        "call": call,
        "back": board_address(call),
        **context,
    }
    return TemplateResponse(request, f"admin/volunteers/readiness_{template}.html", whole)


def behind(applications: Iterable[Application]) -> list[models.Model]:
    """Whose names a page shows, as the log of looks knows them."""
    rows: list[models.Model] = []
    for application in applications:
        volunteer = application.volunteer
        rows += [application, volunteer, *([volunteer.user] if volunteer.user else [])]
    return rows


def numbers_in(texts: Iterable[str]) -> set[int]:
    """The keys of the people whom a page sent back; what is no number is nobody."""
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10}


def opening_or_404(call: Call, pk: int) -> Opening:
    rows = Opening.objects.select_related("city__country", "call").filter(call=call)
    return get_object_or_404(rows, pk=pk)


def application_or_404(call: Call, pk: int) -> Application:
    """Somebody who goes with a team of this call; nobody else has a place on its board."""
    rows = Application.objects.filter(opening__call=call).select_related(
        "volunteer__user", "opening__city__country", "opening__call", "call"
    )
    application = get_object_or_404(rows, pk=pk)
    if not rules.has_departure(application):
        raise Http404
    return application
