"""Overruling what the office itself decided, or the order of a reserve list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from oda_portal.privacy.models import Act
from oda_portal.seats import waiting
from volunteers import deciding, permissions
from volunteers.models import State

from .details import decision_of
from .forms import PlaceInLineForm

if TYPE_CHECKING:
    from .applications import ApplicationAdmin


def take_back_page(
    model_admin: ApplicationAdmin, request: HttpRequest, object_id: str
) -> HttpResponseBase:
    """Be undecided again, before anybody has been told."""
    application = model_admin.to_look_at(request, object_id)
    permissions.require(permissions.can_move_application(request.user))
    if request.method == "POST":
        if deciding.take_back(application, by=request.user):  # type: ignore[arg-type]
            model_admin.look(request, Act.EDIT, [application], what="take_back")
            sentence = _("The decision has been undone. The applicant was never told of it.")
            model_admin.message_user(request, sentence, messages.SUCCESS)
        return redirect(model_admin.address("change", application))
    decision = decision_of(application)
    if not decision:
        raise Http404
    return model_admin.page(
        request,
        application,
        "admin/act.html",
        what="take_back",
        title=_("Undo the decision"),
        button=_("Undo the decision"),
        explanation=_(
            "Decision so far: %(decision)s. The place that was set aside will become free."
        )
        % {"decision": decision},
    )


def put_at_page(
    model_admin: ApplicationAdmin, request: HttpRequest, object_id: str
) -> HttpResponseBase:
    """Another place on the reserve list, for a reason that is kept."""
    application = model_admin.to_look_at(request, object_id)
    permissions.require(permissions.can_move_application(request.user))
    if application.state != State.RESERVE or application.opening is None:
        raise Http404
    form = PlaceInLineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        pool = application.opening.pool
        waiting.put_at(pool, application, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        model_admin.look(request, Act.EDIT, [application], what="put_at")
        sentence = _(
            "The order has been changed. Those who are waiting will see their new"
            " numbers on their pages."
        )
        model_admin.message_user(request, sentence, messages.SUCCESS)
        return redirect(model_admin.address("change", application))
    return model_admin.page(
        request,
        application,
        "admin/act.html",
        what="put_at",
        title=_("Change the order"),
        form=form,
        button=_("Change the order"),
        explanation=_("Now number %(place)s of %(all)s for %(opening)s. No email will be sent.")
        % {
            "place": application.place_in_line,
            "all": waiting.waiting_in(application.opening.pool).count(),
            "opening": application.opening,
        },
    )
