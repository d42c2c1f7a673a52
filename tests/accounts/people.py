"""People with a password and a confirmed address, and how they sign in."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.test import Client

from oda_portal.accounts.models import User
from tests.factories import UserFactory

PASSWORD = "three-words-joined-9"


def give_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def verified_user(**fields: Any) -> User:
    return give_password(UserFactory(**fields))


def sign_in(client: Client, user: User, prefix: str = "/en", **more: str) -> HttpResponse:
    form = {"login": user.email, "password": PASSWORD, **more}
    return client.post(f"{prefix}/accounts/login/", form)
