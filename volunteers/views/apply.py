"""The form in steps. Each POST keeps what was typed, right or wrong, before anything else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from oda_portal.pages.limits import may_act, too_many
from oda_portal.publishing.texts import text_in
from oda_portal.publishing.times import korea_day, korea_hour

from .. import access, actions, mails, sending
from ..forms import STEPS, DocumentsForm, StepForm
from ..models import Application, Call
from ..models.states import State
from ..summary import summary_of
from .taken_down import taken_down

SLUGS = list(STEPS)
# What the script sends while somebody writes.
AUTOSAVE = "autosave"


def _of_own(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view the request's own application; who has none is sent to begin one."""

    @wraps(view)
    def found(request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        if more.get("step", SLUGS[0]) not in STEPS:
            raise Http404
        application = _own(request, slug)
        if application is None:
            return _to_begin(request, slug)
        if not application.call.is_public():
            return taken_down(request, application.call, application, more.get("step", ""))
        return view(request, application, **more)

    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_of_own
def apply_step(request: HttpRequest, application: Application, step: str) -> HttpResponse:
    if application.is_sent and step == DocumentsForm.slug and application.state != State.DRAFT:
        messages.info(request, _("The documents stay as you submitted them."))
        return redirect(application)
    if request.method != "POST":
        if not application.is_editable():
            return redirect(application)
        return _page(request, application, STEPS[step](application=application))
    if request.FILES and not may_act(request, "volunteers.files", limit=60, seconds=600):
        return too_many(request)
    form = STEPS[step](request.POST, request.FILES, application=application)
    if application.state not in (State.DRAFT, State.SUBMITTED):
        said = _("This application can no longer be changed. What you wrote here was not saved.")
        return _refused(request, application, form, said)
    if not _keep(request, application, form):
        return _conflict(request, application, form)
    if request.headers.get("X-Requested-With") == AUTOSAVE:
        return _autosaved(application, form)
    return _after_saving(request, application, form)


def _to_begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Whose time ran out while they wrote signs in again, and finds what they sent."""
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return redirect("volunteers:begin", slug=slug)


def _slugs(application: Application) -> list[str]:
    """The steps that can still be written: files stay as they were sent."""
    sent = application.state == State.SUBMITTED
    return [slug for slug in SLUGS if not (sent and slug == DocumentsForm.slug)]


def _own(request: HttpRequest, slug: str) -> Application | None:
    """The request's own application, also one that waits to be found by its account.

    A call that was taken down is there for whoever has applied to it, and for nobody else.
    """
    if request.method == "POST" and hasattr(request, "signed_out_user"):
        return None  # whoever signs in again comes back with what they sent
    call = get_object_or_404(Call, slug=slug)
    found = access.own_for(request, call)
    if found is None:
        access.adopt(request)
        found = access.own_for(request, call)
    if found is None and not call.is_public():
        raise Http404
    return found


def _keep(request: HttpRequest, application: Application, form: StepForm) -> bool:
    """Write the draft, also after the deadline; False when another window has written meanwhile."""
    if isinstance(form, DocumentsForm):
        _keep_files(application, form)
        return True
    if not application.write(form.slug, form.draft(), base=request.POST.get("base", "")):
        return False
    mails.draft_saved(application)
    return True


def _keep_files(application: Application, form: DocumentsForm) -> None:
    """Each file that is right, whatever is wrong with the others; not once it is too late."""
    if not application.is_editable() or application.state != State.DRAFT:
        return
    form.is_valid()
    for document, content, name in form.accepted():
        actions.keep_file(application, document, content=content, name=name)


def _after_saving(request: HttpRequest, application: Application, form: StepForm) -> HttpResponse:
    if not application.is_editable():
        messages.error(request, too_late(application.call))
        return redirect(application)
    if "later" in request.POST and not form.left_out():
        messages.success(request, saved_sentence(application))
        return redirect(application)
    if not form.is_valid():
        return _page(request, application, form, status=422)
    slugs = _slugs(application)
    following = slugs[slugs.index(form.slug) + 1 :]
    if not following:
        return redirect("volunteers:apply_send", slug=application.call.slug)
    return redirect("volunteers:apply_step", slug=application.call.slug, step=following[0])


def too_late(call: Call) -> str:
    sentence = _(
        "This call closed at %(time)s on %(date)s, so you can no longer submit. Your draft is still"
        " in ‘My applications’."
    )
    return sentence % {"time": korea_hour(call.closes_at), "date": korea_day(call.closes_at)}


def saved_sentence(application: Application) -> str:
    saved_at = timezone.localtime(application.draft_saved_at or timezone.now())
    return _("Draft saved at %(time)s.") % {"time": saved_at.strftime("%H:%M")}


def _autosaved(application: Application, form: StepForm) -> HttpResponse:
    if form.left_out():
        said = _("Not everything could be saved. Save the step to see why.")
    else:
        said = saved_sentence(application)
    return JsonResponse({"said": said, "base": application.base_of(form.slug)})


def _refused(
    request: HttpRequest, application: Application, form: StepForm, said: str
) -> HttpResponse:
    """What was typed stays on the page."""
    if request.headers.get("X-Requested-With") == AUTOSAVE:
        return JsonResponse({"said": said}, status=409)
    return _page(request, application, form, status=409, said=said)


def _conflict(request: HttpRequest, application: Application, form: StepForm) -> HttpResponse:
    """What was typed here stays on the page; what the other window saved stands beside it."""
    said = _("This step has since been saved in another window. Compare the two and save again.")
    if request.headers.get("X-Requested-With") == AUTOSAVE:
        return _refused(request, application, form, said)
    stored = application.written.get(form.slug, {})
    typed = form.draft()
    theirs = [
        (field.label, stored.get(field.name, ""))
        for field in form
        if stored.get(field.name, "") != typed.get(field.name, "")
    ]
    return _page(request, application, form, status=409, theirs=theirs, said=said)


def _page(
    request: HttpRequest, application: Application, form: StepForm, *, status: int = 200,
    **more: object,
) -> HttpResponse:  # fmt: skip
    context = {
        "application": application,
        "call": application.call,
        "form": form,
        "base": application.base_of(form.slug),
        "steps": step_list(application, current=form.slug),
        "number": _slugs(application).index(form.slug) + 1,
        "previous": _before(application, form.slug),
        "now": timezone.now(),
        "crumbs": crumbs_of(application.call, str(form.title)),
        **more,
    }
    template = f"volunteers/apply_{form.template}.html"
    return render(request, template, context, status=status)


def _before(application: Application, slug: str) -> str:
    slugs, call = _slugs(application), application.call
    position = slugs.index(slug)
    if position == 0:
        return call.get_absolute_url()
    return reverse("volunteers:apply_step", args=[call.slug, slugs[position - 1]])


def step_list(application: Application, *, current: str) -> list[dict[str, object]]:
    """All steps with their addresses: which are written, which is open, which come later."""
    begun = {**application.written, **({"documents": 1} if application.files.exists() else {})}
    slug = application.call.slug
    steps: list[dict[str, object]] = [
        {
            "title": STEPS[name].title,
            "url": reverse("volunteers:apply_step", args=[slug, name]),
            "phase": "now" if name == current else "done" if name in begun else "todo",
        }
        for name in _slugs(application)
    ]
    last = reverse("volunteers:apply_send", args=[slug])
    phase = "now" if current == "send" else "todo"
    return [*steps, {"title": _("Check and submit"), "url": last, "phase": phase}]


def crumbs_of(call: Call, title: str) -> list[dict[str, str]]:
    return [
        {"label": _("Volunteers"), "url": reverse("volunteers:volunteer_index")},
        {"label": text_in(call, "title").text, "url": call.get_absolute_url()},
        {"label": title},
    ]


@never_cache
@require_POST
@_of_own
def remove_file(request: HttpRequest, application: Application, document: int) -> HttpResponse:
    if not application.is_editable() or application.state != State.DRAFT:
        raise Http404
    actions.remove_file(get_object_or_404(application.files, document=document))
    slug = application.call.slug
    return redirect("volunteers:apply_step", slug=slug, step=DocumentsForm.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_of_own
def apply_send(request: HttpRequest, application: Application) -> HttpResponse:
    """The whole application once more, and the button that hands it in."""
    if request.method == "POST" and request.user.is_authenticated:
        return _send(request, application)
    if not application.is_editable():
        return redirect(application)
    return _review(request, application, sending.steps_of(application))


def _send(request: HttpRequest, application: Application) -> HttpResponse:
    if application.state == State.SUBMITTED and not application.has_unsent_changes:
        messages.info(request, already_applied(application))
        return redirect(application)
    act = actions.send_changes if application.state == State.SUBMITTED else actions.send
    steps = sending.steps_of(application)
    try:
        is_new = act(application, steps, by=request.user, wait="wait" in request.POST)  # type: ignore[arg-type]
    except sending.TooLateError:
        messages.error(request, too_late(application.call))
        return redirect(application)
    except sending.PlacesFilledError:
        return _review(request, application, steps, status=409, is_filled=True)
    except sending.IncompleteError:
        return _review(request, application, steps, status=422)
    if is_new:
        messages.success(request, _("We have your application."))
    else:
        messages.info(request, already_applied(application))
    return redirect(application)


def already_applied(application: Application) -> str:
    sentence = _(
        "You have already applied to this call. Your receipt number is %(code)s."
        " See ‘My applications’."
    )
    return sentence % {"code": application.receipt}


def _review(
    request: HttpRequest, application: Application, steps: sending.Steps, *, status: int = 200,
    is_filled: bool = False,
) -> HttpResponse:  # fmt: skip
    slug = application.call.slug
    context = {
        "application": application,
        "call": application.call,
        "parts": summary_of(application, steps),
        "wrong": [
            (reverse("volunteers:apply_step", args=[slug, name]), form)
            for name, form in sending.wrong_in(steps).items()
        ],
        "is_filled": is_filled,
        "gives_at_once": sending.gives_at_once(steps),
        "steps": step_list(application, current="send"),
        "now": timezone.now(),
        "here": reverse("volunteers:apply_send", args=[slug]),
        "crumbs": crumbs_of(application.call, _("Check and submit")),
    }
    return render(request, "volunteers/apply_send.html", context, status=status)
