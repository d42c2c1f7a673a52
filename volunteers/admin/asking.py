"""The page on which staff ask an applicant something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from oda_portal.mail.previews import Shown
from oda_portal.mail.rendering import Stationery
from oda_portal.privacy.models import Act
from oda_portal.publishing.effects import stamp_of
from volunteers import actions, mails, permissions

from .forms import A_WEEK, AskForm
from .letters import letter_shown

if TYPE_CHECKING:
    from volunteers.models import Application

    from .applications import ApplicationAdmin


def ask_page(
    model_admin: ApplicationAdmin, request: HttpRequest, object_id: str
) -> HttpResponseBase:
    application = model_admin.to_look_at(request, object_id)
    permissions.require(permissions.can_ask_applicant(request.user))
    if not application.is_withdrawable():
        raise Http404
    form = AskForm(request.POST if request.method == "POST" else None)
    letter = _letter(application, form)
    stamp = stamp_of(letter.letter.subject, letter.letter.text)
    is_same = request.POST.get("shown") == stamp
    if form.is_valid() and is_same:
        actions.ask(application, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        model_admin.look(request, Act.EDIT, [application], what="ask")
        sentence = _("We will email the applicant and ask them to read and answer your question.")
        model_admin.message_user(request, sentence, messages.SUCCESS)
        return redirect(model_admin.address("change", application))
    return model_admin.page(
        request,
        application,
        "admin/volunteers/ask.html",
        what="ask",
        shown=letter,
        stamp=stamp,
        has_changed=request.method == "POST" and form.is_valid() and not is_same,
        title=_("Ask a question"),
        form=form,
        button=_("Ask"),
        explanation=_(
            "%(name)s gets emails in %(language)s. The email says only that there is a question"
            " and when to answer it by; the question itself appears only on their page."
        )
        % {"name": application.volunteer, "language": application.get_language_display()},
    )


def _letter(application: Application, form: AskForm) -> Shown:
    """The mail, with the day that was chosen; with the one that is proposed until then."""
    form.is_valid()
    chosen = getattr(form, "cleaned_data", {}).get("answer_by")
    news = mails.question_of(application, chosen or timezone.localdate() + A_WEEK)
    return letter_shown(news, application, Stationery())
