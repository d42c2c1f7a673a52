"""How allauth meets the portal."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from oda_portal.languages import language_of_path

from .models import User


class AccountAdapter(DefaultAccountAdapter):
    def get_reset_password_from_key_url(self, key: str) -> str:
        return _on_this_site(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _on_this_site(super().get_email_confirmation_url(request, emailconfirmation))

    def is_safe_url(self, url: str | None) -> bool:
        """Only this host: other names that the portal answers to are for its own checks."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()})

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """A new person's language is the one in which they signed up."""
        user.preferred_language = language_of_path(request.path_info)
        return super().save_user(request, user, form, commit)


def _on_this_site(url: str) -> str:
    """The same address on the portal's own, public host: a request may name another."""
    parts = urlsplit(url)
    return f"{settings.SITE_URL}{parts.path}" + (f"?{parts.query}" if parts.query else "")
