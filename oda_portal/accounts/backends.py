"""Who may what: as Django and allauth find it, in one question instead of three."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from . import roles


class RightsBackend(AuthenticationBackend):
    """Every page of the back office asks for all rights of a person, and for their groups."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        is_asked = user_obj.is_active and not user_obj.is_superuser and obj is None
        if is_asked and not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = roles.rights_of(user_obj)
        return super().get_all_permissions(user_obj, obj)
