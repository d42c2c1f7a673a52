"""Pages on which staff take a proposal further: who gets what email is shown before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.privacy.models import Act
from oda_portal.publishing.forms import ReasonForm as RemovalForm
from programs.models import Program, Proposal
from programs.models.proposals import IllegalMoveError
from programs.proposals import acts, adopting, mails

from .proposal_forms import AdoptForm, OfficeCommentForm, ReasonForm

if TYPE_CHECKING:
    from .proposals import ProposalAdmin

State = Proposal.State


@dataclass(frozen=True)
class Move:
    """One button: from which states it leads, to which, and with what form."""

    label: str | Promise
    sources: tuple[State, ...]
    to: State
    form: type[ReasonForm]
    explanation: str | Promise
    carry_out: Callable[..., Any]


def _adopt(proposal: Proposal, *, form: AdoptForm, **more: Any) -> Program:
    program = form.save(commit=False)
    return adopting.adopt(proposal, program, roles=form.roles, **more)


def _discuss(proposal: Proposal, *, form: ReasonForm, **more: Any) -> None:
    adopting.discuss(proposal, **more)


def _decline(proposal: Proposal, *, form: ReasonForm, **more: Any) -> None:
    adopting.decline(proposal, **more)


MOVES: dict[str, Move] = {
    "discuss": Move(
        gettext_lazy("Take into discussion"),
        (State.SUBMITTED, State.DECLINED),
        State.IN_DISCUSSION,
        ReasonForm,
        gettext_lazy("Members can still comment, join it and improve it."),
        _discuss,
    ),
    "adopt": Move(
        pgettext_lazy("proposal", "Adopt"),
        (State.IN_DISCUSSION,),
        State.ADOPTED,
        AdoptForm,
        gettext_lazy(
            "It becomes a programme that is not published yet, with the words of the proposal and"
            " its partners in the roles chosen here. Afterwards nobody can change the proposal."
        ),
        _adopt,
    ),
    "decline": Move(
        pgettext_lazy("proposal", "Do not take up"),
        (State.SUBMITTED, State.IN_DISCUSSION),
        State.DECLINED,
        ReasonForm,
        gettext_lazy("Afterwards nobody can change it. It can be taken into discussion again."),
        _decline,
    ),
}


def move_page(
    model_admin: ProposalAdmin, request: HttpRequest, object_id: str, act: str
) -> HttpResponseBase:
    """First the words, then the letters as they will look, then it is done."""
    proposal, move = model_admin.to_take_further(request, object_id), MOVES[act]
    if proposal.state not in move.sources:
        return _refused(model_admin, request, proposal, move)
    form = move.form(request.POST if request.method == "POST" else None, proposal=proposal)
    if "sure" in request.POST and form.may_act():
        try:
            done = move.carry_out(
                proposal, form=form, by=request.user, reason=form.words, seen=form.seen
            )
        except IllegalMoveError:
            proposal.refresh_from_db()
            return _refused(model_admin, request, proposal, move)
        except acts.ChangedError:
            form = move.form(request.POST, proposal=Proposal.objects.get(pk=proposal.pk))
        except IntegrityError:
            # Between the form's look and ours somebody took the code.
            form = move.form(request.POST, proposal=Proposal.objects.get(pk=proposal.pk))
        else:
            _say_done(model_admin, request, proposal, move, done)
            return redirect(model_admin.address("change", proposal))
    return _act_page(model_admin, request, proposal, form, act=act, title=str(move.label))


def _act_page(
    model_admin: ProposalAdmin, request: HttpRequest, proposal: Proposal,
    form: ReasonForm | OfficeCommentForm, *, act: str, title: str,
) -> HttpResponseBase:  # fmt: skip
    receivers = mails.receivers(proposal)
    model_admin.look_at(request, proposal, receivers, what=act)
    letters = None
    if form.is_valid():
        if isinstance(form, ReasonForm):
            kind = mails.TOLD[MOVES[act].to]
            letters = mails.letters(proposal, kind, receivers, answer=form.words)
        else:
            letters = mails.letters(proposal, mails.NEWS, receivers)
    context = {
        "title": title,
        "form": form,
        "receivers": receivers,
        "letters": letters,
        "is_right": form.is_valid(),
        "has_changed": bool(form.data.get("sure")) and form.is_valid(),
        "explanation": MOVES[act].explanation if act in MOVES else "",
    }
    return model_admin.page(request, proposal, "admin/programs/proposal_act.html", **context)


def comment_page(
    model_admin: ProposalAdmin, request: HttpRequest, object_id: str
) -> HttpResponseBase:
    """The office says something; whoever takes part is told, at most once a day."""
    proposal = model_admin.to_take_further(request, object_id)
    title = _("Comment as the office")
    if not proposal.is_open:
        sentence = _("This is only possible while the proposal is open for discussion.")
        model_admin.message_user(request, sentence, messages.WARNING)
        return redirect(model_admin.address("change", proposal))
    form = OfficeCommentForm(request.POST if request.method == "POST" else None, proposal=proposal)
    if "sure" in request.POST and form.may_act():
        try:
            acts.comment(proposal, form, by=request.user, as_office=True)  # type: ignore[arg-type]
        except IllegalMoveError:
            sentence = _("This is only possible while the proposal is open for discussion.")
            model_admin.message_user(request, sentence, messages.WARNING)
        else:
            model_admin.look(request, Act.EDIT, [proposal], what="comment")
            model_admin.message_user(request, _("The comment is there."), messages.SUCCESS)
        return redirect(model_admin.address("change", proposal))
    return _act_page(model_admin, request, proposal, form, act="comment", title=title)


def remove_page(
    model_admin: ProposalAdmin, request: HttpRequest, object_id: str, pk: int
) -> HttpResponseBase:
    """Take a comment's words away, whatever the state of the proposal."""
    proposal = model_admin.to_take_further(request, object_id)
    row = get_object_or_404(proposal.comments, pk=pk)
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if row.remove(by=request.user, reason=form.cleaned_data["reason"]):  # type: ignore[arg-type]
            model_admin.look(request, Act.EDIT, [proposal], what="remove comment")
            model_admin.message_user(request, _("The comment was removed."), messages.SUCCESS)
        return redirect(model_admin.address("change", proposal))
    model_admin.look_at(request, proposal, [row.author] if row.author else [], what="comment")
    title = _("Remove the comment")
    return model_admin.page(
        request,
        proposal,
        "admin/programs/proposal_remove.html",
        title=title,
        form=form,
        comment=row,
    )


def _refused(
    model_admin: ProposalAdmin, request: HttpRequest, proposal: Proposal, move: Move
) -> HttpResponseBase:
    sentence = _("This cannot go from ‘%(from)s’ to ‘%(to)s’. Check the record’s latest state.")
    words = {"from": proposal.get_state_display(), "to": move.to.label}
    model_admin.message_user(request, sentence % words, messages.WARNING)
    return redirect(model_admin.address("change", proposal))


def _say_done(
    model_admin: ProposalAdmin, request: HttpRequest, proposal: Proposal, move: Move, done: Any
) -> None:
    model_admin.look(request, Act.EDIT, [proposal], what=move.to)
    sentence = _("The proposal is now “%(state)s”.") % {"state": move.to.label}
    model_admin.message_user(request, sentence, messages.SUCCESS)
    if isinstance(done, Program):
        address = model_admin.admin_site_address(done)
        shown = format_html('<a href="{}">{}</a>', address, done.code) if address else done.code
        made = format_html(_("The programme is there, not published yet: {}"), shown)
        model_admin.message_user(request, made, messages.SUCCESS)
