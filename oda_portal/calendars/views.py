"""The public calendar as a file that calendar programs fetch again and again."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from oda_portal.pages.furniture import office
from oda_portal.publishing.freshness import public

from .ics import CONTENT_TYPE, calendar_of, event_of
from .occasions import kinds, occasions


@require_safe
@public
def calendar(request: HttpRequest) -> HttpResponse:
    """Deadlines and events in the language of the address; `kind` leaves one kind of them."""
    kind = request.GET.get("kind", "")
    if kind and kind not in kinds():
        raise Http404(_("There is no such kind of event."))
    events = [event_of(occasion) for occasion in occasions(kind)]
    language = translation.get_language() or settings.LANGUAGE_CODE
    content = calendar_of(events, name=_calendar_name(kind), language=language)
    return HttpResponse(content, content_type=CONTENT_TYPE)


def _calendar_name(kind: str) -> str:
    name = office()["name"]
    return f"{name} · {kinds()[kind]}" if kind else name
