"""How many places there are: what was asked, who will be offered one, and then it is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from forums.freezing import FrozenError
from forums.models import Forum, ForumSession
from forums.registering import permissions, places
from oda_portal.accounts.areas import within
from oda_portal.mail.rendering import Stationery
from oda_portal.privacy.models import Act

from .registration_forms import PlacesForm
from .registration_letters import Offer, offers_of

if TYPE_CHECKING:
    from .registrations import RegistrationAdmin


def places_page(
    model_admin: RegistrationAdmin, request: HttpRequest, forum_id: int
) -> HttpResponseBase:
    permissions.require(permissions.can_change_registrations(request.user))
    rows = Forum.objects.select_related("program", "pool")
    forum = rows.filter(within(request.user, Forum), pk=forum_id).first()
    if forum is None or forum.is_frozen:
        raise Http404
    rows = ForumSession.objects.filter(forum=forum, cancelled_at=None)
    rows = rows.exclude(kind=ForumSession.Kind.BREAK)
    sessions = list(rows.select_related("pool", "forum__program").in_order())
    data = request.POST if request.method == "POST" else None
    form = PlacesForm(data, forum=forum, sessions=sessions)
    if form.may_act():
        try:
            _set(model_admin, request, form)
        except FrozenError as refusal:  # closed since the page was opened
            model_admin.message_user(request, str(refusal), messages.ERROR)
        return redirect(reverse("admin:forums_registration_places", args=[forum.pk]))
    offers = _offers(form) if form.is_valid() else []
    if offers:
        people = [offer.registration for offer in offers]
        model_admin.look(request, Act.LIST, people, what="places")
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Places: %(event)s") % {"event": forum},
        "form": form,
        "is_checked": form.is_bound and form.is_valid(),
        "offers": offers,
        "back": model_admin.list_of(forum),
    }
    return TemplateResponse(request, "admin/forums/registration_places.html", context)


def _set(model_admin: RegistrationAdmin, request: HttpRequest, form: PlacesForm) -> None:
    by, hours = request.user, form.cleaned_data["hours"]
    for owner, capacity in form.wanted():
        if not places.set_capacity(owner, capacity, by=by, offer_hours=hours):  # type: ignore[arg-type]
            sentence = _("%(name)s: more places are taken meanwhile. Nothing was changed there.")
            model_admin.message_user(request, sentence % {"name": owner}, messages.WARNING)
    model_admin.message_user(request, _("The places are set."), messages.SUCCESS)


def _offers(form: PlacesForm) -> list[Offer]:
    stationery, hours = Stationery(), form.cleaned_data["hours"]
    return [
        offer
        for owner, capacity in form.wanted()
        if owner.pool
        for offer in offers_of(owner, capacity - owner.pool.taken, stationery, hours=hours)
    ]
