"""What becomes of a form that lets somebody in, in words for whoever stands at the door."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from forums.models import Forum, Registration
from oda_portal.accounts.areas import within
from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import Act

from . import acts, attendance
from .forms import AfterwardsForm, NumberForm, PartyForm


class Answer(NamedTuple):
    """`state`: "in", "already" or "refused"; the page's script knows these words."""

    state: str
    said: str


def answer_number(request: HttpRequest, forum: Forum, form: NumberForm) -> Answer:
    """For a number that was typed; the form is valid.

    Which other event a number belongs to is said to whoever works on that one as well.
    """
    theirs = Registration.objects.filter(within(request.user, Registration))
    rows = theirs.select_related("forum__program")
    registration = rows.filter(number=form.cleaned_data["number"]).first()
    if registration is None:
        return Answer("refused", unknown())
    if registration.forum_id != forum.pk:
        return Answer("refused", attendance.of_another_event(registration))
    return answer(request, registration, form)


def answer(
    request: HttpRequest,
    registration: Registration,
    form: NumberForm | PartyForm | AfterwardsForm,
) -> Answer:
    given = form.cleaned_data
    record_look(request, Act.EDIT, [registration], what="forums.registration check-in")
    try:
        let_in = acts.check_in(
            registration,
            key=given["key"],
            by=request.user,  # type: ignore[arg-type]
            people=given["people"],
            at=form.at(),
            reason=given.get("reason", ""),
        )
    except acts.RefusedError as refusal:
        return Answer("refused", f"{registration.name}: {refusal}")
    said = attendance.said_of(let_in.registration)
    if let_in.people:
        return Answer("in", said)
    if not said:
        undone = _("%(name)s: this check-in was undone.")
        return Answer("already", undone % {"name": registration.name})
    return Answer("already", _("Already checked in. %(said)s") % {"said": said})


def unknown() -> str:
    return _("There is no registration with this number. Check the number, or search by name.")
