"""People who can sign in, in the back office."""

from __future__ import annotations

from copy import copy
from functools import partial
from typing import Any

# These two register what is unregistered below.
import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.closing import close_account, obstacles
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.masking import masked_email
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct, SafeListMixin

from .admin_forms import NewUserForm, UserForm
from .areas import limit, offered
from .models import User
from .role_pages import roles_page
from .roles import BY_NAME, may_grant_roles, record_roles
from .second_factor import has_set_up, take_away

# Whoever gives an account another verified address can take the account over.
admin.site.unregister(EmailAddress)

# The roles are data (roles.py), and what an authenticator holds is secret.
admin.site.unregister(Group)
admin.site.unregister(Authenticator)

# What makes somebody more than a reader; only administrators give it or take it away.
FLAGS = ("is_staff", "is_superuser")
POWERS = ("is_staff", "is_superuser", "groups")


class RoleFilter(admin.SimpleListFilter):
    title = _("roles")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(role.name, role.label) for role in BY_NAME.values()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        role = self.value()
        return queryset.filter(groups__name=role) if role in BY_NAME else queryset


@admin.register(User)
class UserAdmin(RecordedLooks, SafeListMixin, StockUserAdmin):
    form = UserForm
    add_form = NewUserForm
    add_form_template = None
    list_display = (
        "name_shown",
        "email",
        "preferred_language",
        "is_staff",
        "is_active",
        "last_login",
    )
    list_filter = ("is_staff", "is_active", "preferred_language", RoleFilter)
    search_fields = ("=email", "name")
    masked = {"email": masked_email}
    ordering = ("email",)
    date_hierarchy = "joined_at"
    readonly_fields = ("joined_at", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "preferred_language")}),
        (_("Permissions"), {"fields": ("is_active", *POWERS, "areas")}),
        (_("Sign-up and last sign-in"), {"fields": ("joined_at", "last_login")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "preferred_language", "password1", "password2")}),
    )

    def is_masked(self, obj: User) -> bool:
        """Addresses of staff are those of the office; of everybody else they are personal."""
        return not obj.is_staff

    @admin.display(description=_("Only these kinds of programme"))
    def areas(self, user: User) -> str:
        """Where nobody may change them."""
        names = dict(offered())
        return ", ".join(str(names.get(row.kind, row.kind)) for row in user.work_areas.all())

    @admin.display(description=pgettext_lazy("person", "name"), ordering="name")
    def name_shown(self, user: User) -> str:
        return str(user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Nobody raises themselves; an address is changed by the person, who proves to have it."""
        fields = list(super().get_readonly_fields(request, obj))
        if obj:
            fields.append("email")
        if obj == request.user or not may_grant_roles(request.user):  # type: ignore[arg-type]
            return [*fields, *POWERS, "areas"]
        return fields if request.user.is_superuser else [*fields, "is_superuser"]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.by = request.user  # type: ignore[attr-defined]
        return form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        user = form.instance
        before = self._powers_before(user, form)
        super().save_related(request, form, formsets, change)
        record_roles(user, before, _powers(user), by=request.user)  # type: ignore[arg-type]
        if "areas" in form.cleaned_data:
            limit(user, form.cleaned_data["areas"], by=request.user)  # type: ignore[arg-type]

    def _powers_before(self, user: User, form: Any) -> set[str]:
        """The row is saved by now, its roles are not."""
        flags = {flag for flag in FLAGS if form.initial.get(flag, getattr(user, flag))}
        return flags | set(user.groups.values_list("name", flat=True))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._within_reach(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whose account must stay for now (staff, people on deployment) is not offered to go."""
        may = self._within_reach(request, obj) and super().has_delete_permission(request, obj)
        return may and (obj is None or not obstacles(obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One account at a time: with each goes everything of the person's."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        close_account(obj)

    def _within_reach(self, request: HttpRequest, obj: Any) -> bool:
        """Accounts that can do more: who sets their password or takes their second step is them."""
        if obj is None or obj == request.user or request.user.is_superuser:
            return True
        if obj.is_superuser:
            return False
        return not obj.is_staff or may_grant_roles(request.user)  # type: ignore[arg-type]

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponseBase:
        response = super().user_change_password(request, id, form_url)
        self._look_at_shown(request, response, "original", what="password")
        context = getattr(response, "context_data", None) or {}
        if "original" in context and self.is_masked(context["original"]):
            # Django’s page has the address in its title and for password managers.
            shown = copy(context["original"])
            shown.email = masked_email(shown.email)
            context |= {"original": shown, "title": f"{gettext('Change password')}: {shown}"}
        return response

    # --- who has which role -----------------------------------------------------------------------

    def get_list_acts(self, request: HttpRequest) -> list[tuple[str, str]]:
        roles = (gettext("Roles"), reverse("admin:accounts_user_roles"))
        return [*super().get_list_acts(request), roles]

    # --- a lost phone ----------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.second_step_view)
        name = "accounts_user_second_step"
        roles = self.admin_site.admin_view(partial(roles_page, self))
        return [
            path("roles/", roles, name="accounts_user_roles"),
            path("<path:object_id>/second-step/", view, name=name),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        user = kwargs.get("obj")
        if user and has_set_up(user) and user != request.user:
            url = reverse("admin:accounts_user_second_step", args=[user.pk])
            context["acts"] = [ObjectAct(gettext("Remove two-step sign-in"), url)]
        return super().render_change_form(request, context, *args, **kwargs)

    def second_step_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For somebody who lost phone and recovery codes: they set up a new one at sign-in."""
        user = self.get_object(request, object_id)
        if user is None or user == request.user:
            raise Http404
        if not (self.has_change_permission(request, user) and may_grant_roles(request.user)):  # type: ignore[arg-type]
            raise PermissionDenied
        if request.method == "POST":
            take_away(user, by=request.user)  # type: ignore[arg-type]
            self.look(request, Act.EDIT, [user], what="second step")
            self.message_user(request, _("Two-step sign-in has been removed."), messages.SUCCESS)
            return redirect("admin:accounts_user_change", user.pk)
        self.look(request, Act.DETAIL, [user], what="second step")
        return self._second_step_page(request, user)

    def _second_step_page(self, request: HttpRequest, user: User) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": user,
            "form": forms.Form(),
            "back": reverse("admin:accounts_user_change", args=[user.pk]),
            "title": _("Remove two-step sign-in"),
            "button": _("Remove two-step sign-in"),
            "explanation": _(
                "First make sure who is asking. The person will then sign in with the password"
                " alone; staff will have to set up two-step sign-in again."
            ),
        }
        return TemplateResponse(request, "admin/act.html", context)


def _powers(user: User) -> set[str]:
    flags = {flag for flag in FLAGS if getattr(user, flag)}
    return flags | set(user.groups.values_list("name", flat=True))
