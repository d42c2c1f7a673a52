"""Whoever follows a mailed link: to their papers, or to begin one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ..freezing import FrozenError
from ..models import Forum, Submission
from . import access, acts, mails

if TYPE_CHECKING:
    from oda_portal.mail.models import Message


def open_papers(request: HttpRequest, message: Message) -> HttpResponse:
    """A page with one button; a mail scanner that only looks begins nothing."""
    about = message.about
    forum = about if isinstance(about, Forum) else getattr(about, "forum", None)
    if request.method != "POST":
        context = {"forum": forum, "email": message.to, "begins": isinstance(about, Forum)}
        return render(request, "forums/papers/open.html", context)
    if message.kind in mails.ASKED_FOR:
        # Whoever followed the link has the address: signing up with it needs no second mail.
        get_adapter().stash_verified_email(request, message.to)
        access.remember_address(request, message.to)
    elif isinstance(about, Submission):
        # It works for half a year and is passed on more easily: it opens this one, and no address.
        access.remember_notice(request, about, message.kind)
        return access.lead(request, about.get_absolute_url(), [about])
    if isinstance(about, Forum):
        return _begin(request, about, message)
    rows = Submission.objects.filter(email=message.to.lower())
    return access.lead(request, reverse("forums:paper_list"), rows)


def _begin(request: HttpRequest, forum: Forum, message: Message) -> HttpResponse:
    """On to the draft; where none can be begun any more the call's own page says why."""
    if not forum.is_public():
        return redirect("forums:paper_list")
    try:
        draft = acts.begin(forum, email=message.to, language=message.language)
    except (acts.TooLateError, acts.TooManyError, FrozenError):
        return redirect("forums:paper_call", slug=forum.slug)
    return access.lead(request, reverse("forums:paper_edit", args=[draft.uuid]), [draft])
