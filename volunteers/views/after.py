"""After the deployment: the survey and one's own story."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from oda_portal.publishing.texts import text_in

from .. import access
from ..forms.after import StoryForm, SurveyForm
from ..models import Application, Story
from ..service import stories, surveys
from .mine import to_mine


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Four questions and a text; what is wrong stays on the page, and nothing is kept of it."""
    application = _own_or_404(request, uuid)
    answer, is_open = surveys.answer_of(application), surveys.is_open(application)
    form = SurveyForm(request.POST if request.method == "POST" and is_open else None, answer=answer)
    if form.is_valid():
        try:
            surveys.answer(application, form.cleaned_data, language=get_language() or "")
        except surveys.TooLateError:
            return redirect(request.path)
        messages.success(request, _("Thank you. We have your answers."))
        return redirect(application)
    context = {
        **_frame(application, _("Survey")),
        "form": form,
        "answer": answer,
        "is_open": is_open,
        "until": surveys.closes_at(application),
    }
    status = 422 if form.is_bound else 200
    return render(request, "volunteers/survey_form.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def story(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Writing it, agreeing to its publication or not, and how the name is shown."""
    application = _own_or_404(request, uuid)
    written = stories.story_of(application)
    is_sent = request.method == "POST"
    form = StoryForm(request.POST if is_sent else None, application=application, story=written)
    if form.is_valid():
        try:
            seen = request.POST.get("seen", "")
            kept = stories.keep(application, form, seen=seen, by=request.user)  # type: ignore[arg-type]
        except stories.TooLateError as error:
            raise Http404 from error
        except stories.ChangedError:
            form.add_error(
                None,
                _("The text has changed since you opened this page. Nothing was saved. Check it"
                  " and save again."),
            )  # fmt: skip
        else:
            messages.success(request, _thanks(kept))
            return redirect(application)
    return _story_page(request, application, form)


def _story_page(request: HttpRequest, application: Application, form: StoryForm) -> HttpResponse:
    # As it stands now: whoever saves again knows what the page shows.
    written = stories.story_of(application)
    context = {
        **_frame(application, _("Your story")),
        "form": form,
        "story": written,
        "words": stories.words_of(written) if written else None,
        "is_own": written is None or written.is_own_to_edit,
        "seen": stories.stamp_of(written),
    }
    status = 422 if form.is_bound else 200
    return render(request, "volunteers/story_form.html", context, status=status)


def _thanks(kept: Story) -> str:
    if not kept.agreed:
        return _("Thank you. We have your story and will not publish it.")
    if kept.is_public():
        return _("Thank you. Your story is on the deployment’s page.")
    return _("Thank you. We will read your story and publish it on the deployment’s page.")


def _own_or_404(request: HttpRequest, uuid: UUID) -> Application:
    """One's own, once the volunteering is complete."""
    access.adopt(request)
    rows = access.own(request).select_related("opening__city")
    application = get_object_or_404(rows, uuid=uuid)
    if not stories.may_write(application):
        raise Http404
    return application


def _frame(application: Application, title: str) -> dict[str, object]:
    to_application = {
        "label": text_in(application.call, "title").text,
        "url": application.get_absolute_url(),
    }
    return {
        "application": application,
        "call": application.call,
        "opening": application.opening,
        "title": title,
        "crumbs": [*to_mine(), to_application, {"label": title}],
    }
