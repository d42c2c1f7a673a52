"""Looking for words everywhere: every column of every table, every file, the caches."""

from __future__ import annotations

import base64
import gzip
import json
import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import brotli
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection
from redis import Redis

from oda_portal.privacy.fields import EncryptedTextField

# What the portal writes files to.
PLACES = ("VAR_DIR", "MEDIA_ROOT", "PRIVATE_ROOT", "EMAIL_FILE_PATH")


def found_in_tables(needles: Iterable[str]) -> set[str]:
    """`table.column: needle` for every row of every table, whatever models there are."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    text = _text(value)
                    found |= {f"{table}.{name}: {word}" for word in needles if _is_in(word, text)}
    return found | _found_in_sessions(needles)


def _found_in_sessions(needles: Iterable[str]) -> set[str]:
    """They are packed, and signed in a form of their own."""
    texts = [str(session.get_decoded()) for session in Session.objects.all()]
    return {f"sessions: {word}" for word in needles for text in texts if _is_in(word, text)}


def found_behind_ciphers(needles: Iterable[str]) -> set[str]:
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                for value in model._base_manager.values_list(field.attname, flat=True):
                    text = _text(value)
                    found |= {
                        f"{model._meta.label}.{field.name}: {word}"
                        for word in needles
                        if _is_in(word, text)
                    }
    return found


def found_in_files(needles: Iterable[str]) -> set[str]:
    """`path: needle`, in names and contents; the ledger beside them included."""
    places = {Path(getattr(settings, name)) for name in PLACES if getattr(settings, name, None)}
    found = set()
    for place in {*places, Path(settings.LEDGER_FILE).parent}:
        for path in (path for path in place.rglob("*") if path.is_file()):
            text = f"{path} {_text(path.read_bytes())}"
            found |= {f"{path.name}: {word}" for word in needles if _is_in(word, text)}
    return found


def found_in_redis(needles: Iterable[str]) -> dict[str, int]:
    """Keys of the server whose name or value has one, with the seconds that they still live."""
    if not settings.REDIS_URL:
        return {}
    found = {}
    for client in (caches["default"]._cache.get_client(None, write=True), _broker()):
        for key in client.scan_iter(count=1000):
            text = " ".join(map(_text, [key, *_held(client, key)]))
            if any(_is_in(word, text) for word in needles):
                found[_text(key)] = client.ttl(key)
    return found


def _broker() -> Any:
    return Redis.from_url(settings.CELERY_BROKER_URL)


def _held(client: Any, key: bytes) -> list[Any]:
    """What stands under a key of any kind; the queue is a list of tasks."""
    kind = client.type(key).decode()
    read: dict[str, Callable[[], Any]] = {
        "string": lambda: [client.get(key)],
        "list": lambda: client.lrange(key, 0, -1),
        "set": lambda: client.smembers(key),
        "zset": lambda: client.zrange(key, 0, -1),
        "hash": lambda: [part for pair in client.hgetall(key).items() for part in pair],
    }
    return [part for value in read[kind]() for part in _with_its_body(value)]


def _with_its_body(value: Any) -> list[Any]:
    """A task is JSON that holds its arguments once more, packed in a text of their own."""
    with suppress(ValueError, TypeError, KeyError):
        message = json.loads(value)
        # One that was taken and not ended stands in a list, with where it is to go.
        message = message[0] if isinstance(message, list) else message
        return [value, message["body"]]
    return [value]


def _is_in(word: str, text: str) -> bool:
    return word.casefold() in text.casefold()


def _text(value: Any) -> str:
    if isinstance(value, memoryview):
        value = bytes(value)
    if isinstance(value, bytes):
        return " ".join(part.decode("utf-8", "ignore") for part in _opened(value))
    text = str(value)
    if "\\u" in text:  # JSON that escapes what is not ASCII
        text += text.encode("utf-8", "ignore").decode("unicode_escape", "ignore")
    if len(text) > 30 and text.isascii():
        with suppress(ValueError):
            text += " ".join(
                part.decode("utf-8", "ignore") for part in _opened(base64.b64decode(text))
            )
    return text


def _opened(data: bytes) -> Iterator[bytes]:
    """The bytes, what they are the packed form of, and what is in a pickled value."""
    yield data
    for unpack in (gzip.decompress, zlib.decompress, brotli.decompress):
        try:
            yield unpack(data)
        except Exception:
            continue
    if data[:2] in (b"\x80\x04", b"\x80\x05"):
        value = pickle.loads(data)
        for part in vars(value).values() if hasattr(value, "__dict__") else [value]:
            if isinstance(part, bytes):
                yield from _opened(part)
            else:
                yield str(part).encode()
