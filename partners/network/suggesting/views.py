"""A member’s own suggestions: what they may write about, writing, and what became of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oda_portal.pages.limits import may_act, too_many

from ...models import Suggestion
from ..access import active_memberships_of, member_page
from ..crumbs import to_members
from . import actions
from .differences import compared
from .forms import SuggestForm
from .registry import Suggestable, of_kind, of_row, registered

SENT_AN_HOUR = 60


@member_page
@require_safe
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """The records whose texts one may suggest about, and one’s own suggestions so far."""
    organisations = _organisations(request)
    groups: list[dict[str, Any]] = [
        {"about": about, "rows": list(about.rows(organisations))} for about in registered()
    ]
    theirs: dict[tuple[Any, int], models.Model] = {
        (type(row), row.pk): row for group in groups for row in group["rows"]
    }
    own = [
        (suggestion, theirs.get((suggestion.content_type.model_class(), suggestion.object_id)))
        for suggestion in Suggestion.objects.of(request.user).select_related("content_type")
    ]
    return render(
        request,
        "network/suggestion_list.html",
        {
            "groups": groups,
            "suggestions": own,
            "crumbs": [*to_members(), {"label": _("Texts about us")}],
        },
    )


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The form with the texts as they stand, or as one has suggested them already."""
    about, organisations = _about(kind), _organisations(request)
    row = get_object_or_404(about.rows(organisations), pk=pk)
    waiting = Suggestion.objects.of(request.user).about(row).waiting().first()
    form = SuggestForm(
        request.POST if request.method == "POST" else None,
        suggestable=about,
        row=row,
        wanted=waiting.wanted if waiting else {},
        note=waiting.note if waiting else "",
    )
    if request.method == "POST" and form.is_valid():
        if not may_act(request, "network.suggest", limit=SENT_AN_HOUR, seconds=3600):
            return too_many(request)
        kept = actions.suggest(
            about,
            row,
            form,
            by=request.user,  # type: ignore[arg-type]
            organisations=organisations,
            language=translation.get_language() or settings.LANGUAGE_CODE,
        )
        messages.success(request, _("We have your suggestion. Nothing changes on the site yet."))
        return redirect("network:suggestion_detail", pk=kept.pk)
    crumbs = [*to_members(), _to_texts(), {"label": _("Suggest a change")}]
    context = {"form": form, "about": about, "row": row, "waiting": waiting, "crumbs": crumbs}
    return render(request, "network/suggest.html", context)


@member_page
@require_safe
def suggestion_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What one has suggested, against what stands there now, and what became of it."""
    suggestion = _own(request, pk)
    row = _subject(request, suggestion)
    crumbs = [*to_members(), _to_texts(), {"label": _("Your suggestion")}]
    return render(
        request,
        "network/suggestion_detail.html",
        {
            "suggestion": suggestion,
            "about": of_row(row) if row else None,
            "row": row,
            "differences": compared(suggestion, may_see=row is not None),
            "crumbs": crumbs,
        },
    )


@member_page
@require_POST
def suggestion_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    suggestion = _own(request, pk)
    if actions.withdraw(suggestion, by=request.user):  # type: ignore[arg-type]
        messages.success(request, _("You have withdrawn your suggestion."))
    else:
        messages.info(request, _("The office has already decided about this suggestion."))
    return redirect("network:suggestion_detail", pk=suggestion.pk)


def _about(kind: str) -> Suggestable:
    found = of_kind(kind)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, pk: int) -> Suggestion:
    return get_object_or_404(Suggestion.objects.of(request.user), pk=pk)


def _subject(request: HttpRequest, suggestion: Suggestion) -> models.Model | None:
    """The record, if it is (still) one that they may suggest about: it may be a draft by now."""
    row: Any = suggestion.subject
    return row and of_row(row).rows(_organisations(request)).filter(pk=row.pk).first()


def _organisations(request: HttpRequest) -> list[int]:
    return list(active_memberships_of(request.user).values_list("organisation", flat=True))


def _to_texts() -> dict[str, str]:
    return {"label": _("Texts about us"), "url": reverse("network:suggestion_list")}
