"""One's own applications: where each stands, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oda_portal.files.downloads import private_response
from oda_portal.publishing.texts import text_in

from .. import access, actions, offers, sending, wording
from ..forms import AnswerForm
from ..models import Application, ApplicationFile
from ..summary import summary_of

ANSWERS = {"yes": offers.confirm, "no": offers.decline, "again": offers.wait_again}


@never_cache
@login_required
@require_safe
def application_list(request: HttpRequest) -> HttpResponse:
    access.adopt(request)
    rows = access.own(request).order_by("-begun_at")
    return render(
        request,
        "volunteers/application_list.html",
        {
            "applications": with_words(rows),
            "crumbs": [_to_index(), {"label": _("My applications")}],
        },
    )


def with_words(rows: Iterable[Application]) -> list[dict[str, object]]:
    """Applications with their badge and sentence, as lists of them show."""
    return [
        {"row": row, "badge": wording.badge(row), "sentence": wording.sentence(row)} for row in rows
    ]


def own_application(request: HttpRequest, uuid: UUID) -> Application:
    access.adopt(request)
    return access.own_or_404(request, uuid)


def or_sign_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mails lead here: who is signed out is asked to sign in, whether there is such a page or not.

    Not so whoever holds a draft by its mailed link.
    """

    @wraps(view)
    def asked(request: HttpRequest, uuid: UUID, **more: int) -> HttpResponseBase:
        if request.user.is_authenticated or access.holds_drafts(request):
            return view(request, uuid, **more)
        return redirect_to_login(request.get_full_path())

    return asked


@never_cache
@require_safe
@or_sign_in
def application_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _detail(request, own_application(request, uuid))


def _detail(
    request: HttpRequest, application: Application, *, status: int = 200,
    answering: dict[int, AnswerForm] | None = None,
) -> HttpResponse:  # fmt: skip
    questions = [
        (question, (answering or {}).get(question.pk, AnswerForm(auto_id=f"q{question.pk}_%s")))
        for question in application.questions.all()
    ]
    context = {
        "application": application,
        "call": application.call,
        "badge": wording.badge(application),
        "sentence": wording.sentence(application),
        "timeline": wording.timeline(application),
        "questions": questions,
        "parts": summary_of(application, sending.steps_of(application)),
        "files": application.files.select_related("document"),
        "choices": application.choices.select_related("opening__city"),
        "may_edit": application.is_editable(),
        "may_withdraw": application.is_withdrawable(),
        "place": wording.place(application),
        "may_answer": application.can_answer(),
        "may_wait_again": application.can_wait_again(),
        "may_begin_again": application.can_begin_again(),
        "now": timezone.now(),
        "crumbs": [*to_mine(), {"label": text_in(application.call, "title").text}],
    }
    return render(request, "volunteers/application_detail.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_sign_in
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What follows is said before; a draft that was never sent is destroyed instead."""
    application = own_application(request, uuid)
    if not application.is_withdrawable():
        return redirect(application)
    if request.method != "POST":
        crumbs = [*to_mine(), {"label": _("Withdraw")}]
        context = {"application": application, "call": application.call, "crumbs": crumbs}
        return render(request, "volunteers/withdraw.html", context)
    if actions.discard(application):
        messages.success(request, _("Your draft and its files have been deleted."))
        call = application.call
        return redirect(call if call.is_public() else "volunteers:call_list")
    if request.user.is_authenticated and actions.withdraw(application, by=request.user):
        messages.success(request, _("You withdrew your application."))
    return redirect(application)


@never_cache
@require_POST
@or_sign_in
def reply(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Yes or no to a place that was offered; or waiting once more, when that came too late."""
    application = own_application(request, uuid)
    if request.user.is_authenticated:
        for name, act in ANSWERS.items():
            if name in request.POST:
                act(application, by=request.user)
    return redirect(application)


@never_cache
@require_POST
@or_sign_in
def answer_question(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    application = own_application(request, uuid)
    question = get_object_or_404(application.questions, pk=pk)
    form = AnswerForm(request.POST, auto_id=f"q{question.pk}_%s")
    if question.answered_at is None and not form.is_valid():
        return _detail(request, application, status=422, answering={question.pk: form})
    if question.answered_at is None and actions.answer(question, text=form.cleaned_data["answer"]):
        messages.success(request, _("We have your answer."))
    else:
        messages.info(request, _("This question has already been answered."))
    return redirect(application)


@never_cache
@require_safe
@or_sign_in
def application_file(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A file of one's own application; anybody else's does not exist."""
    rows = ApplicationFile.objects.filter(application__in=access.own(request))
    row = get_object_or_404(rows, uuid=uuid)
    return private_response(row.file, row.name)


def _to_index() -> dict[str, str]:
    return {"label": _("Volunteers"), "url": reverse("volunteers:volunteer_index")}


def to_mine() -> list[dict[str, str]]:
    mine = {"label": _("My applications"), "url": reverse("volunteers:application_list")}
    return [_to_index(), mine]
