"""The roles as a page of the back office: who has them, what they may, what was given and taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import Act

from .role_matrix import holders, matrix, steps
from .roles import BY_NAME, ROLES, may_grant_roles

if TYPE_CHECKING:
    from .admin import UserAdmin


def roles_page(model_admin: UserAdmin, request: HttpRequest) -> HttpResponseBase:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    role = BY_NAME.get(request.GET.get("role", ""))
    found, trail = holders(), steps(role.name if role else "")
    if role:
        found = [one for one in found if any(held.label == role.label for held in one.roles)]
    people = [*(one.person for one in found), *(step.person for step in trail if step.person)]
    record_look(request, Act.LIST, people, what="accounts.user roles")
    shown = [role] if role else list(ROLES)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Roles"),
        "role": role,
        "roles": ROLES,
        "shown": shown,
        "groups": matrix(model_admin.admin_site, shown),
        "columns": len(shown) + 1,
        "holders": found,
        "steps": trail,
        "may_grant": may_grant_roles(request.user),  # type: ignore[arg-type]
    }
    return TemplateResponse(request, "admin/accounts/roles.html", context)
