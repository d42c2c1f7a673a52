"""The call for papers of a forum, or for topics of a meet-up; never kept, for it holds a form."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from oda_portal.pages.limits import may_act, too_many
from oda_portal.privacy import consents
from oda_portal.privacy.models import Kind
from oda_portal.publishing.texts import text_in

from ..freezing import FrozenError
from ..models import Forum
from . import access, acts, mails
from .forms import BeginForm
from .own import with_words

ASKED_AN_HOUR = 10


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper_call(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked for and until when, one's own papers, and how to begin one."""
    forum = _called(slug)
    access.adopt(request)
    if not (forum.takes_papers() and _can_be_asked()):
        return _page(request, forum, status=409 if request.method == "POST" else 200)
    form = BeginForm(
        request.POST if request.method == "POST" else None, knows_address=access.is_known(request)
    )
    if not form.is_valid():
        return _page(request, forum, form=form)
    if not may_act(request, "forums.papers", limit=ASKED_AN_HOUR, seconds=3600):
        return too_many(request)
    if access.is_known(request):
        return _begin(request, forum, form)
    email = form.cleaned_data["email"]
    mails.begin(forum, email=email, language=_language())
    # The same page whoever the address belongs to, and whether a mail was sent a moment ago.
    return _sent(request, forum, email)


def _called(slug: str) -> Forum:
    rows = Forum.objects.published().select_related("program", "series")
    forum = get_object_or_404(rows, slug=slug)
    if forum.papers_open_at is None:
        raise Http404
    return forum


def _can_be_asked() -> bool:
    """Without a text in force nobody can agree, and nothing may be kept."""
    return bool(consents.current_texts([Kind.PAPER]))


def _begin(request: HttpRequest, forum: Forum, form: BeginForm) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    email = user.email if user else access.proven_address(request)
    try:
        draft = acts.begin(forum, email=email, language=_language(), by=user)
    except acts.TooManyError:
        sentence = _("You have handed in %(n)s already. Please change one of those.")
        form.add_error(None, sentence % {"n": acts.MOST})
        return _page(request, forum, form=form)
    except (acts.TooLateError, FrozenError):
        forum.refresh_from_db()
        return _page(request, forum, status=409)
    return access.lead(request, reverse("forums:paper_edit", args=[draft.uuid]), [draft])


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


def _page(
    request: HttpRequest, forum: Forum, *, form: BeginForm | None = None, status: int = 200
) -> HttpResponse:
    here = reverse("forums:paper_call", args=[forum.slug])
    context = {
        "forum": forum,
        "form": form,
        "papers": with_words(access.own(request).filter(forum=forum)),
        "is_known": access.is_known(request),
        "next": urlencode({"next": here}),
        "now": timezone.now(),
        "crumbs": crumbs_of(forum, _title(forum)),
    }
    return render(request, "forums/papers/call.html", context, status=status)


def _sent(request: HttpRequest, forum: Forum, email: str) -> HttpResponse:
    context = {"forum": forum, "email": email, "crumbs": crumbs_of(forum, _title(forum))}
    return render(request, "forums/papers/sent.html", context)


def _title(forum: Forum) -> str:
    return _("Call for topics") if forum.is_meet_up else _("Call for papers")


def crumbs_of(forum: Forum, here: str) -> list[dict[str, str]]:
    return [
        {"label": _("Forums"), "url": reverse("forums:forum_list")},
        {"label": text_in(forum.program, "title").text, "url": forum.get_absolute_url()},
        {"label": here},
    ]
