"""Revoking and reissuing: what becomes of the certificate and who is told, before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oda_portal.certificates import actions, permissions, previews
from oda_portal.certificates.forms import EndForm
from oda_portal.certificates.models import Certificate
from oda_portal.certificates.refusals import NotYetError, RefusedError
from oda_portal.mail.rendering import Stationery
from oda_portal.privacy.models import Act

if TYPE_CHECKING:
    from .certificates import CertificateAdmin


def revoke_page(
    model_admin: CertificateAdmin, request: HttpRequest, object_id: str
) -> HttpResponseBase:
    certificate = _to_end(model_admin, request, object_id)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if actions.revoke(certificate, by=request.user, reason=reason):  # type: ignore[arg-type]
            model_admin.look(request, Act.EDIT, [certificate], what="revoke")
            sentence = _("Certificate %(number)s has been revoked. Its public page says so.")
            level = messages.SUCCESS
        else:
            sentence, level = _("Certificate %(number)s was no longer valid."), messages.WARNING
        model_admin.message_user(request, sentence % {"number": certificate}, level)
        return redirect(model_admin.address("change", certificate))
    return model_admin.act_page(
        request,
        certificate,
        "admin/certificates/end.html",
        what="revoke",
        title=pgettext("certificate", "Revoke"),
        form=form,
        effect=_(
            "From now on its public page says that it was revoked, and it cannot be downloaded. No"
            " email is sent. To give the holder a valid one again, reissue it."
        ),
    )


def reissue_page(
    model_admin: CertificateAdmin, request: HttpRequest, object_id: str
) -> HttpResponseBase:
    certificate = _to_end(model_admin, request, object_id)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            successor = actions.reissue(
                certificate,
                by=request.user,  # type: ignore[arg-type]
                reason=form.cleaned_data["reason"],
            )
        except RefusedError as refusal:
            form.add_error(None, refusal.reason)
        else:
            model_admin.look(request, Act.EDIT, [certificate, successor], what="reissue")
            words = {"old": certificate, "number": successor}
            sentence = (
                _("Certificate %(old)s has been reissued with the number %(number)s.") % words
            )
            model_admin.message_user(request, sentence, messages.SUCCESS)
            return redirect(model_admin.address("change", successor))
    return model_admin.act_page(
        request,
        certificate,
        "admin/certificates/end.html",
        what="reissue",
        title=pgettext("certificate", "Reissue"),
        form=form,
        **_effect(certificate),
    )


def may_reissue(certificate: Certificate) -> bool:
    try:
        actions.reissuable(certificate)
    except NotYetError:
        return False
    return True


def _effect(certificate: Certificate) -> dict[str, Any]:
    """What would happen, or why it cannot; the names as they would be printed, and the mail."""
    try:
        kind, subject = actions.reissuable(certificate)
        prepared = actions.prepare(kind, subject, by=None)
    except RefusedError as refusal:
        return {"why_not": refusal.reason}
    return {
        "effect": _(
            "The holder gets a new certificate with a new number and with what the record says"
            " today. The public page of the old number says that it was reissued."
        ),
        "prepared": prepared,
        "shown": previews.letter_for(kind, subject, Stationery()),
    }


def _to_end(model_admin: CertificateAdmin, request: HttpRequest, object_id: str) -> Certificate:
    certificate = model_admin.to_look_at(request, object_id)
    if not permissions.can_end_certificate(request.user):
        raise PermissionDenied
    return certificate
