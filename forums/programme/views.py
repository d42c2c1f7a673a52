"""Public pages of an edition’s programme, and its calendar files."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from oda_portal.calendars.ics import CONTENT_TYPE
from oda_portal.opendata.lists import with_data
from oda_portal.pages.furniture import foot_of
from oda_portal.publishing.freshness import public
from oda_portal.publishing.listing import listing
from oda_portal.publishing.texts import text_in

from ..models import Appearance, Forum, ForumSession, ForumSessionQuerySet
from ..structured import of_programme, of_session
from .calendars import edition_calendar, session_calendar
from .filters import filter_of
from .pages import SessionPage, neighbours_of
from .timetable import days_of

# A programme stands on one page: whoever looks for an hour must not turn pages.
MOST = 2000


@require_safe
@public
@with_data("forum-sessions", forum="slug")
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """All sessions, or those that the filters leave: days of hours and rooms."""
    forum = published_forum(slug)
    rows = _sessions_of(forum).prefetch_related("languages").with_speakers()
    found = listing(request, filter_of(forum), rows, per_page=MOST)
    for session in found.page:
        session.forum = forum
    return render(
        request,
        "forums/programme.html",
        {
            "forum": forum,
            "program": forum.program,
            "structured": of_programme(forum),
            "listing": found,
            "days": days_of(found.page),
            "today": timezone.localdate(),
            **foot_of(forum.program),
            "crumbs": [*_crumbs_to(forum), {"label": pgettext("forum", "Programme")}],
        },
    )


@require_safe
@public
def programme_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The edition for a calendar of one's own; `day` leaves the sessions of one day."""
    forum = published_forum(slug)
    rows = _sessions_of(forum)
    if asked := request.GET.get("day", ""):
        rows = _of_day(rows, asked)
    for session in rows:
        session.forum = forum
    language = translation.get_language() or settings.LANGUAGE_CODE
    content = edition_calendar(forum, rows, language=language)
    if content is None:
        raise Http404(_("The days of this event are not known yet."))
    return HttpResponse(content, content_type=CONTENT_TYPE)


@require_safe
@public
def session_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    session = published_session(slug, pk)
    program, page = session.forum.program, SessionPage(session)
    previous, following = neighbours_of(session)
    at_once = ForumSession.objects.at_the_same_time_as(session).talked_about()
    return render(
        request,
        "forums/session_detail.html",
        {
            "session": session,
            "page": page,
            "structured": of_session(page),
            "forum": session.forum,
            "program": program,
            "previous": previous,
            "next": following,
            "parallel": at_once.in_order().select_related("forum", "room"),
            **foot_of(program),
            "changed_on": session.last_changed_at,
            "crumbs": [
                *_crumbs_to(session.forum),
                {
                    "label": pgettext("forum", "Programme"),
                    "url": reverse("forums:programme", args=[slug]),
                },
                {"label": text_in(session, "title").text},
            ],
        },
    )


@require_safe
@public
def session_calendar_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A session for a calendar of one's own."""
    content = session_calendar(published_session(slug, pk))
    return HttpResponse(content, content_type=CONTENT_TYPE)


def published_forum(slug: str) -> Forum:
    """Raises Http404 for what is not public."""
    return get_object_or_404(Forum.objects.published().select_related("program"), slug=slug)


def published_session(slug: str, pk: int) -> ForumSession:
    """A session with what its page shows; raises Http404, also under another edition's address."""
    rows = ForumSession.objects.published().select_related("forum__program", "room")
    people = Appearance.objects.select_related("speaker__organisation")
    rows = rows.prefetch_related("languages", "materials", Prefetch("appearances", people))
    return get_object_or_404(rows, forum__slug=slug, pk=pk)


def _sessions_of(forum: Forum) -> ForumSessionQuerySet:
    return ForumSession.objects.filter(forum=forum).in_order().select_related("room")


def _of_day(rows: ForumSessionQuerySet, asked: str) -> ForumSessionQuerySet:
    """Raises Http404 where it is no day, or a day without a session."""
    try:
        found = rows.on_day(date.fromisoformat(asked))
    except ValueError:
        found = rows.none()
    if not found:
        raise Http404(_("There is no session on this day."))
    return found


def _crumbs_to(forum: Forum) -> list[dict[str, str]]:
    return [
        {"label": _("Forums"), "url": reverse("forums:forum_list")},
        {"label": text_in(forum.program, "title").text, "url": forum.get_absolute_url()},
    ]
