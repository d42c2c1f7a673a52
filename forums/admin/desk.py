"""What the first page of the back office tells of the forums: what is planned, what went on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.models import Forum, Registration
from forums.registering import permissions
from oda_portal.accounts.areas import within
from oda_portal.desk import days, planned
from oda_portal.desk.planned import MOST, Entry, Kind, Stretch
from oda_portal.publishing.models import Precision

TIMES = (
    "registration_opens_at", "registration_closes_at", "papers_open_at", "papers_close_at",
    "papers_released_at",
)  # fmt: skip


@planned.register
def editions(request: HttpRequest, stretch: Stretch) -> Iterator[Entry]:
    """Of editions that are published, stand open and take place."""
    if not request.user.has_perm("forums.view_forum"):
        return
    due = Q(*((f"{column}__range", stretch.times) for column in TIMES), _connector=Q.OR)
    held = Q(program__starts_on__range=(stretch.first, stretch.last))
    rows = Forum.objects.filter(due | held, frozen_at=None, program__cancelled_at=None)
    theirs = within(request.user, Forum)
    rows = rows.filter(theirs, program__status="published").select_related("program")
    for forum in rows.order_by("pk")[:MOST]:
        url = reverse("admin:forums_forum_change", args=[forum.pk])
        for at, kind, sentence in _moments(forum):
            if stretch.holds(at):
                yield Entry(at, kind, sentence, url)
        program = forum.program
        day = program.starts_on if program.precision == Precision.DAY else None
        if day is not None and stretch.first <= day <= stretch.last:
            yield Entry(day, Kind.EVENT, _("“%(forum)s” takes place.") % {"forum": forum}, url)


def _moments(forum: Forum) -> Iterator[tuple[Any, Kind, str]]:
    words = {"forum": forum}
    sentence = _("Registration for “%(forum)s” opens.") % words
    yield forum.registration_opens_at, Kind.EVENT, sentence
    sentence = _("Registration for “%(forum)s” closes.") % words
    yield forum.registration_closes_at, Kind.DEADLINE, sentence
    sentence = _("The call for papers of “%(forum)s” opens.") % words
    yield forum.papers_open_at, Kind.EVENT, sentence
    sentence = _("The call for papers of “%(forum)s” closes.") % words
    yield forum.papers_close_at, Kind.DEADLINE, sentence
    sentence = _("The decisions on papers for “%(forum)s” are announced.") % words
    yield forum.papers_released_at, Kind.RESULTS, sentence


days.register(
    days.Chart(
        "registrations",
        gettext_lazy("Registrations for events"),
        [
            days.Series(
                gettext_lazy("registrations"), lambda: Registration.objects.all(), "registered_at"
            )
        ],
        permissions.can_view_registrations,
        lambda: reverse("admin:forums_registration_changelist"),
    )
)
