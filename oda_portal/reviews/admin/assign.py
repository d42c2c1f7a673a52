"""Assigning reviewers: who gets how many, and the mail that tells them, before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.mail.models import Message
from oda_portal.mail.previews import Shown, preview_of
from oda_portal.mail.rendering import Stationery

from .. import mails, permissions
from ..assigning import Plan, assign, plan
from ..models import Rubric
from .forms import AssignForm

if TYPE_CHECKING:
    from .rubrics import RubricAdmin


def assign_page(model_admin: RubricAdmin, request: HttpRequest, object_id: str) -> HttpResponseBase:
    """First whom to ask, then who gets how many and what they will read; then it is done."""
    rubric = model_admin.to_read(request, object_id)
    if not permissions.can_assign_review(request.user):
        raise PermissionDenied
    form = AssignForm(request.POST if request.method == "POST" else None)
    planned = None
    if form.is_valid() and _may_begin(model_admin, request, rubric):
        reviewers = list(form.cleaned_data["reviewers"])
        if "sure" in request.POST and _done(model_admin, request, rubric, reviewers):
            return redirect(model_admin.address("change", rubric))
        planned = plan(rubric, reviewers)
    context = model_admin.page_context(
        request,
        rubric,
        title=_("Assign reviewers"),
        form=form,
        plan=planned,
        letters=_letters(planned) if planned else [],
    )
    return TemplateResponse(request, "admin/reviews/assign.html", context)


def _may_begin(model_admin: RubricAdmin, request: HttpRequest, rubric: Rubric) -> bool:
    if rubric.is_closed():
        sentence = _("Reviewing is closed. Set a later time to close first.")
    elif not rubric.criteria.exists():
        sentence = _("There is nothing to score yet. Add a criterion first.")
    else:
        return True
    model_admin.message_user(request, sentence, messages.ERROR)
    return False


def _done(
    model_admin: RubricAdmin, request: HttpRequest, rubric: Rubric, reviewers: list[Any]
) -> bool:
    stamp = request.POST.get("shown", "")
    count = assign(rubric, reviewers, by=request.user, stamp=stamp) if stamp else None  # type: ignore[arg-type]
    if count is None:
        sentence = _("Something has changed in the meantime. Check again before you confirm.")
        model_admin.message_user(request, sentence, messages.WARNING)
        return False
    sentence = ngettext(
        "%(count)s review has been assigned.", "%(count)s reviews have been assigned.", count
    )
    model_admin.message_user(request, sentence % {"count": count}, messages.SUCCESS)
    return True


def _letters(planned: Plan) -> list[Shown]:
    """One for each language that somebody reads who gets a mail, as the first of them reads it."""
    stationery, found = Stationery(), {}
    for reviewer, _has, more in planned.who_gets():
        language = reviewer.preferred_language
        if more and language not in found:
            message = Message(
                kind=mails.KIND,
                language=language,
                name=reviewer.name,
                context=mails.news_of(planned.rubric, more, language),
                path=reverse("reviews:review_list"),
            )
            found[language] = preview_of(message, stationery)
    return list(found.values())
