"""More places in an opening that people wait for: who will be offered one, before it is so."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.mail.rendering import Stationery
from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import Act
from oda_portal.seats import waiting
from volunteers import mails, permissions, places
from volunteers.models import Application, Call, Opening

from .letters import letter_shown

if TYPE_CHECKING:
    from .calls import CallAdmin


class MorePlacesForm(forms.Form):
    """The page sends back, as `shown`, for how many places it showed the letters."""

    opening: Any = forms.ModelChoiceField(Opening.objects.none(), label=gettext_lazy("Opening"))
    capacity = forms.IntegerField(
        label=gettext_lazy("places"),
        min_value=1,
        max_value=10_000,
        help_text=gettext_lazy("How many places there are. No more than these are given."),
    )

    def __init__(self, data: Any = None, *, call: Call) -> None:
        super().__init__(data)
        field = self.fields["opening"]
        field.queryset = Opening.objects.with_place().filter(call=call)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opening, capacity = cleaned.get("opening"), cleaned.get("capacity")
        if opening and capacity is not None and capacity <= opening.pool.capacity:
            sentence = _("The number is %(capacity)s already. Enter a larger one.")
            params = {"capacity": opening.pool.capacity}
            self.add_error("capacity", ValidationError(sentence, params=params))
        return cleaned

    @property
    def shown(self) -> str:
        return f"{self.data.get('opening')}:{self.data.get('capacity')}" if self.is_bound else ""

    def may_act(self) -> bool:
        """Valid, and the letters that were shown are those that would be sent."""
        return self.is_valid() and self.data.get("shown") == self.shown


def more_places_page(
    model_admin: CallAdmin, request: HttpRequest, object_id: str
) -> HttpResponseBase:
    call = model_admin.get_object(request, object_id)
    if call is None:
        raise Http404
    permissions.require(permissions.can_move_application(request.user))
    form = MorePlacesForm(request.POST if request.method == "POST" else None, call=call)
    if form.may_act():
        opening, capacity = form.cleaned_data["opening"], form.cleaned_data["capacity"]
        places.set_capacity(opening, capacity, by=request.user)  # type: ignore[arg-type]
        sentence = _("The opening has %(capacity)s places now.") % {"capacity": capacity}
        model_admin.message_user(request, sentence, messages.SUCCESS)
        return redirect(model_admin.address("change", call))
    offers = _offers(form) if form.is_valid() else []
    if offers:
        people = [person for row, _letter in offers for person in (row, row.volunteer)]
        record_look(request, Act.LIST, people, what="volunteers.call more_places")
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "object": call,
        "title": _("More places"),
        "form": form,
        "is_checked": form.is_bound and form.is_valid(),
        "offers": offers,
        "back": model_admin.address("change", call),
    }
    return TemplateResponse(request, "admin/volunteers/more_places.html", context)


def _offers(form: MorePlacesForm) -> list[tuple[Application, Any]]:
    """Who would be offered a place, in order, each with the letter."""
    opening = form.cleaned_data["opening"]
    left = form.cleaned_data["capacity"] - opening.pool.taken
    until = places.answer_until(opening)
    stationery, found = Stationery(), []
    for seat in waiting.waiting_in(opening.pool)[: max(left, 0)]:
        left -= seat.size
        if left < 0 or until is None:
            break
        after = copy.copy(seat.subject)
        assert isinstance(after, Application)  # noqa: S101  (nobody else waits for an opening)
        after.answer_by = until
        found.append((after, letter_shown(mails.offer_of(after), after, stationery)))
    return found
