"""Accepting and declining papers and topics: who reads what and when, then it is done."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from oda_portal.mail.models import Message
from oda_portal.mail.previews import Shown, preview_of
from oda_portal.mail.rendering import Stationery
from oda_portal.privacy.models import Act
from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.times import korea_moment

from ..freezing import FrozenError
from ..models import Forum, Submission
from ..models.submissions import MOVES
from ..papers import deciding, mails, permissions

if TYPE_CHECKING:
    from .papers import SubmissionAdmin

PREFIX = "decide_"
WORDS = {
    "accept": pgettext_lazy("act on a paper", "Accept"),
    "decline": pgettext_lazy("act on a paper", "Do not accept"),
}


class DecisionForm(RefuseResidentNumbers, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For the office’s record; the speaker does not see it."),
    )


@dataclass(frozen=True)
class Notice:
    """What becomes known to the speaker, and when."""

    submission: Submission
    when: str
    shown: Shown


def decide_page(
    model_admin: SubmissionAdmin, request: HttpRequest, object_id: int, act: str
) -> HttpResponseBase:
    """What the speaker will read and when; then, once it is confirmed, the decision."""
    submission = model_admin.to_look_at(request, object_id)
    _require(request, submission)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if not deciding.may_be_decided(submission):
        _say_refused(model_admin, request, [submission], act)
        return redirect(model_admin.address("change", submission))
    if form.is_valid():
        _carry_out(model_admin, request, [submission], act, form)
        return redirect(model_admin.address("change", submission))
    return model_admin.page(
        request,
        submission,
        "admin/forums/paper_decide.html",
        what=act,
        title=str(WORDS[act]),
        form=form,
        notice=_notice(submission, act, Stationery()),
    )


def decide_selected(
    model_admin: SubmissionAdmin, request: HttpRequest, queryset: Any, *, act: str
) -> HttpResponseBase | None:
    """The same for many: what each is told, and who cannot be decided about."""
    chosen = list(queryset.order_by("sent_at", "pk"))
    rows = [row for row in chosen if deciding.may_be_decided(row) and not row.is_own]
    refused = [row for row in chosen if row not in rows]
    form = DecisionForm(request.POST if "sure" in request.POST else None)
    if form.is_valid() or ("sure" in request.POST and not rows):
        _carry_out(model_admin, request, rows, act, form)
        _say_refused(model_admin, request, refused, act)
        return None
    model_admin.look(request, Act.LIST, chosen, what=act)
    stationery = Stationery()
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": WORDS[act],
        "notices": [_notice(row, act, stationery) for row in rows],
        "refused": refused,
        "form": form,
        "action": f"{PREFIX}{act}",
        "back": request.get_full_path(),
        "list_url": reverse("admin:forums_submission_changelist"),
    }
    return TemplateResponse(request, "admin/forums/paper_decide_selected.html", context)


def take_back_page(
    model_admin: SubmissionAdmin, request: HttpRequest, object_id: int
) -> HttpResponseBase:
    """A decision of which nobody knows yet is forgotten."""
    submission = model_admin.to_look_at(request, object_id)
    _require(request, submission)
    if request.method != "POST":
        return model_admin.page(
            request,
            submission,
            "admin/act.html",
            what="take back",
            title=_("Undo the decision"),
            button=_("Undo the decision"),
            explanation=_("Nobody was told of it. The paper is undecided again."),
        )
    try:
        done = deciding.take_back(submission, by=request.user)  # type: ignore[arg-type]
    except FrozenError as error:
        model_admin.message_user(request, str(error), messages.ERROR)
        return redirect(model_admin.address("change", submission))
    model_admin.look(request, Act.EDIT, [submission], what="take back")
    sentence = _("It is undecided again.") if done else _("No decision was held.")
    model_admin.message_user(request, sentence, messages.SUCCESS if done else messages.INFO)
    return redirect(model_admin.address("change", submission))


def _require(request: HttpRequest, submission: Submission) -> None:
    is_own = submission.is_own  # type: ignore[attr-defined]
    if is_own or not permissions.can_decide_paper(request.user):
        raise PermissionDenied


# --- what is told -------------------------------------------------------------------------------


def _notice(submission: Submission, act: str, stationery: Stationery) -> Notice:
    after = copy.copy(submission)  # nobody saves it
    after.state = MOVES[act][1]
    news = mails.result_of(after)
    message = Message(
        kind=news.kind, language=after.language, name=after.name, context=news.context
    )
    return Notice(submission, _when(submission.forum), preview_of(message, stationery))


def _when(forum: Forum) -> str:
    if deciding.may_be_known(forum):
        return _("At once, by email and on the speaker’s page.")
    if forum.papers_released_at is None:
        return _("Not until the event has a time for its decisions and that time has come.")
    return _("On %(moment)s, with all the others.") % {
        "moment": korea_moment(forum.papers_released_at)
    }


# --- doing it -----------------------------------------------------------------------------------


def _carry_out(
    model_admin: SubmissionAdmin,
    request: HttpRequest,
    rows: Sequence[Submission],
    act: str,
    form: DecisionForm,
) -> None:
    reason = form.cleaned_data.get("reason", "")
    try:
        done = deciding.decide_all(rows, act, by=request.user, reason=reason)  # type: ignore[arg-type]
    except FrozenError as error:
        model_admin.message_user(request, str(error), messages.ERROR)
        return
    if done:
        model_admin.look(request, Act.EDIT, done, what=act)
        model_admin.message_user(request, _said(done, act), messages.SUCCESS)
    _say_refused(model_admin, request, [row for row in rows if row not in done], act)


def _said(done: list[Submission], act: str) -> str:
    words = {"count": len(done), "state": MOVES[act][1].label}
    if all(row.state == MOVES[act][1] for row in done):
        sentence = ngettext(
            "%(count)s is now “%(state)s”, and the speaker is told.",
            "%(count)s are now “%(state)s”, and the speakers are told.",
            len(done),
        )
    else:
        sentence = ngettext(
            "Decided for %(count)s: “%(state)s”. It is held until the decisions are out.",
            "Decided for %(count)s: “%(state)s”. They are held until the decisions are out.",
            len(done),
        )
    return sentence % words


def _say_refused(
    model_admin: SubmissionAdmin, request: HttpRequest, rows: Sequence[Submission], act: str
) -> None:
    for row in rows:
        if row.is_own:  # type: ignore[attr-defined]
            sentence = _("%(receipt)s: you wrote this yourself, so somebody else decides about it.")
        elif deciding.is_still_open(row):
            sentence = _("%(receipt)s: the call is still open, so this can still be changed.")
        else:
            sentence = _(
                "%(receipt)s: this cannot go from “%(from)s” to “%(to)s”. Check the record’s"
                " latest state."
            )
        words = {
            "receipt": row.receipt,
            "from": row.get_state_display(),
            "to": MOVES[act][1].label,
        }
        model_admin.message_user(request, sentence % words, messages.WARNING)
