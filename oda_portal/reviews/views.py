"""A reviewer's own pages, outside the back office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oda_portal.accounts.doors import staff_page
from oda_portal.files.downloads import private_response
from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import Act

from . import actions
from .forms import ConflictForm, ScoreForm
from .listing import batches_of
from .models import Review, ReviewState
from .permissions import SCORE
from .reading import files_of, material_of, subject_of, title_of
from .registry import kind_of


def _own(request: HttpRequest, uuid: UUID) -> Review:
    """Nobody else's review exists for the reviewer, nor one with a conflict of interest."""
    rows = Review.objects.visible_to(request.user).select_related("rubric__content_type")
    review = rows.filter(uuid=uuid).first()
    if review is None:
        raise Http404(_("There is no such review."))
    return review


def _look(request: HttpRequest, act: Act, reviews: list[tuple[Review, Any]], what: str) -> None:
    people = [
        person
        for review, subject in reviews
        for person in kind_of(review.rubric.round).people(subject)
        if person is not None
    ]
    record_look(request, act, people, what=f"reviews.review {what}".strip())


@never_cache
@staff_page(SCORE)
@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """What is to be done and what is done, with how far each stage has come."""
    batches = batches_of(request.user)  # type: ignore[arg-type]
    shown = [(line.review, line.subject) for batch in batches for line in batch.lines]
    if shown:
        _look(request, Act.LIST, shown, "list")
    crumbs = [{"label": _("My reviews")}]
    return render(request, "reviews/review_list.html", {"batches": batches, "crumbs": crumbs})


@never_cache
@staff_page(SCORE)
@require_http_methods(["GET", "HEAD", "POST"])
def review_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    review = _own(request, uuid)
    criteria = list(review.rubric.criteria.all())
    if request.method != "POST":
        return _page(request, review, ScoreForm(review=review, criteria=criteria))
    form = ScoreForm(request.POST, review=review, criteria=criteria)
    act = actions.submit if "submit" in request.POST else actions.save_scores
    if form.is_valid() and _done(form, act, review, request):
        if act is actions.submit:
            messages.success(request, _("We have your review. Thank you."))
            return redirect("reviews:review_list")
        messages.success(request, _("Saved as a draft. It counts once you submit it."))
        return redirect(review)
    return _page(request, review, form)


def _done(form: ScoreForm, act: Any, review: Review, request: HttpRequest) -> bool:
    """Whether the act went through; else its sentence stands above the form."""
    try:
        act(review, form.marks(), comment=form.cleaned_data["comment"], by=request.user)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _page(
    request: HttpRequest, review: Review, form: ScoreForm, conflict: ConflictForm | None = None
) -> HttpResponse:
    """The material stands there only as long as it is needed: while it can be scored."""
    subject, rubric = subject_of(review), review.rubric
    is_open = actions.may_be_scored(review)
    title = title_of(rubric, subject)
    _look(request, Act.DETAIL, [(review, subject)], "")
    context = {
        "review": review,
        "rubric": rubric,
        "title": title,
        "is_open": is_open,
        "is_upcoming": not rubric.is_open() and not rubric.is_closed(),
        "is_over": rubric.is_closed(),
        "is_submitted": review.state == ReviewState.SUBMITTED,
        "sections": material_of(rubric, subject) if is_open else [],
        "files": files_of(rubric, subject) if is_open else [],
        "form": form,
        "conflict_form": conflict or ConflictForm(),
        "crumbs": [
            {"label": _("My reviews"), "url": reverse("reviews:review_list")},
            {"label": title},
        ],
    }
    is_refused = bool(form.errors or (conflict and conflict.errors))
    status = 422 if is_refused else 200
    return render(request, "reviews/review_detail.html", context, status=status)


@never_cache
@staff_page(SCORE)
@require_POST
def review_reopen(request: HttpRequest, uuid: UUID) -> HttpResponse:
    review = _own(request, uuid)
    try:
        if actions.reopen(review, by=request.user):  # type: ignore[arg-type]
            sentence = _("You can change your review. Until you submit it again it does not count.")
            messages.success(request, sentence)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return _back(request, review)


@never_cache
@staff_page(SCORE)
@require_POST
def review_conflict(request: HttpRequest, uuid: UUID) -> HttpResponse:
    review = _own(request, uuid)
    conflict = ConflictForm(request.POST)
    if not conflict.is_valid():
        form = ScoreForm(review=review, criteria=list(review.rubric.criteria.all()))
        return _page(request, review, form, conflict)
    try:
        actions.declare_conflict(review, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _back(request, review)
    messages.success(
        request,
        _(
            "Thank you for telling us. You no longer have access to it, and"
            " somebody else will review it."
        ),
    )
    return redirect("reviews:review_list")


def _back(request: HttpRequest, review: Review) -> HttpResponse:
    """To its page, while it is still theirs."""
    is_theirs = Review.objects.visible_to(request.user).filter(pk=review.pk).exists()
    return redirect(review if is_theirs else "reviews:review_list")


@never_cache
@staff_page(SCORE)
@require_safe
def review_file(request: HttpRequest, uuid: UUID, file: UUID) -> HttpResponseBase:
    """A file that came with it, where the stage is not blind and can be scored."""
    review = _own(request, uuid)
    subject = subject_of(review)
    known = files_of(review.rubric, subject) if actions.may_be_scored(review) else []
    found = next((one for one in known if one.uuid == file), None)
    if found is None:
        raise Http404(_("There is no such file."))
    response = private_response(found.file, found.name)
    _look(request, Act.FILE, [(review, subject)], "file")
    return response
