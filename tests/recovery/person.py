"""Somebody who leaves traces: an account, an application with a file, consents and mails."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.test import Client

from oda_portal.accounts.models import User
from oda_portal.privacy.closing import close_account
from tests.factories import OpeningFactory, RequiredDocumentFactory
from tests.files.samples import picture, upload
from tests.volunteers.applicants import ABOUT, address, person, written
from volunteers import actions, sending
from volunteers.models import ApplicationFile, Opening

EMAIL = "quillon.zebrowska@example.org"
# All that tells of this person and of nobody else.
WORDS = ("Quillon", "Zebrowska", "ZEBROWSKA", "제브롭스카")
ABOUT_ME = {**ABOUT, "name": "제브롭스카", "name_roman": "ZEBROWSKA QUILLON"}


def arrive() -> User:
    """An application with a file, sent; the mails about it wait."""
    user = person(email=EMAIL, name="Quillon Zebrowska")
    opening = OpeningFactory(mode=Opening.Mode.FIRST_COME, pool__capacity=5)
    document = RequiredDocumentFactory(call=opening.call)
    application = written(opening.call, opening, user=user)
    application.write("about", ABOUT_ME, base=application.base_of("about"))
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    file = upload("Zebrowska.png", picture("PNG", size=(300, 200)))
    client.post(
        address("apply_step", opening.call, "documents"),
        {"base": application.base_of("documents"), f"document_{document.pk}": file},
    )
    application.refresh_from_db()
    assert actions.send(application, sending.steps_of(application), by=user)
    return user


def content_of_file() -> bytes:
    """A stretch of the stored file that no other has."""
    content = ApplicationFile.objects.get().file.read()
    return content[len(content) // 2 :][:200]


def leave() -> None:
    close_account(User.objects.get(email=EMAIL))


def found_in(contents: Iterable[bytes], *more: bytes) -> set[bytes]:
    """Which of the person's words, or of what else is looked for, stand anywhere."""
    wanted = {*(word.encode() for word in (EMAIL, *WORDS)), *more}
    return {word for content in contents for word in wanted if word in content}


def files_on_disk(*folders: object) -> list[bytes]:
    roots = [
        Path(str(folder)) for folder in folders or (settings.PRIVATE_ROOT, settings.MEDIA_ROOT)
    ]
    return [path.read_bytes() for root in roots for path in root.rglob("*") if path.is_file()]
