"""Whether the object storage takes files, gives them back and deletes them."""

from __future__ import annotations

import io
from secrets import token_hex

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.watching.registry import Check, Found, State, register

from .storages import StoreError, private_storage

FOLDER = "health"


def ask_storage() -> Found:
    """A few bytes there and back. What folders can be sick of, the disk is asked."""
    if not settings.FILES_URL:
        return Found(State.OK, _("Files lie in folders: see the disk."))
    storage, name = private_storage(), f"{FOLDER}/{token_hex(8)}"
    try:
        storage.put(name, io.BytesIO(name.encode()))
        with storage.open(name) as file:
            is_same = file.read() == name.encode()
        storage.delete(name)
        is_gone = not storage.exists(name)
    except FileNotFoundError:
        return Found(State.SICK, _("There is no such bucket, or it forgets what it was given."))
    except StoreError as error:
        note = _("The object storage does not work: %(error)s") % {"error": error}
        return Found(State.SICK, note)
    if not (is_same and is_gone):
        return Found(State.SICK, _("The object storage does not keep what it is given."))
    return Found(State.OK)


def register_check() -> None:
    register(
        Check(
            "storage",
            pgettext_lazy("system state", "Storage of files"),
            _("Look at the object storage, its keys and its limits. Pages go on without it."),
            ask_storage,
            needs_database=False,
        )
    )
