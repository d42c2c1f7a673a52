"""People of the network: approved, refused and ended; the mail is shown before it goes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.privacy import consents
from oda_portal.privacy.masking import masked_email, masked_telephone
from oda_portal.privacy.models import Act, Kind
from oda_portal.publishing.admin import ObjectAct
from partners.models import Membership

from .. import actions, mails
from .forms import ReasonForm
from .people import NetworkRecordAdmin

State = Membership.State
COLOURS = {
    State.PENDING: "draft", State.ACTIVE: "public", State.REFUSED: "withdrawn",
    State.ENDED: "expired",
}  # fmt: skip
# From where each act leads away, and what its button says.
ACTS: dict[str, tuple[tuple[str, ...], Any]] = {
    "approve": (
        (State.PENDING, State.REFUSED, State.ENDED), pgettext_lazy("membership", "Approve"),
    ),
    "refuse": ((State.PENDING,), pgettext_lazy("membership", "Do not approve")),
    "end": ((State.ACTIVE,), pgettext_lazy("membership", "End the membership")),
}  # fmt: skip


@admin.register(Membership)
class MembershipAdmin(NetworkRecordAdmin):
    list_display = ("person", "organisation", "post", "state_badge", "asked_at", "approved_at")
    list_filter = ("state", ("organisation", admin.RelatedOnlyFieldListFilter), "in_directory")
    list_select_related = ("user", "organisation")
    search_fields = ("user__name", "=user__email", "post")
    date_hierarchy = "asked_at"
    ordering = ("-asked_at", "-pk")
    masked = {"email": masked_email, "telephone": masked_telephone}
    readonly_fields = ("person", "email", "state_badge")
    fields = (
        "person", "email", "organisation", "post", "telephone", "in_directory", "state_badge",
        ("asked_at", "approved_at", "ended_at"), "approved_by",
    )  # fmt: skip
    export_columns = (
        "person", "email", "organisation", "post", "telephone", "state", "asked_at", "approved_at",
    )  # fmt: skip

    def people_of(self, obj: Membership) -> list[Any]:
        return [obj, obj.user]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.may_act(request)

    @admin.display(description=gettext_lazy("full name"), ordering="user__name")
    def person(self, membership: Membership) -> str:
        return str(membership.user)

    @admin.display(description=gettext_lazy("email"))
    def email(self, membership: Membership) -> str:
        return membership.user.email

    @admin.display(description=pgettext_lazy("membership", "state"), ordering="state")
    def state_badge(self, membership: Membership) -> SafeString:
        state = State(membership.state)
        return format_html('<span class="badge stage-{}">{}</span>', COLOURS[state], state.label)

    # --- acts ------------------------------------------------------------------------------------

    def get_acts(self, request: HttpRequest, obj: Membership) -> list[ObjectAct]:
        return [
            ObjectAct(str(label), self.address(act, obj))
            for act, (sources, label) in ACTS.items()
            if obj.state in sources
        ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.act_view)
        pages = [
            path(f"<int:pk>/{act}/", view, {"act": act}, name=f"partners_membership_{act}")
            for act in ACTS
        ]
        return [*pages, *super().get_urls()]

    def act_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponseBase:
        membership = self.to_act_on(request, pk)
        sources, label = ACTS[act]
        if membership.state not in sources:
            if request.method != "POST":
                raise Http404
            self._say_moved(request)
            return redirect(self.address("change", membership))
        if act == "approve" and not consents.has_given(membership, Kind.NETWORK):
            self._say_not_agreed(request, membership)
            return redirect(self.address("change", membership))
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if act == "approve":
            del form.fields["reason"]
        if form.is_valid():
            self._carry_out(request, membership, act, **form.cleaned_data)
            return redirect(self.address("change", membership))
        return self.act_page(
            request,
            membership,
            what=act,
            title=str(label),
            form=form,
            message=mails.membership_to_preview(membership, act),
        )

    def _carry_out(
        self, request: HttpRequest, membership: Membership, act: str, **said: str
    ) -> None:
        carry_out: Any = {"approve": actions.approve, "refuse": actions.refuse, "end": actions.end}
        if not carry_out[act](membership, by=request.user, **said):
            self._say_moved(request)
            return
        self.look(request, Act.EDIT, [membership], what=act)
        sentence = _("“%(name)s” is now “%(state)s”. The email is on its way.")
        words = {"name": self.person(membership), "state": membership.get_state_display()}
        self.message_user(request, sentence % words, messages.SUCCESS)

    def _say_not_agreed(self, request: HttpRequest, membership: Membership) -> None:
        sentence = _(
            "“%(name)s” does not agree to our keeping their data. They can ask to join again"
            " themselves."
        )
        self.message_user(request, sentence % {"name": self.person(membership)}, messages.WARNING)

    def _say_moved(self, request: HttpRequest) -> None:
        sentence = _("This was decided meanwhile; nothing was changed and nothing was sent.")
        self.message_user(request, sentence, messages.WARNING)
