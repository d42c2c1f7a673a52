"""Three people who can sign in to the demonstration, with a password that everybody can read."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from oda_portal.accounts.models import User

PASSWORD = "busan-demo-2026"  # noqa: S105 - published on purpose, and refused outside the demonstration
# Apps whose rows an editor writes.
EDITED_APPS = ("publishing", "pages", "partners", "programs")


class Person(NamedTuple):
    email: str
    name: str
    is_staff: bool = False
    is_superuser: bool = False


PEOPLE = (
    Person("admin@example.org", "Demo administrator", is_staff=True, is_superuser=True),
    Person("editor@example.org", "Demo editor", is_staff=True),
    Person("citizen@example.org", "Demo citizen"),
)


def open_doors() -> None:
    """Make the people who are not there yet; those who are keep what was changed of them."""
    if not settings.DEMO:
        raise ImproperlyConfigured("People with a published password are for DEMO only.")
    for person in PEOPLE:
        if not User.objects.filter(email=person.email).exists():
            with transaction.atomic():
                _create(person)


def _create(person: Person) -> None:
    user = User.objects.create_user(password=PASSWORD, **person._asdict())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if person.is_staff and not person.is_superuser:
        user.user_permissions.set(_editing())


def _editing() -> list[Permission]:
    """Everything on the rows of the edited apps, and a look at what they said before."""
    permissions = Permission.objects.filter(content_type__app_label__in=EDITED_APPS)
    return [
        permission
        for permission in permissions.select_related("content_type")
        if permission.codename.startswith("view_")
        or not permission.content_type.model.startswith("historical")
    ]


def close_doors() -> list[str]:
    """Outside the demonstration, take the published password away; from whom it was taken."""
    closed = []
    for user in User.objects.filter(email__in=[person.email for person in PEOPLE]):
        if user.check_password(PASSWORD):
            user.set_unusable_password()
            user.save()
            closed.append(user.email)
    return closed


def check_demonstration(**kwargs: object) -> list[CheckMessage]:
    """Refuse published passwords on a site that is reached over the network."""
    here = urlsplit(settings.SITE_URL).hostname in {"localhost", "127.0.0.1", "::1"}
    if settings.DEMO and not here:
        return [
            Error(
                "DEMO is on and SITE_URL is not this machine: everybody could sign in as "
                "administrator with the published password.",
                hint="Set DEMO=false, or use the demonstration on this machine only.",
                id="demo.E001",
            )
        ]
    return []
