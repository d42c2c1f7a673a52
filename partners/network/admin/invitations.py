"""Invitations to the network: sent again, or taken back."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from oda_portal.privacy.masking import masked_email
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct
from partners.models import Invitation

from .. import actions, mails
from .forms import ReasonForm
from .people import NetworkRecordAdmin


@admin.register(Invitation)
class InvitationAdmin(NetworkRecordAdmin):
    """Made on the page of a member organisation, where the mail is shown before it goes."""

    list_display = ("email", "organisation", "state", "invited_at", "sendings", "ended_at")
    list_filter = ("state", ("organisation", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("organisation",)
    search_fields = ("=email",)
    masked = {"email": masked_email}
    date_hierarchy = "invited_at"
    fields = (
        "email", "organisation", "language", "state", ("invited_at", "sendings", "ended_at"),
        "invited_by",
    )  # fmt: skip

    def get_acts(self, request: HttpRequest, obj: Invitation) -> list[ObjectAct]:
        if obj.state != Invitation.State.OPEN:
            return []
        return [
            ObjectAct(_("Send again"), self.address("send_again", obj)),
            ObjectAct(_("Take back"), self.address("take_back", obj)),
        ]

    def get_urls(self) -> list[URLPattern]:
        again = self.admin_site.admin_view(self.send_again_view)
        back = self.admin_site.admin_view(self.take_back_view)
        return [
            path("<int:pk>/send-again/", again, name="partners_invitation_send_again"),
            path("<int:pk>/take-back/", back, name="partners_invitation_take_back"),
            *super().get_urls(),
        ]

    def send_again_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        invitation = self._open(request, pk)
        if request.method == "POST":
            sent = actions.send_again(invitation, by=request.user)  # type: ignore[arg-type]
            self._say(request, invitation, _("The invitation is on its way by email."), sent)
            return redirect(self.address("change", invitation))
        return self.act_page(
            request,
            invitation,
            what="send_again",
            title=_("Send again"),
            message=mails.invitation_to_preview(invitation),
        )

    def take_back_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        invitation = self._open(request, pk)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            moved = invitation.take_back(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            self._say(request, invitation, _("The invitation is taken back."), moved)
            return redirect(self.address("change", invitation))
        sentence = _("The link in the email no longer works. No further email is sent.")
        return self.act_page(
            request,
            invitation,
            what="take_back",
            title=_("Take back"),
            form=form,
            explanation=sentence,
        )

    def _open(self, request: HttpRequest, pk: int) -> Invitation:
        invitation = self.to_act_on(request, pk)
        if invitation.state != Invitation.State.OPEN and request.method != "POST":
            raise Http404
        return invitation

    def _say(self, request: HttpRequest, invitation: Invitation, done: str, moved: bool) -> None:
        if moved:
            self.look(request, Act.EDIT, [invitation], what="act")
            self.message_user(request, done, messages.SUCCESS)
        else:
            sentence = _("This invitation was answered or taken back already.")
            self.message_user(request, sentence, messages.WARNING)
