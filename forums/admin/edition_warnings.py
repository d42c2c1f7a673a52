"""What staff should look at after they have changed an edition; nothing of it is refused.

A date is moved before the sessions can follow it, and an event is called off before it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forums.models import Forum, ForumSession
from forums.models.clashes import refuse_other_days
from forums.registering import permissions, telling

from .edition_form import event

# What people must know who have planned to come.
TOLD = frozenset(event("starts_on", "ends_on", "venue", "cancelled_at"))
MOST = 5


def warn(request: HttpRequest, forum: Forum, changed: Iterable[str]) -> None:
    """`changed`: the fields of the form that are different now, after everything is saved."""
    for session, sentence in islice(_on_other_days(forum), MOST):
        address = reverse("admin:forums_forumsession_change", args=[session.pk])
        said = format_html('<a href="{}">{}</a>: {}', address, session, sentence)
        messages.warning(request, said)
    if TOLD.intersection(changed) and permissions.can_tell_registered(request.user):
        _remind_to_tell(request, forum)


def _on_other_days(forum: Forum) -> Iterator[tuple[ForumSession, str]]:
    for session in forum.sessions.filter(cancelled_at=None):
        session.forum = forum
        try:
            refuse_other_days(session)
        except ValidationError as error:
            yield session, " ".join(error.messages)


def _remind_to_tell(request: HttpRequest, forum: Forum) -> None:
    if not (count := telling.to_be_told(forum).count()):
        return
    registered = ngettext("%(n)s registration", "%(n)s registrations", count) % {"n": count}
    address = reverse("admin:forums_registration_tell", args=[forum.pk])
    words = (registered, address, _("Tell those who registered"))
    messages.warning(request, format_html('{}: <a href="{}">{}</a>', *words))
