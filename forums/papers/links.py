"""Whoever follows a mailed link: to their papers, or to begin one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ..freezing import FrozenError
from ..models import Forum, Submission
from . import access, acts

if TYPE_CHECKING:
    from oda_portal.mail.models import Message


def open_papers(request: HttpRequest, message: Message) -> HttpResponse:
    """A page with one button; a mail scanner that only looks begins nothing."""
    about = message.about
    forum = about if isinstance(about, Forum) else getattr(about, "forum", None)
    if request.method != "POST":
        context = {"forum": forum, "email": message.to, "begins": isinstance(about, Forum)}
        return render(request, "forums/papers/open.html", context)
    # Whoever followed the link has the address: signing up with it needs no second mail.
    get_adapter().stash_verified_email(request, message.to)
    access.remember_address(request, message.to)
    if isinstance(about, Forum):
        return _begin(about, message)
    return redirect(about if isinstance(about, Submission) else "forums:paper_list")


def _begin(forum: Forum, message: Message) -> HttpResponse:
    """On to the draft; where none can be begun any more the call's own page says why."""
    if not forum.is_public():
        return redirect("forums:paper_list")
    try:
        draft = acts.begin(forum, email=message.to, language=message.language)
    except (acts.TooLateError, acts.TooManyError, FrozenError):
        return redirect("forums:paper_call", slug=forum.slug)
    return redirect("forums:paper_edit", uuid=draft.uuid)
