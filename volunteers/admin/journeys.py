"""One person on the readiness board: what they handed in, masked, and what staff do with it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.files.downloads import private_response
from oda_portal.mail.previews import Shown, preview_of
from oda_portal.privacy.access import record_look
from oda_portal.privacy.masking import MASK, masked_end, masked_telephone
from oda_portal.privacy.models import Act
from oda_portal.publishing.texts import day
from volunteers import permissions
from volunteers.models import (
    Application,
    Call,
    ChecklistItem,
    EmergencyContact,
    InsuranceCertificate,
    Readiness,
    TravelDocument,
)
from volunteers.models.readiness import READINESS_MOVES
from volunteers.readiness import acts, mails, rules
from volunteers.readiness.board import person_of
from volunteers.readiness.rules import Cell

from .readiness_forms import SendBackForm
from .readiness_pages import application_or_404, behind, board_address, board_page

if TYPE_CHECKING:
    from .calls import CallAdmin

State = Readiness.State

# Without a question in between: nobody is written to.
AT_ONCE = {
    "accept": gettext_lazy("Accept"),
    "waive": gettext_lazy("Not needed"),
    "reopen": gettext_lazy("Open again"),
}
SEND_BACK = gettext_lazy("Send back")


def show_person(
    model_admin: CallAdmin, request: HttpRequest, call: Call, pk: int
) -> HttpResponseBase:
    application = application_or_404(call, pk)
    person = person_of(application, timezone.localdate())
    record_look(request, Act.DETAIL, behind([application]), what="volunteers.readiness")
    may_change = permissions.can_change_readiness(request.user)
    rows = [
        (cell, _acts_on(call, application, cell) if may_change else []) for cell in person.cells
    ]
    return board_page(
        model_admin,
        request,
        call,
        "person",
        title=str(application.volunteer),
        application=application,
        opening=application.opening,
        rows=rows,
        kept=_kept(application, is_masked=True),
        certificate=getattr(application, "insurance", None),
        may_see_whole=permissions.can_see_travel_data(request.user),
        whole=board_address(call, "_whole", pk),
        certificate_address=board_address(call, "_certificate", pk),
    )


def _acts_on(call: Call, application: Application, cell: Cell) -> list[tuple[str, str, bool]]:
    """Words, address, and whether the button acts without a page in between."""
    if cell.phase == rules.Phase.NOT_NEEDED and not cell.is_waived:
        return []  # a guardian's consent of who is grown up
    state = cell.row.state if cell.row else State.OPEN
    found = []
    for act, label in AT_ONCE.items():
        is_allowed = state in READINESS_MOVES[act][0]
        if is_allowed and (act != "accept" or acts.may_accept(cell.item, cell.row)):
            args = (application.pk, cell.item.kind, act)
            found.append((str(label), board_address(call, "_settle", *args), True))
    if state in READINESS_MOVES["send_back"][0]:
        address = board_address(call, "_send_back", application.pk, cell.item.kind)
        found.append((str(SEND_BACK), address, False))
    return found


def show_whole(
    model_admin: CallAdmin, request: HttpRequest, call: Call, pk: int
) -> HttpResponseBase:
    """A page of its own, for a reason that the log keeps."""
    permissions.require(permissions.can_see_travel_data(request.user))
    application = application_or_404(call, pk)
    of_applications: Any = admin.site.get_model_admin(Application)
    reason = of_applications.reason_to_show(request, application)
    if not reason:
        return redirect(of_applications.to_reveal(application, coming_back_to=request.path))
    record_look(
        request, Act.DETAIL, behind([application]), what="volunteers.traveldocument health",
        reason=reason,
    )  # fmt: skip
    return board_page(
        model_admin,
        request,
        call,
        "whole",
        title=_("Passport, health and emergency contact"),
        application=application,
        kept=_kept(application, is_masked=False),
        back=board_address(call, "_person", pk),
    )


def give_certificate(
    model_admin: CallAdmin, request: HttpRequest, call: Call, pk: int
) -> HttpResponseBase:
    permissions.require(permissions.can_see_travel_data(request.user))
    application = application_or_404(call, pk)
    row = get_object_or_404(InsuranceCertificate, application=application)
    response = private_response(row.file, row.name)
    record_look(request, Act.FILE, behind([application]), what="volunteers.insurancecertificate")
    return response


Rows = list[tuple[str, str]]


def _kept(application: Application, *, is_masked: bool) -> list[tuple[str, Rows]]:
    """Groups of labels and values; of health and of names nothing at all where it is masked."""
    record = acts.full_record(application)
    groups = []
    if passport := record["passport"]:
        groups.append((_("Passport"), _passport_rows(passport, is_masked=is_masked)))
    if health := record["health"]:
        rows = [
            (_("Vaccinations"), health.vaccinations),
            (_("What we should know in an emergency"), health.to_know),
        ]
        shown = [(label, MASK if is_masked else text) for label, text in rows]
        groups.append((_("Vaccination and health"), shown))
    if contact := record["emergency"]:
        groups.append((_("Emergency contact"), _contact_rows(contact, is_masked=is_masked)))
    return groups


def _passport_rows(passport: TravelDocument, *, is_masked: bool) -> Rows:
    valid = (_("Valid until"), day(passport.expires_on))
    if is_masked:
        return [(_("Passport number"), masked_end(passport.number)), valid]
    return [
        (_("Passport number"), passport.number),
        (_("Name as in the passport"), passport.name),
        (_("Nationality"), passport.nationality),
        valid,
    ]


def _contact_rows(contact: EmergencyContact, *, is_masked: bool) -> Rows:
    if is_masked:
        return [(_("Telephone"), masked_telephone(contact.telephone))]
    return [
        (_("Full name"), contact.name),
        (_("Relation"), contact.relation),
        (_("Telephone"), contact.telephone),
    ]


# --- acts ----------------------------------------------------------------------------------------


def settle(
    model_admin: CallAdmin, request: HttpRequest, call: Call, pk: int, kind: str, act: str
) -> HttpResponseBase:
    """What needs no letter: accept, not needed, open again."""
    permissions.require(permissions.can_change_readiness(request.user))
    application = application_or_404(call, pk)
    item = _item_or_404(application, kind)
    if act not in AT_ONCE:
        raise Http404
    return _settle(model_admin, request, application, item, act)


def _settle(
    model_admin: CallAdmin, request: HttpRequest, application: Application, item: ChecklistItem,
    act: str, *, reason: str = "",
) -> HttpResponseBase:  # fmt: skip
    by, seen = request.user, _seen(request)
    if acts.settle(application, item, act, by=by, seen=seen, reason=reason):  # type: ignore[arg-type]
        _say_done(model_admin, request, application, item)
    else:
        _say_changed(model_admin, request)
    return redirect(board_address(item.opening.call, "_person", application.pk))


def send_back(
    model_admin: CallAdmin, request: HttpRequest, call: Call, pk: int, kind: str
) -> HttpResponseBase:
    """What to correct, and the letter that goes out; then it is sent back."""
    permissions.require(permissions.can_change_readiness(request.user))
    application = application_or_404(call, pk)
    item = _item_or_404(application, kind)
    row = Readiness.objects.filter(application=application, item=item).first()
    if row is None or row.state not in READINESS_MOVES["send_back"][0]:
        _say_changed(model_admin, request)
        return redirect(board_address(call, "_person", pk))
    form = SendBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _settle(model_admin, request, application, item, "send_back", reason=reason)
    record_look(request, Act.DETAIL, behind([application]), what="volunteers.readiness send_back")
    return board_page(
        model_admin,
        request,
        call,
        "send_back",
        title=_("Send back: %(what)s") % {"what": item},
        application=application,
        form=form,
        seen=row.at.isoformat(),
        shown=_letter(application, item),
        back=board_address(call, "_person", pk),
    )


def _letter(application: Application, item: ChecklistItem) -> Shown:
    """The mail that goes out with it."""
    return preview_of(mails.letter_of_return(application, item))


def _item_or_404(application: Application, kind: str) -> ChecklistItem:
    rows = ChecklistItem.objects.filter(opening=application.opening_id, is_wanted=True)
    return get_object_or_404(rows, kind=kind)


def _seen(request: HttpRequest) -> datetime:
    """Since when the item stood as the page showed it."""
    try:
        return parse_datetime(request.POST.get("seen", "")) or acts.UNSEEN
    except ValueError:
        return acts.UNSEEN


def _say_done(
    model_admin: CallAdmin, request: HttpRequest, application: Application, item: ChecklistItem
) -> None:
    record_look(request, Act.EDIT, behind([application]), what=f"volunteers.readiness {item.kind}")
    row = Readiness.objects.get(application=application, item=item)
    words = {"what": item, "state": row.get_state_display()}
    sentence = _("%(what)s is now “%(state)s”.") % words
    model_admin.message_user(request, sentence, messages.SUCCESS)


def _say_changed(model_admin: CallAdmin, request: HttpRequest) -> None:
    sentence = _("Nothing was done: it has changed since you opened the page. Check it again.")
    model_admin.message_user(request, sentence, messages.WARNING)
