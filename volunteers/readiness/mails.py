"""Mails about the checklist. None says anything of a passport or of health: the page does."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oda_portal.mail import kinds, outbox
from oda_portal.mail.models import Message
from oda_portal.publishing.texts import day, text_in

from ..models import Application, ChecklistItem, Readiness

GROUP = gettext_lazy("Preparing for departure")
PLACEHOLDERS: dict[str, kinds.Words] = {
    "call": gettext_lazy("the call’s title"),
    "place": gettext_lazy("city and team"),
    "left": gettext_lazy("how long it is until departure"),
    "what": gettext_lazy("what has to be done, and by when"),
}
SAMPLE: dict[str, kinds.Words] = {
    "call": gettext_lazy("Busan Global Friends: call for volunteers"),
    "place": gettext_lazy("Ulaanbaatar · Education team"),
    "left": gettext_lazy("14 days to go."),
    "what": gettext_lazy("Insurance (by 4 December 2026)"),
}


def register() -> None:
    """Make the mails of this part known to the outbox."""
    _register(
        "departure_checklist", gettext_lazy("Things to do before departure"), ("place", "left")
    )
    _register(
        "departure_reminder",
        gettext_lazy("Reminder of what is still to be done before departure"),
        ("place", "left", "what"),
    )
    _register(
        "departure_returned", gettext_lazy("Something handed in was returned"), ("call", "what")
    )


def _register(name: str, label: kinds.Words, names: tuple[str, ...]) -> None:
    kinds.register(
        kinds.Kind(
            name=name,
            label=label,
            group=GROUP,
            placeholders={key: PLACEHOLDERS[key] for key in names},
            sample={key: SAMPLE[key] for key in names},
            button=gettext_lazy("See the checklist"),
        )
    )


def checklist(application: Application) -> bool:
    """Once for each confirmation: that there is a checklist."""
    with translation.override(application.language):
        context = {"place": _place(application), "left": _left(application)}
    since = application.state_at.isoformat()
    once = f"departure:{application.pk}:{application.opening_id}:{since}"
    return _post("departure_checklist", application, context, once=once)


def reminder(application: Application, items: list[ChecklistItem]) -> bool:
    """What is open, in one mail; the caller keeps in mind what it has reminded of."""
    with translation.override(application.language):
        context = {
            "place": _place(application),
            "left": _left(application),
            "what": "\n".join(_line(item) for item in items),
        }
    return _post("departure_reminder", application, context)


def returned(row: Readiness) -> bool:
    context = context_of_return(row.application, row.item)
    once = f"departure-returned:{row.pk}:{row.at.isoformat()}"
    return _post("departure_returned", row.application, context, once=once)


def context_of_return(application: Application, item: ChecklistItem) -> dict[str, str]:
    with translation.override(application.language):
        return {
            "call": text_in(application.call, "title").text,
            "what": str(item.get_kind_display()),
        }


def letter_of_return(application: Application, item: ChecklistItem) -> Message:
    """The mail as it would go out, for staff to read before; it is not saved."""
    return Message(
        kind="departure_returned",
        language=application.language,
        name=application.volunteer.name,
        context=context_of_return(application, item),
        path=_page_of(application),
    )


def _post(
    kind: str, application: Application, context: Mapping[str, str], *, once: str = ""
) -> bool:
    volunteer = application.volunteer
    message = outbox.post(
        kind,
        to=volunteer.user.email if volunteer.user else volunteer.email,
        name=volunteer.name,
        language=application.language,
        context=context,
        user=volunteer.user,
        once=once,
        about=application,
        path=_page_of(application),
    )
    return message is not None


def _page_of(application: Application) -> str:
    return reverse("volunteers:departure_detail", args=[application.uuid])


def _place(application: Application) -> str:
    opening = application.opening
    assert opening is not None  # noqa: S101  (nobody without one has a checklist; this tells the type)
    return f"{text_in(opening.city, 'name').text} · {opening.get_team_display()}"


def _left(application: Application) -> str:
    assert application.opening is not None  # noqa: S101  (as above)
    days = (application.opening.departs_on - timezone.localdate()).days
    if days < 1:
        return _("You leave on %(date)s.") % {"date": day(application.opening.departs_on)}
    return ngettext("%(n)s day to go.", "%(n)s days to go.", days) % {"n": days}


def _line(item: ChecklistItem) -> str:
    words = {"what": item.get_kind_display(), "date": day(item.due_on)}
    if item.due_on < timezone.localdate():
        return _("%(what)s (was due on %(date)s)") % words
    return _("%(what)s (by %(date)s)") % words
