"""Who sits where: always recorded as a look; and somebody's own interview, moved by staff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.mail.previews import Shown
from oda_portal.mail.rendering import Stationery
from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import Act
from oda_portal.publishing.times import korea_moment
from volunteers import interview_mails, interviews, permissions
from volunteers.models import Application, InterviewSlot
from volunteers.models.interviews import may_have_interview, people_in, slot_of, with_interview

from .interview_forms import PersonForm
from .letters import letter_shown

if TYPE_CHECKING:
    from .applications import ApplicationAdmin


def seated(
    request: HttpRequest, slots: Iterable[InterviewSlot], *, what: str, act: Act = Act.LIST,
    reason: str = "",
) -> dict[int, list[Application]]:  # fmt: skip
    """Who sits in these slots, as `people_in`; that this person looked is written down."""
    people = people_in(list(slots))
    everybody = [application for rows in people.values() for application in rows]
    if everybody or act == Act.EXPORT:
        shown = [record for row in everybody for record in (row, row.volunteer, row.volunteer.user)]
        what = f"{InterviewSlot._meta.label_lower} {what}"
        record_look(request, act, filter(None, shown), what=what, reason=reason)
    return people


def letters_of_move(slot: InterviewSlot, people: list[Application]) -> list[Shown]:
    """What each would read of the slot as it would be."""
    stationery = Stationery()
    return [
        letter_shown(
            interview_mails.moved_of(application, slot),
            application,
            stationery,
            path=interview_mails.interview_path(application),
        )
        for application in people
    ]


class InterviewFilter(admin.SimpleListFilter):
    """For the list of applications: who still has to choose."""

    title = gettext_lazy("interview")
    parameter_name = "interview"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", gettext_lazy("Invited, no time chosen")),
            ("chosen", gettext_lazy("Invited, time chosen")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in ("open", "chosen"):
            return queryset
        return with_interview(queryset, chosen=self.value() == "chosen")


# --- one person's interview ----------------------------------------------------------------------


def interview_page(
    model_admin: ApplicationAdmin, request: HttpRequest, object_id: str
) -> HttpResponseBase:
    """Another slot, or none, for a reason; first the mail is shown, then it is done."""
    application = model_admin.to_look_at(request, object_id)
    permissions.require(permissions.can_move_application(request.user))
    if not may_have_interview(application):
        raise Http404
    held = slot_of(application)
    slots = InterviewSlot.objects.with_places().to_come().filter(call=application.call_id)
    form = PersonForm(request.POST if request.method == "POST" else None, slots=slots, held=held)
    if "sure" in request.POST and form.may_act():
        _move(model_admin, request, application, form)
        return redirect(model_admin.address("change", application))
    return model_admin.page(
        request,
        application,
        "admin/volunteers/interview_person.html",
        what="interview",
        title=_("Interview"),
        form=form,
        held=held,
        letter=_letter(application, held, form) if form.is_valid() else None,
    )


def _letter(application: Application, held: InterviewSlot | None, form: PersonForm) -> Shown:
    slot = form.chosen()
    if slot is None:
        assert held  # noqa: S101  (the form offers it to whoever has one)
        news = interview_mails.taken_back_of(application, held)
    elif held:
        news = interview_mails.moved_of(application, slot)
    else:
        news = interview_mails.chosen_of(application, slot)
    path = interview_mails.interview_path(application)
    return letter_shown(news, application, Stationery(), path=path)


def _move(
    model_admin: ApplicationAdmin, request: HttpRequest, application: Application, form: PersonForm
) -> None:
    slot, details = form.chosen(), {"by": request.user, "reason": form.cleaned_data["reason"]}
    words: dict[str, Any] = {"name": application.volunteer}
    try:
        if slot is None:
            interviews.take_back(application, **details)
            sentence = _(
                "%(name)s no longer has a time for the interview, and will be told by email."
            )
        else:
            interviews.put(application, slot, **details)
            sentence = _("%(name)s will be told by email: %(moment)s.")
            words["moment"] = korea_moment(slot.starts_at)
    except interviews.InterviewError:
        sentence = _(
            "No place is left in this slot, or the application has been decided. Try again."
        )
        model_admin.message_user(request, sentence, messages.ERROR)
        return
    model_admin.look(request, Act.EDIT, [application], what="interview")
    model_admin.message_user(request, sentence % words, messages.SUCCESS)
