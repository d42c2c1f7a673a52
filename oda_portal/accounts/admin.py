"""People who can sign in, in the back office."""

from __future__ import annotations

from typing import Any

import allauth.account.admin  # noqa: F401  (registers what is unregistered below)
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.admin import SafeListMixin

from .models import User

# Whoever gives an account another verified address can take the account over.
admin.site.unregister(EmailAddress)

# What makes somebody more than a reader; only superusers give it or take it away.
POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


class NewUserForm(UserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "preferred_language")


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(SafeListMixin, StockUserAdmin):
    form = UserForm
    add_form = NewUserForm
    add_form_template = None
    list_display = ("email", "name", "preferred_language", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "preferred_language", "groups")
    search_fields = ("email", "name")
    ordering = ("email",)
    date_hierarchy = "joined_at"
    readonly_fields = ("joined_at", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "preferred_language")}),
        (_("What the person may do"), {"fields": ("is_active", *POWERS)}),
        (_("Times"), {"fields": ("joined_at", "last_login")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "preferred_language", "password1", "password2")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else [*fields, *POWERS]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superuser's account is out of reach of those who are none: it would make them one."""
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_delete_permission(request, obj)
