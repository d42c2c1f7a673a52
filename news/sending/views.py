"""The page from which an article is sent: a form with a token, and never kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from news.models import Article
from oda_portal.pages.limits import mailbox, may_act, may_be_done
from oda_portal.publishing.texts import text_in

from .forms import SendForm
from .mails import send

ACT = "news.send"
HOUR = 60 * 60
FROM_ONE, TO_ONE, IN_ALL = 10, 5, 300

TOO_MANY_FROM_HERE = gettext_lazy(
    "Too many emails have been sent from your network. Try again in an hour."
)
TOO_MANY_TO_THEM = gettext_lazy(
    "No more articles can be sent to this address today. Try again tomorrow."
)
TOO_MANY = gettext_lazy("Many people are sending articles just now. Try again in an hour.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def article_send(request: HttpRequest, slug: str) -> HttpResponse:
    article = get_object_or_404(Article.objects.published().for_lists(), slug=slug)
    form = SendForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, article, form)
    if not form.is_valid():
        return _page(request, article, form, status=422)
    given = {name: form.cleaned_data[name] for name in ("to", "name", "note")}
    if refusal := _refusal(request, given["to"]):
        form.add_error(None, str(refusal))
        return _page(request, article, form, status=429)
    send(article, **given)
    return _page(request, article, template="news/article_sent.html")


def _refusal(request: HttpRequest, to: str) -> Promise | None:
    """Why it is too much: from one address, to one address, or from everybody."""
    # One after the other: whoever is stopped uses up nothing of the others' numbers.
    if not may_act(request, ACT, limit=FROM_ONE, seconds=HOUR):
        return TOO_MANY_FROM_HERE
    if not may_be_done(f"{ACT}:to", mailbox(to), limit=TO_ONE, seconds=24 * HOUR):
        return TOO_MANY_TO_THEM
    if not may_be_done(f"{ACT}:all", "", limit=IN_ALL, seconds=HOUR):
        return TOO_MANY
    return None


def _page(
    request: HttpRequest,
    article: Article,
    form: SendForm | None = None,
    *,
    template: str = "news/article_send.html",
    status: int = 200,
) -> HttpResponse:
    crumbs = [
        {"label": _("News"), "url": reverse("news:article_list")},
        {"label": text_in(article, "title").text, "url": article.get_absolute_url()},
        {"label": _("Send by email")},
    ]
    context = {"article": article, "form": form, "crumbs": crumbs}
    return render(request, template, context, status=status)
