"""The mails of accounts: allauth asks for them by the names of its templates."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone, translation

from oda_portal.languages import language_of_path, path_in
from oda_portal.mail.outbox import post
from oda_portal.pages.limits import mailbox, may_be_done

from .models import User

MAILS_A_DAY, A_DAY = 20, 24 * 60 * 60
# The template that allauth names → the kind of mail, and where its link stands in the context.
VERIFY = ("account_verify", "activate_url")
SECURITY = ("security_changed", "")
EMAIL = ("email_changed", "")
KINDS = {
    "account/email/email_confirmation": VERIFY,
    "account/email/email_confirmation_signup": VERIFY,
    "account/email/account_already_exists": ("account_exists", "password_reset_url"),
    "account/email/unknown_account": ("account_unknown", "signup_url"),
    "account/email/password_reset_key": ("password_reset", "password_reset_url"),
    "account/email/password_changed": SECURITY,
    "account/email/password_reset": SECURITY,
    "account/email/password_set": SECURITY,
    "account/email/email_changed": EMAIL,
    "account/email/email_confirm": EMAIL,
    "account/email/email_deleted": EMAIL,
    "mfa/email/recovery_codes_generated": SECURITY,
    "mfa/email/totp_activated": SECURITY,
    "mfa/email/totp_deactivated": SECURITY,
    "mfa/email/webauthn_added": SECURITY,
    "mfa/email/webauthn_removed": SECURITY,
}


def send(template: str, to: str, context: dict[str, Any], request: HttpRequest) -> None:
    """Queue the mail that allauth wants sent; raises KeyError for one that the portal lacks.

    Of those with a link, which anybody can ask for, a mailbox gets so many a day; the page says
    the same as before. Those that it has got still open.
    """
    kind, link = KINDS[template]
    if link and not may_be_done("accounts.mail", mailbox(to), limit=MAILS_A_DAY, seconds=A_DAY):
        return
    owner = _owner_of(to)
    user = context.get("user") or owner or _signed_in(request)
    language = user.preferred_language if user else language_of_path(request.path_info)
    post(
        kind,
        to=to,
        language=language,
        # Anybody can have us write to anybody's address: not in words of their choice.
        name=owner.name if owner else "",
        user=user,
        context={
            "link": _in_language(context[link] if link else _reset_address(), language),
            **_details(kind, language),
        },
    )


def _owner_of(email: str) -> User | None:
    """Who has shown to read this address."""
    return User.objects.filter(
        emailaddress__email__iexact=email, emailaddress__verified=True
    ).first()


def _signed_in(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _details(kind: str, language: str) -> dict[str, str]:
    if kind == "account_verify":
        return {"hours": str(app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS * 24)}
    if kind in ("security_changed", "email_changed"):
        now = timezone.localtime()
        with translation.override(language):
            return {
                "date": formats.date_format(now, "DATE_FORMAT"),
                "time": formats.date_format(now, "TIME_FORMAT"),
            }
    return {}


def _reset_address() -> str:
    return reverse("account_reset_password")


def _in_language(url: str, language: str) -> str:
    """The same page, in the language of the mail; on the portal's host, whatever host was asked."""
    parts = urlsplit(url)
    address = settings.SITE_URL + path_in(parts.path, language)
    return f"{address}?{parts.query}" if parts.query else address
