"""Through the doors of the portal, as staff come in: password, then second step."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.http import HttpRequest
from django.test import Client

from oda_portal.accounts.models import User


def with_app(user: User) -> Authenticator:
    """The person's authenticator app, set up if there is none."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return found or auth.TOTP.activate(user, auth.generate_totp_secret()).instance


def code_of(user: User) -> str:
    """The six figures that the person's app shows now."""
    secret = auth.decrypt(with_app(user).data["secret"])
    counter = list(auth.yield_hotp_counters_from_time())[1]
    return auth.format_hotp_value(auth.hotp_value(secret, counter))


def sign_in_staff(client: Client, user: User) -> None:
    """Signed in with an app's code; the steps themselves are tested in tests/accounts."""
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, "mfa", id=with_app(user).pk, type="totp")
    request.session.save()
