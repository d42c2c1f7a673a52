"""Member organisations: confirmed, left, and whom to invite for them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.mail.previews import preview_of
from oda_portal.publishing.admin import ObjectAct, SafeListMixin
from partners.models import Invitation, Membership, NetworkMember
from partners.models.network import Standing

from .. import actions, mails
from .forms import InviteForm, ReasonForm

COLOURS = {Standing.ASKED: "draft", Standing.MEMBER: "public", Standing.LEFT: "withdrawn"}


class StandingFilter(admin.SimpleListFilter):
    title = pgettext_lazy("network", "state")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Standing.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = self.value() in Standing.values
        return queryset.in_standing(self.value()) if known else queryset


@admin.register(NetworkMember)
class NetworkMemberAdmin(SafeListMixin):
    list_display = ("organisation", "standing_badge", "joined_on", "left_on", "people")
    list_filter = (StandingFilter,)
    list_select_related = ("organisation",)
    search_fields = (
        "organisation__name_ko", "organisation__name_en", "organisation__name_zh_hans",
        "organisation__abbreviation",
    )  # fmt: skip
    autocomplete_fields = ("organisation",)
    fields = ("organisation", "joined_on", "standing_badge", "confirmed_at", "left_on")
    readonly_fields = ("standing_badge", "confirmed_at", "left_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[NetworkMember]:
        active = Q(organisation__memberships__state=Membership.State.ACTIVE)
        count = Count("organisation__memberships", active)
        return super().get_queryset(request).annotate(people_count=count)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, *(("organisation",) if obj else ()))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One that was ever confirmed leaves by its own act, which the trail tells of."""
        return super().has_delete_permission(request, obj) and not (obj and obj.confirmed_at)

    @admin.display(description=pgettext_lazy("network", "state"))
    def standing_badge(self, member: NetworkMember) -> SafeString:
        standing = member.standing
        badge = '<span class="badge stage-{}">{}</span>'
        return format_html(badge, COLOURS[standing], standing.label)

    @admin.display(description=gettext_lazy("people"), ordering="people_count")
    def people(self, member: NetworkMember) -> int:
        return member.people_count  # type: ignore[attr-defined]

    # --- acts ------------------------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        obj = kwargs.get("obj")
        if obj is not None and self.has_change_permission(request, obj):
            context["acts"] = self._acts(obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def _acts(self, member: NetworkMember) -> list[ObjectAct]:
        if member.standing == Standing.MEMBER:
            acts = [
                ObjectAct(_("Invite somebody"), self._address("invite", member)),
                ObjectAct(_("Mark as having left"), self._address("leave", member)),
            ]
        else:
            acts = [ObjectAct(_("Confirm as a member"), self._address("confirm", member))]
        people = reverse("admin:partners_membership_changelist")
        query = f"?organisation__id__exact={member.organisation_id}"
        return [*acts, ObjectAct(_("People"), people + query)]

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(
                f"<int:pk>/{act}/",
                self.admin_site.admin_view(getattr(self, f"{act}_view")),
                name=f"partners_networkmember_{act}",
            )
            for act in ("confirm", "leave", "invite")
        ]
        return [*pages, *super().get_urls()]

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        member = self._to_act_on(request, pk)
        if request.method == "POST":
            member.confirm(by=request.user)  # type: ignore[arg-type]
            self.message_user(request, _("It is now shown as a member organisation."))
            return redirect(self._address("change", member))
        sentence = _(
            "The public page of the network names it as a member organisation, if the organisation"
            " itself is published. Its people can be invited, and can ask to join."
        )
        return self._page(request, member, _("Confirm as a member"), explanation=sentence)

    def leave_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        member = self._to_act_on(request, pk)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            member.leave(by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
            self.message_user(request, _("It is no longer a member organisation."))
            return redirect(self._address("change", member))
        sentence = _(
            "The public page no longer names it, and its people can no longer open the pages for"
            " members. If it is confirmed again, they can. No email is sent."
        )
        return self._page(
            request, member, _("Mark as having left"), form=form, explanation=sentence
        )

    def invite_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """First the address, then the letter as it will look, then it is sent."""
        member = self._to_act_on(request, pk)
        if member.standing != Standing.MEMBER:
            raise Http404
        organisation = member.organisation
        form = InviteForm(
            request.POST if request.method == "POST" else None, organisation=organisation
        )
        if "sure" in request.POST and form.may_act():
            sent = actions.invite(organisation, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            done = _("The invitation is on its way by email.")
            known = _("This address has an invitation that is still open.")
            level = messages.SUCCESS if sent else messages.WARNING
            self.message_user(request, done if sent else known, level)
            return redirect(self._address("change", member))
        letter = None
        if form.is_bound and form.is_valid():
            draft = Invitation(organisation=organisation, **form.cleaned_data)
            letter = preview_of(mails.invitation_to_preview(draft))
        return self._page(
            request,
            member,
            _("Invite somebody"),
            template="admin/partners/act_with_letter.html",
            form=form,
            letter=letter,
            asks_first=True,
            explanation=_("They get an email with a link, and are a member once they accept."),
        )

    def _to_act_on(self, request: HttpRequest, pk: int) -> NetworkMember:
        member = self.get_object(request, str(pk))
        if not self.has_change_permission(request, member):
            raise PermissionDenied
        if member is None:
            raise Http404
        return member

    def _address(self, page: str, member: NetworkMember) -> str:
        return reverse(f"admin:partners_networkmember_{page}", args=[member.pk])

    def _page(
        self, request: HttpRequest, member: NetworkMember, title: str, *, form: Form | None = None,
        template: str = "admin/act.html", **context: Any,
    ) -> TemplateResponse:  # fmt: skip
        whole = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": member,
            "title": title,
            "button": title,
            "form": form,
            "back": self._address("change", member),
            **context,
        }
        return TemplateResponse(request, template, whole)
