"""The secret key of the embedded site."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def embedded_secret_key(folder: Path, *, allowed: bool) -> str:
    """Return the key kept in `folder`, made on the first call and readable by its owner only.

    Raises ImproperlyConfigured where the embedded site is not what runs: production names its own.
    """
    if not allowed:
        raise ImproperlyConfigured("Set SECRET_KEY: it has no default outside the embedded site.")
    path = folder / "secret_key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of two processes that start together only one makes the key.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key
