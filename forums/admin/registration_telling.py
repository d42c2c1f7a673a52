"""Writing to everybody who registered: first the text, then the letters, then they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forums.models import Forum
from forums.registering import mails, permissions, telling
from oda_portal.accounts.areas import within
from oda_portal.privacy.models import Act

from .registration_forms import TellForm
from .registration_letters import letters_in

if TYPE_CHECKING:
    from .registrations import RegistrationAdmin


def tell_page(
    model_admin: RegistrationAdmin, request: HttpRequest, forum_id: int
) -> HttpResponseBase:
    """Of a cancelled event that it will not take place; of any other what has changed."""
    permissions.require(permissions.can_tell_registered(request.user))
    rows = Forum.objects.select_related("program")
    forum = rows.filter(within(request.user, Forum), pk=forum_id).first()
    if forum is None or forum.is_frozen:
        raise Http404
    is_off = forum.program.cancelled_at is not None
    form = TellForm(request.POST if request.method == "POST" else None)
    if "sure" in request.POST and form.may_act():
        tell = telling.tell_of_end if is_off else telling.tell_of_change
        _say(model_admin, request, tell(forum, form.texts()))
        model_admin.look(request, Act.EDIT, telling.to_be_told(forum), what="tell")
        return redirect(model_admin.list_of(forum))
    say = mails.called_off_of if is_off else mails.changed_of
    texts = form.texts() if form.is_valid() else {}
    counts = telling.by_language(forum)
    names = dict(settings.LANGUAGES)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Tell those who registered that the event is cancelled")
        if is_off
        else _("Tell those who registered what has changed"),
        "event": forum,
        "form": form,
        "count": sum(counts.values()),
        "counts": [(names[code], number) for code, number in counts.items()],
        "letters": letters_in((code, say(forum, code, text)) for code, text in texts.items()),
        "back": model_admin.list_of(forum),
    }
    return TemplateResponse(request, "admin/forums/registration_tell.html", context)


def _say(model_admin: RegistrationAdmin, request: HttpRequest, told: int) -> None:
    if not told:
        sentence = _("Everybody has been told this already; nothing was sent.")
        model_admin.message_user(request, sentence, messages.WARNING)
        return
    sentence = ngettext(
        "%(count)s email is on its way.", "%(count)s emails are on their way.", told
    )
    model_admin.message_user(request, sentence % {"count": told}, messages.SUCCESS)
