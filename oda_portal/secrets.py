"""Secrets of the embedded site; `python -m oda_portal.secrets` makes a key for FIELD_KEYS."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def embedded_secret_key(folder: Path, *, allowed: bool) -> str:
    """Return the key kept in `folder`, made on the first call and readable by its owner only.

    Raises ImproperlyConfigured where the embedded site is not what runs: production names its own.
    """
    if not allowed:
        raise ImproperlyConfigured("Set SECRET_KEY: it has no default outside the embedded site.")
    return kept(folder / "secret_key", lambda: secrets.token_urlsafe(50))


def embedded_field_keys(folder: Path, *, allowed: bool) -> list[str]:
    """The one key that encrypts personal columns of the embedded site, kept in `folder`.

    Empty where the embedded site is not what runs: encrypting anything then refuses.
    """
    return [kept(folder / "field_key", new_field_key)] if allowed else []


def new_field_key() -> str:
    """32 random bytes, as Fernet writes them."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def kept(path: Path, make: Callable[[], str]) -> str:
    """What stands in this file, made on the first call; only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(make())
        try:
            # Of two processes that start together only one key gets the name, and it is whole.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii")


if __name__ == "__main__":
    print(new_field_key())  # noqa: T201  (what it is run for)
