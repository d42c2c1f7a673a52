"""One's own papers: written, handed in, changed until the deadline, withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from oda_portal.pages.limits import may_act, too_many
from oda_portal.publishing.texts import text_in

from ..freezing import FrozenError
from ..models import Submission
from ..models.submissions import State
from . import access, acts, mails, wording
from .forms import LinkForm, PaperForm

ASKED_AN_HOUR = 10


def or_ask_for_link(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mails lead here: whoever is not known yet is shown how to come in, and learns nothing."""

    @wraps(view)
    def asked(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
        if access.is_known(request) or access.own(request).filter(uuid=uuid).exists():
            return view(request, uuid)
        return redirect("forums:paper_list")

    return asked


def with_words(rows: Iterable[Submission]) -> list[dict[str, object]]:
    """Papers with their badge and sentence, as lists of them show."""
    return [
        {"row": row, "badge": wording.badge(row), "sentence": wording.sentence(row)} for row in rows
    ]


# --- all of them --------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper_list(request: HttpRequest) -> HttpResponse:
    """One's own; who is not known yet gets a link by email, or signs in."""
    access.adopt(request)
    if access.is_known(request):
        papers = with_words(access.own(request).order_by("-begun_at", "-pk"))
        return _page(request, "list", _("My papers and topics"), papers=papers)
    form = LinkForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "ask", _("My papers and topics"), form=form)
    if not may_act(request, "forums.papers", limit=ASKED_AN_HOUR, seconds=3600):
        return too_many(request)
    email = form.cleaned_data["email"]
    mails.own_papers(email=email, language=translation.get_language() or settings.LANGUAGE_CODE)
    # The same page whether the address has papers or not.
    return _page(request, "sent", _("My papers and topics"), email=email, may_have_none=True)


# --- one of them --------------------------------------------------------------------------------


@never_cache
@require_safe
@or_ask_for_link
def paper_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    submission = access.own_or_404(request, uuid)
    may_change = access.may_change(request, submission)
    return _page(
        request,
        "detail",
        title_of(submission),
        submission,
        badge=wording.badge(submission),
        sentence=wording.sentence(submission),
        may_edit=may_change and submission.is_editable(),
        may_withdraw=may_change and submission.is_withdrawable(),
        may_speak=may_change and submission.is_speakers() and not submission.forum.is_frozen,
        needs_link=not may_change and submission.is_withdrawable(),
        now=timezone.now(),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_ask_for_link
def paper_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A draft is kept as far as it is written; what was handed in only when it is whole."""
    submission = access.own_or_404(request, uuid)
    if not (submission.is_editable() and access.may_change(request, submission)):
        return redirect(submission)
    if request.method != "POST":
        return _form_page(request, submission, PaperForm(instance=submission), submission.stamp)
    hands_in = "submit" in request.POST
    complete = hands_in or submission.state != State.DRAFT
    form = PaperForm(request.POST, instance=submission, complete=complete)
    seen = request.POST.get("seen", "")
    if form.is_valid() and (response := _keep(request, submission, form, seen, hands_in)):
        return response
    return _form_page(request, submission, form, seen)


def _keep(
    request: HttpRequest, submission: Submission, form: PaperForm, seen: str, hands_in: bool
) -> HttpResponse | None:
    """Where to go on; None when the page is shown again, with the reason on the form."""
    by = request.user if request.user.is_authenticated else None
    act = acts.submit if hands_in else acts.save
    try:
        act(submission, form, seen=seen, by=by)
    except acts.ChangedError:
        form.add_error(
            None,
            _(
                "Another window has changed this in the meantime. What you wrote is still here:"
                " compare it with the page in the other window before you save."
            ),
        )
        return None
    except (acts.TooLateError, FrozenError):
        messages.error(request, _("It is too late to change this. Nothing was saved."))
        return redirect(submission)
    if hands_in:
        return redirect(submission)
    messages.success(request, _("Saved."))
    return redirect("forums:paper_edit", uuid=submission.uuid)


def _form_page(
    request: HttpRequest, submission: Submission, form: PaperForm, seen: str
) -> HttpResponse:
    # Who was told of a change in another window has seen it, and may save over it.
    if form.non_field_errors():
        seen = Submission.objects.get(pk=submission.pk).stamp
    is_draft = submission.state == State.DRAFT
    return _page(
        request,
        "form",
        title_of(submission),
        submission,
        form=form,
        seen=seen,
        is_draft=is_draft,
        now=timezone.now(),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_ask_for_link
def paper_withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What follows is said before; a draft is destroyed instead."""
    submission = access.own_or_404(request, uuid)
    is_draft = submission.state == State.DRAFT
    may_step_back = is_draft or submission.is_withdrawable()
    if not (may_step_back and access.may_change(request, submission)):
        return redirect(submission)
    if request.method != "POST":
        return _page(request, "withdraw", title_of(submission), submission, is_draft=is_draft)
    if acts.discard(submission):
        messages.success(request, _("Your draft has been deleted."))
        return redirect("forums:paper_list")
    try:
        acts.withdraw(submission, by=request.user if request.user.is_authenticated else None)
    except FrozenError as error:
        messages.error(request, str(error))
    return redirect(submission)


def title_of(submission: Submission) -> str:
    return _("My topic") if submission.is_topic else _("My paper")


def _page(
    request: HttpRequest, name: str, title: str, submission: Submission | None = None,
    **context: object,
) -> HttpResponse:  # fmt: skip
    to_list = {"label": _("My papers and topics"), "url": reverse("forums:paper_list")}
    crumbs: list[dict[str, str]] = [{"label": _("Forums"), "url": reverse("forums:forum_list")}]
    if submission is not None:
        event = text_in(submission.forum.program, "title").text
        crumbs += [to_list, {"label": submission.title or event}]
        context |= {"submission": submission, "forum": submission.forum}
    else:
        crumbs.append({"label": title})
    whole = {"title": title, "crumbs": crumbs, **context}
    return render(request, f"forums/papers/{name}.html", whole)
