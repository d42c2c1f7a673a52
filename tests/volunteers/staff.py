"""Staff in a role, signed in with the second step, and rows that they work with."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from oda_portal.privacy.models import AccessRecord
from tests.doors import sign_in_staff
from tests.factories import StaffFactory


def signed_in_as(client: Client, role: str) -> User:
    """Somebody with this role and no other power."""
    set_up_roles()
    staff = StaffFactory(is_superuser=False, name="김담당")
    staff.groups.add(Group.objects.get(name=role))
    sign_in_staff(client, staff)
    return staff


def page_of(name: str, *args: Any, language: str = "ko") -> str:
    """The address of a page of this app's back office: `call_change`, `application_ask` …"""
    with translation.override(language):
        return reverse(f"admin:volunteers_{name}", args=args)


def looks(act: str) -> list[tuple[str, list[str]]]:
    """What was looked at in this way, oldest first, and whose it was."""
    rows = AccessRecord.objects.filter(act=act).order_by("pk").prefetch_related("subjects")
    return [(row.what, [str(subject) for subject in row.subjects.all()]) for row in rows]


def said(response: Any) -> list[str]:
    """The messages on the page."""
    return [str(message) for message in response.context["messages"]]
