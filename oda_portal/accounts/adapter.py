"""How allauth meets the portal."""

import time
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.utils import filter_users_by_email
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from oda_portal.languages import language_of_path
from oda_portal.pages.limits import client_address
from oda_portal.watching import metrics

from . import mails
from .inside import is_inside
from .models import User


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "The email or password is not right. Check both and try again."
        ),
        "incorrect_password": _("The password is not right. Try again."),
        "enter_current_password": _("This is not the password you have now. Try again."),
        "incorrect_code": _("The code is wrong or out of date. Enter the newest one."),
        "too_many_login_attempts": _("Too many tries. Please wait 5 minutes."),
        "rate_limited": _("Too many tries. Please wait 5 minutes."),
    }

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _on_this_site(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _on_this_site(super().get_email_confirmation_url(request, emailconfirmation))

    def unstash_verified_email(self, request: HttpRequest) -> str | None:
        """Of a mailed link that was opened: proof for its own address, and for no other.

        allauth would give it to whatever account is made next in this browser.
        """
        verified = super().unstash_verified_email(request)
        typed = request.POST.get("email", "").strip().lower()
        return verified if verified and verified.lower() == typed else None

    def is_safe_url(self, url: str | None) -> bool:
        """Only this host: other names that the portal answers to are for its own checks."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()})

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        metrics.SIGN_IN_FAILURES.labels("password").inc()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in within the last minutes need not do it again to set up a second step."""
        records = get_authentication_records(self.request, self.request.user)
        just_now = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        if records and records[-1]["at"] > just_now:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        mails.send(template_prefix, email, context, self.request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """From outside, the right password of a staff account is as wrong as any other."""
        super().pre_authenticate(request, **credentials)
        if is_inside(request):
            return
        people = filter_users_by_email(credentials.get("email", ""), is_active=True)
        if any(person.is_staff for person in people):
            make_password(credentials.get("password"))  # as long as looking at one takes
            raise self.validation_error("email_password_mismatch")

    def get_client_ip(self, request: HttpRequest) -> str:
        """As all limits of the portal know whoever asks."""
        return client_address(request)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """A new person's language is the chosen one, or the one in which they signed up."""
        page_language = language_of_path(request.path_info)
        user.preferred_language = form.cleaned_data.get("preferred_language") or page_language
        return super().save_user(request, user, form, commit)


def _on_this_site(url: str) -> str:
    """The same address on the portal's own, public host: a request may name another."""
    parts = urlsplit(url)
    return f"{settings.SITE_URL}{parts.path}" + (f"?{parts.query}" if parts.query else "")
