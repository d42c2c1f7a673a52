"""The door on the day: check-in by the ticket’s QR code, by its number and by name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from forums.models import Arrival, Forum, Registration
from oda_portal.accounts.areas import within
from oda_portal.accounts.doors import next_door, staff_page
from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import Act
from oda_portal.publishing.texts import text_in

from . import acts, attendance, certificates
from .arriving import Answer, answer, answer_number, unknown
from .forms import AfterwardsForm, NumberForm, PartyForm, ReasonForm, SearchForm
from .permissions import CHECK_IN, can_check_in

MOST_FOUND = 30
LAST_SHOWN = 5
STATUS = {"in": 200, "already": 200, "refused": 422}


def forum_or_404(request: HttpRequest, slug: str) -> Forum:
    """Any edition of theirs, published or not: staff prepare the door beforehand."""
    rows = Forum.objects.filter(within(request.user, Forum))
    return get_object_or_404(rows.select_related("program"), slug=slug)


def crumbs(forum: Forum, *further: dict[str, str]) -> list[dict[str, str]]:
    door = {"label": text_in(forum.program, "title").text}
    if further:
        door["url"] = reverse("forums:check_in_door", args=[forum.slug])
    return [{"label": _("Check-in"), "url": reverse("forums:check_in_list")}, door, *further]


@never_cache
@staff_page(CHECK_IN)
@require_safe
def check_in_list(request: HttpRequest) -> HttpResponse:
    """The editions that people register for, those of today first."""
    theirs = Forum.objects.filter(within(request.user, Forum))
    rows = theirs.exclude(pool=None).select_related("program").newest_first()
    forums = list(rows[:50])
    context = {
        "today": [forum for forum in forums if attendance.is_open(forum)],
        "others": [forum for forum in forums if not attendance.is_open(forum)],
        "crumbs": [{"label": _("Check-in")}],
    }
    return render(request, "forums/check_in_list.html", context)


@never_cache
@staff_page(CHECK_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def check_in_door(request: HttpRequest, slug: str) -> HttpResponse:
    """Type a number, or look for a name; how many are in."""
    forum = forum_or_404(request, slug)
    if request.method != "POST":
        return _door(request, forum, NumberForm())
    form = NumberForm(request.POST)
    if form.is_valid():
        found = answer_number(request, forum, form)
        if _by_script(request):
            return _for_script(forum, found)
        if found.state != "refused":
            messages.success(request, found.said)
            return redirect("forums:check_in_door", slug=slug)
        form.add_error("number", found.said)
    if _by_script(request):
        return _for_script(forum, Answer("refused", _first_error(form)))
    return _door(request, forum, form)


def _door(request: HttpRequest, forum: Forum, form: NumberForm) -> HttpResponse:
    searched = SearchForm(request.GET or None)
    words = searched.cleaned_data["q"].strip() if searched.is_valid() else ""
    found = list(attendance.found_by_name(forum, words)[: MOST_FOUND + 1]) if words else []
    last = _last_arrivals(forum)
    people = [*found[:MOST_FOUND], *(one.registration for one in last)]
    if people:
        record_look(request, Act.LIST, people, what="forums.registration check-in")
    counts = attendance.counts(forum)
    context: dict[str, Any] = {
        "forum": forum,
        "program": forum.program,
        "is_over": attendance.is_over(forum),
        "closed": attendance.why_closed(forum, timezone.now()),
        "counts": counts,
        "missed": counts.parties - counts.parties_in,
        "form": form,
        "search": searched,
        "words": words,
        "found": found[:MOST_FOUND],
        "there_are_more": len(found) > MOST_FOUND,
        "last": last,
        "certificates": certificates.list_for_issuing(request.user, forum),
        "crumbs": crumbs(forum),
    }
    status = 422 if form.errors else 200
    return render(request, "forums/check_in_door.html", context, status=status)


def _last_arrivals(forum: Forum) -> list[Arrival]:
    rows = Arrival.objects.filter(registration__forum=forum, undone_at=None)
    return list(rows.select_related("registration").order_by("-pk")[:LAST_SHOWN])


@never_cache
@staff_page(CHECK_IN)
@require_safe
def check_in_count(request: HttpRequest, slug: str) -> HttpResponse:
    """Two numbers, of nobody: the door’s page asks for them again and again."""
    counts = attendance.counts(forum_or_404(request, slug))
    response = JsonResponse({"arrived": counts.arrived, "expected": counts.expected})
    response.headers["Cache-Control"] = "no-store"
    return response


# --- one ticket ----------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in_ticket(request: HttpRequest, slug: str, number: str) -> HttpResponseBase:
    """What the QR code opens. Whoever is no staff is told what it is for, and nothing else."""
    if not can_check_in(request.user):
        if request.method == "POST" and not request.user.is_authenticated:
            return redirect_to_login(request.path)
        return render(request, "forums/ticket_for_staff.html", {"number_page": request.path})
    if door := next_door(request, coming_back_to=request.get_full_path()):
        return redirect(door)
    known = attendance.read_number(number)
    theirs = Registration.objects.filter(within(request.user, Registration))
    rows = theirs.select_related("forum__program", "forum__pool", "need")
    registration = rows.filter(number=known).first() if known else None
    if registration is None or registration.forum.slug != slug:
        return _no_ticket(request, slug, registration)
    if number != known:
        return redirect("forums:check_in_ticket", slug=slug, number=known)
    return _ticket(request, registration)


def _ticket(request: HttpRequest, registration: Registration) -> HttpResponse:
    form = _form_of(registration, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        found = answer(request, registration, form)
        say = messages.error if found.state == "refused" else messages.success
        say(request, found.said)
        return redirect(request.path)
    shown = [registration, *([registration.need] if hasattr(registration, "need") else [])]
    record_look(request, Act.DETAIL, shown, what="forums.registration check-in")
    forum = registration.forum
    context = {
        "registration": registration,
        "forum": forum,
        "program": forum.program,
        "why_not": attendance.why_not(registration),
        "closed": attendance.why_closed(forum, timezone.now()),
        "is_over": attendance.is_over(forum),
        "said": attendance.said_of(registration),
        "left": registration.size - registration.arrived,
        "form": form,
        "crumbs": crumbs(forum, {"label": registration.number}),
    }
    status = 422 if form.errors else 200
    return render(request, "forums/check_in_ticket.html", context, status=status)


def _form_of(registration: Registration, data: Any) -> PartyForm:
    is_over = attendance.is_over(registration.forum)
    return (AfterwardsForm if is_over else PartyForm)(data, registration=registration)


def _no_ticket(request: HttpRequest, slug: str, registration: Registration | None) -> HttpResponse:
    """A wrong or invented number, or one that belongs to another edition."""
    theirs = Forum.objects.filter(within(request.user, Forum))
    context = {
        "said": attendance.of_another_event(registration) if registration else unknown(),
        "forum": theirs.filter(slug=slug).first(),
        "registration": registration,
        "crumbs": [{"label": _("Check-in"), "url": reverse("forums:check_in_list")}],
    }
    return render(request, "forums/check_in_no_ticket.html", context, status=404)


@never_cache
@staff_page(CHECK_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def check_in_undo(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Take a check-in back, for a reason."""
    theirs = Registration.objects.filter(within(request.user, Registration))
    rows = theirs.select_related("forum__program")
    registration = get_object_or_404(rows, number=number, forum__slug=slug)
    ticket = reverse("forums:check_in_ticket", args=[slug, number])
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        record_look(request, Act.EDIT, [registration], what="forums.registration undo check-in")
        try:
            if acts.undo(registration, by=request.user, reason=form.cleaned_data["reason"]):  # type: ignore[arg-type]
                messages.success(request, _("The check-in was undone."))
            return redirect(ticket)
        except acts.RefusedError as refusal:
            form.add_error(None, str(refusal))
    record_look(request, Act.DETAIL, [registration], what="forums.registration undo check-in")
    context = {
        "registration": registration,
        "said": attendance.said_of(registration),
        "form": form,
        "ticket": ticket,
        "crumbs": crumbs(registration.forum, {"label": number, "url": ticket}),
    }
    status = 422 if form.errors else 200
    return render(request, "forums/check_in_undo.html", context, status=status)


# --- for the page's script -----------------------------------------------------------------------


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "check-in"


def _for_script(forum: Forum, found: Answer) -> JsonResponse:
    counts = attendance.counts(forum)
    said = {**found._asdict(), "arrived": counts.arrived, "expected": counts.expected}
    return JsonResponse(said, status=STATUS[found.state])


def _first_error(form: Any) -> str:
    return next(error for errors in form.errors.values() for error in errors)
