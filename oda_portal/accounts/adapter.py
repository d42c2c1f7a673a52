"""How allauth meets the portal."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from oda_portal.languages import language_of_path

from .models import User


class AccountAdapter(DefaultAccountAdapter):
    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """A new person's language is the one in which they signed up."""
        user.preferred_language = language_of_path(request.path_info)
        return super().save_user(request, user, form, commit)
