"""The pages on which staff confirm sectors, shares and roles of a programme, or take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from oda_portal.opendata.iati.codes import label
from oda_portal.publishing.forms import ReasonForm
from programs.models import Confirmation, Program
from programs.reporting.codes import ROLES
from programs.reporting.confirming import (
    ChangedError,
    RefusedError,
    confirm,
    require_unchanged,
    take_back,
)
from programs.reporting.fingerprints import fingerprint
from programs.reporting.permissions import can_confirm, can_take_back
from programs.reporting.readiness import for_musts
from programs.reporting.recipients import (
    UNSPECIFIED,
    are_equal_for_want_of_numbers,
    recipients_of,
)

from .reporting_forms import has_suggestions, rows_form

if TYPE_CHECKING:
    from .reporting_meter import ReportedAdmin

Aspect = Confirmation.Aspect

TITLES = {
    Aspect.SECTORS: gettext_lazy("Confirm the sectors"),
    Aspect.SHARES: gettext_lazy("Confirm countries and shares"),
    Aspect.ROLES: gettext_lazy("Confirm the roles"),
}
EXPLANATIONS = {
    Aspect.SECTORS: gettext_lazy(
        "What you confirm is reported to IATI and no longer called our estimate. Percentages make"
        " 100 together; a single sector needs none."
    ),
    Aspect.SHARES: gettext_lazy(
        "What you confirm is reported to IATI. Percentages make 100 together; a single country"
        " needs none, and one that receives no ODA gets 0."
    ),
    Aspect.ROLES: gettext_lazy(
        "What you confirm is reported to IATI: at least one organisation that funds the programme"
        " and one that implements or co-organises it."
    ),
}


class EstimateForm(ReasonForm):
    is_estimate = forms.BooleanField(
        label=gettext_lazy("The sectors are our estimate again"), required=False, initial=True
    )


def confirm_urls(model_admin: ReportedAdmin) -> list[URLPattern]:
    guarded = model_admin.admin_site.admin_view

    def page(view: Any) -> Any:
        def shown(request: HttpRequest, object_id: str, aspect: str) -> HttpResponseBase:
            if aspect not in Aspect.values:
                raise Http404
            return view(model_admin, request, object_id, aspect)

        return guarded(shown)

    return [
        path(
            "<path:object_id>/confirm/<slug:aspect>/",
            page(confirm_page),
            name="programs_program_confirm",
        ),
        path(
            "<path:object_id>/confirm/<slug:aspect>/take-back/",
            page(take_back_page),
            name="programs_program_take_back",
        ),
    ]


def confirm_page(
    model_admin: ReportedAdmin, request: HttpRequest, object_id: str, aspect: str
) -> HttpResponseBase:
    """What stands there, to be put right and answered for; then, once it is sent, the act."""
    program = _to_answer_for(model_admin, request, object_id, may=can_confirm(request.user))
    is_sent, refusal = request.method == "POST", ""
    rows = rows_form(program, aspect, request.POST if is_sent else None)
    if is_sent:
        try:
            if rows.is_valid():
                return _confirm(model_admin, request, program, aspect, rows)
            require_unchanged(program, aspect, request.POST.get("seen", ""))
        except ChangedError as error:
            model_admin.message_user(request, str(error), messages.WARNING)
            return redirect(request.path)
        except RefusedError as error:
            refusal = str(error)
    return _page(
        model_admin,
        request,
        program,
        "confirm",
        title=TITLES[Aspect(aspect)],
        explanation=EXPLANATIONS[Aspect(aspect)],
        rows=rows,
        refusal=refusal,
        seen=request.POST.get("seen") or fingerprint(program, aspect),
        is_suggested=not is_sent and has_suggestions(program, aspect),
        remarks=_remarks(program, aspect),
    )


def _confirm(
    model_admin: ReportedAdmin, request: HttpRequest, program: Program, aspect: str, rows: Any
) -> HttpResponseBase:
    seen = request.POST.get("seen", "")
    if confirm(program, aspect, seen=seen, by=request.user, put_right=rows.save):  # type: ignore[arg-type]
        model_admin.message_user(request, _("It is confirmed."), messages.SUCCESS)
    else:
        sentence = _("It was confirmed already. Nothing was changed.")
        model_admin.message_user(request, sentence, messages.WARNING)
    return redirect(model_admin.address("change", program))


def take_back_page(
    model_admin: ReportedAdmin, request: HttpRequest, object_id: str, aspect: str
) -> HttpResponseBase:
    program = _to_answer_for(model_admin, request, object_id, may=can_take_back(request.user))
    form_class = EstimateForm if aspect == Aspect.SECTORS else ReasonForm
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        was_there = take_back(program, aspect, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        if was_there:
            sentence, level = _("It is no longer confirmed."), messages.SUCCESS
        else:
            sentence, level = _("It was not confirmed. Nothing was changed."), messages.WARNING
        model_admin.message_user(request, sentence, level)
        return redirect(model_admin.address("change", program))
    return model_admin.act_page(
        request,
        program,
        form=form,
        title=_("Take the confirmation back: %(what)s") % {"what": Aspect(aspect).label},
        button=pgettext("act", "Take back"),
        explanation=_("The programme leaves the report with its next publication."),
    )


def _to_answer_for(
    model_admin: ReportedAdmin, request: HttpRequest, object_id: str, *, may: bool
) -> Program:
    """With all that is shown of it. What is closed can be confirmed too, as it stands."""
    found = model_admin.get_object(request, object_id)
    if not may or not model_admin.may_correct(request, found):
        raise PermissionDenied
    if found is None:
        raise Http404
    return for_musts(Program.objects.all()).get(pk=found.pk)


def _remarks(program: Program, aspect: str) -> list[str]:
    """What of it is reported otherwise than it stands there."""
    if aspect == Aspect.SHARES:
        return _remarks_on_shares(program)
    if aspect == Aspect.ROLES:
        return _remarks_on_roles(program)
    return []


def _remarks_on_shares(program: Program) -> list[str]:
    remarks = []
    if recipients_of(program).region:
        region = {"region": label("Region", UNSPECIFIED)}
        remarks.append(_("As it stands, it is reported for: %(region)s.") % region)
    named = len(program.country_shares.all())
    if named and (program.countries_total or 0) > named:
        words = {"total": program.countries_total, "named": named}
        sentence = _("%(total)s countries took part, and only %(named)s are named here.")
        remarks.append(sentence % words)
    if are_equal_for_want_of_numbers(program, list(program.country_shares.all())):
        sentence = _(
            "The shares suggested here are equal parts: it is not recorded how many people came"
            " from which country. Put them right before you confirm them."
        )
        remarks.append(sentence)
    outside = [row.country for row in program.country_shares.all() if not row.country.dac_group]
    if outside:
        names = ", ".join(str(country) for country in outside)
        remarks.append(_("No recipient of ODA: %(countries)s.") % {"countries": names})
    return remarks


def _remarks_on_roles(program: Program) -> list[str]:
    left_out = [row for row in program.roles.all() if row.kind not in ROLES]
    hidden = [
        row for row in program.roles.all() if row.kind in ROLES and not row.organisation.is_public()
    ]
    remarks = []
    if left_out:
        names = ", ".join(str(row) for row in left_out)
        remarks.append(_("IATI knows no such role, so these are left out: %(roles)s.")
                       % {"roles": names})  # fmt: skip
    if hidden:
        names = ", ".join(str(row.organisation) for row in hidden)
        remarks.append(_("Not public, so these are left out: %(names)s.") % {"names": names})
    return remarks


def _page(
    model_admin: ReportedAdmin, request: HttpRequest, program: Program, name: str, **more: Any
) -> TemplateResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "object": program,
        "back": model_admin.address("change", program),
        **more,
    }
    return TemplateResponse(request, f"admin/programs/reporting/{name}.html", context)
