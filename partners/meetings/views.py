"""Pages of the meetings: for everybody what is published, for members all that were called."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oda_portal.calendars.ics import CONTENT_TYPE
from oda_portal.files.downloads import file_name, private_response
from oda_portal.opendata.lists import with_data
from oda_portal.pages.furniture import foot_of
from oda_portal.publishing.freshness import public
from oda_portal.publishing.texts import text_in

from ..models import ActionItem, MeetingDocument, Membership, NetworkMeeting
from ..network.access import active_memberships_of, member_page
from ..network.crumbs import to_members, to_network
from ..structured import of_meeting
from . import acts, calendars
from .forms import AnswerForm
from .pages import MemberMeeting, owned, state_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

PER_PAGE = 20


# --- for everybody --------------------------------------------------------------------------------


@public
@with_data("network-meetings")
def meeting_list(request: HttpRequest) -> HttpResponse:
    pages = Paginator(NetworkMeeting.objects.published(), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return render(
        request,
        "meetings/meeting_list.html",
        {
            "page": page,
            "rows": [(meeting, state_of(meeting)) for meeting in page],
            "crumbs": [*to_network(), {"label": _("Meetings")}],
        },
    )


@public
def meeting_detail(request: HttpRequest, slug: str) -> HttpResponse:
    meeting = get_object_or_404(NetworkMeeting.objects.published(), slug=slug)
    attending = meeting.attending.published()
    return render(
        request,
        "meetings/meeting_detail.html",
        {
            "meeting": meeting,
            "state": state_of(meeting),
            "documents": meeting.documents.filter(for_members_only=False),
            "attending": attending,
            "structured": of_meeting(meeting, attending),
            **foot_of(meeting),
            "crumbs": [
                *to_network(),
                {"label": _("Meetings"), "url": _list_url()},
                {"label": text_in(meeting, "title").text},
            ],
        },
    )


def _list_url() -> str:
    return reverse("meetings:meeting_list")


# --- for members ----------------------------------------------------------------------------------


@member_page
@require_safe
def member_meetings(request: HttpRequest) -> HttpResponse:
    pages = Paginator(NetworkMeeting.objects.for_members(), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return render(
        request,
        "meetings/member_meetings.html",
        {
            "page": page,
            "rows": [(meeting, state_of(meeting)) for meeting in page],
            "crumbs": [*to_members(), {"label": _("Meetings")}],
        },
    )


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def member_meeting(request: HttpRequest, slug: str) -> HttpResponse:
    """The meeting with its members' part; a POST says whether one comes."""
    meeting = get_object_or_404(NetworkMeeting.objects.for_members(), slug=slug)
    memberships = _memberships(request)
    shown = MemberMeeting(meeting, memberships)
    form = _answer_form(request, shown, memberships)
    if request.method == "POST" and form.is_valid():
        _answer(request, meeting, form)
        return redirect(request.path)
    return render(
        request,
        "meetings/member_meeting.html",
        {
            "meeting": meeting,
            "shown": shown,
            "state": state_of(meeting),
            "form": form if meeting.takes_answers() else None,
            "attending": meeting.attending.all(),
            "crumbs": [
                *to_members(),
                {"label": _("Meetings"), "url": reverse("meetings:member_meetings")},
                {"label": text_in(meeting, "title").text},
            ],
        },
    )


def _memberships(request: HttpRequest) -> list[Membership]:
    return list(active_memberships_of(request.user).select_related("organisation"))


def _answer_form(
    request: HttpRequest, shown: MemberMeeting, memberships: list[Membership]
) -> AnswerForm:
    said = shown.own_answer
    first = (
        {"answer": said.answer, "note": said.note, "membership": said.membership_id} if said else {}
    )
    data = request.POST if request.method == "POST" else None
    return AnswerForm(data, memberships=memberships, initial=first)


def _answer(request: HttpRequest, meeting: NetworkMeeting, form: AnswerForm) -> None:
    value, note = form.cleaned_data["answer"], form.cleaned_data["note"]
    if acts.answer(meeting, form.chosen(), value=value, note=note):
        messages.success(request, _("Thank you. Your answer has been saved."))
    else:
        messages.error(
            request,
            _("The meeting has begun or was cancelled, so that your answer was not saved."),
        )


@member_page
@require_safe
def member_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    meeting = get_object_or_404(NetworkMeeting.objects.for_members(), slug=slug)
    response = HttpResponse(calendars.members_calendar(meeting), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{meeting.slug}.ics"'
    return response


@member_page
@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """Every document of the network, with the meeting that it belongs to."""
    pages = Paginator(MeetingDocument.objects.for_members(), PER_PAGE)
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "crumbs": [*to_members(), {"label": _("Documents")}],
    }
    return render(request, "meetings/document_list.html", context)


@member_page
@require_safe
def member_document(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A document of a meeting that was called, whether everybody may have it or not."""
    document: MeetingDocument = get_object_or_404(MeetingDocument.objects.for_members(), uuid=uuid)
    return private_response(document.file, file_name(document, document.file))


@member_page
@require_safe
def item_list(request: HttpRequest) -> HttpResponse:
    """What everybody said they would do, so that all see what is still open."""
    page = Paginator(ActionItem.objects.for_members(), PER_PAGE).get_page(request.GET.get("page"))
    own = {row.pk for row in _memberships(request)}
    context = {
        "page": page,
        "rows": owned(page, own),
        "crumbs": [*to_members(), {"label": _("Action items")}],
    }
    return render(request, "meetings/item_list.html", context)


@member_page
@require_POST
def item_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Its owner says that it is done, or that it is not after all."""
    item = get_object_or_404(ActionItem.objects.filter(owner__in=_memberships(request)), pk=pk)
    by: User = request.user  # type: ignore[assignment]
    if "reopen" in request.POST:
        if item.reopen(by=by):
            messages.success(request, _("The action item is open again."))
    elif item.finish(by=by):
        messages.success(request, _("Done. Thank you."))
    if item.meeting.called_at:
        return redirect("meetings:member_meeting", slug=item.meeting.slug)
    return redirect("network:member_home")
