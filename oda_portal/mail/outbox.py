"""The only way to send anything: a row in the transaction of the fact that it tells."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, models, transaction

from .kinds import Kind, kind_of
from .models import Message

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

log = logging.getLogger(__name__)

# After the broker did not answer, this process rings no bell for so long: the sweeper comes by.
SILENCE = 30.0  # seconds
# Nobody who posts a mail waits for the broker longer than this; Celery's own patience is for
# workers.
IMPATIENT = {
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "retry_on_timeout": False,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
_silent_until = 0.0


def post(
    kind: str,
    *,
    to: str,
    language: str,
    context: Mapping[str, object],
    name: str = "",
    user: User | None = None,
    once: str = "",
    about: models.Model | None = None,
    path: str = "",
) -> Message | None:
    """Queue a mail of this kind; it exists if and only if the caller's transaction does.

    `context` has a value for every placeholder of the kind; `path` is the page that the mail
    leads to, without host and language; `name` stands in the greeting. With `once` the second
    and every further mail of that name is not written, and None is returned.

    Raises KeyError for an unknown kind, ValueError when the context does not fit it.
    """
    known = kind_of(kind)
    values = _values(known, context)
    message = Message(
        kind=kind,
        language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        to=to,
        name=one_line(name)[:100],
        context={} if known.secret else values,
        sealed_context=json.dumps(values) if known.secret else None,
        path=path,
        urgent=known.urgent,
        user=user,
        once=once or None,
        about=about,
    )
    if not _written(message):
        return None
    ring_on_commit(message.pk)
    return message


def one_line(text: str) -> str:
    """Fit for a subject or a greeting: no line breaks, no control characters."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())


def _values(kind: Kind, context: Mapping[str, object]) -> dict[str, str]:
    wanted = {*kind.placeholders, *(["link"] if kind.secret else [])}
    if set(context) != wanted:
        raise ValueError(f"the mail {kind.name} takes {sorted(wanted)}, not {sorted(context)}")
    return {name: str(value) for name, value in context.items()}


def _written(message: Message) -> bool:
    if message.once is None:
        message.save()
        return True
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        if Message.objects.filter(once=message.once).exists():
            return False
        raise
    return True


class _Bell:
    """Calls a worker when the transaction is over."""

    def __init__(self, pk: int) -> None:
        self.pk = pk
        # Django names by it what failed after a commit.
        self.__qualname__ = type(self).__qualname__

    def __call__(self) -> None:
        ring(self.pk)


def ring_on_commit(pk: int) -> None:
    """Ring when the caller's transaction is over, once for all its mails."""
    # Whoever comes at the bell takes everything: one a transaction is enough.
    waiting = transaction.get_connection().run_on_commit
    if not any(isinstance(entry[1], _Bell) for entry in waiting):
        transaction.on_commit(_Bell(pk), robust=True)


def ring(pk: int) -> None:
    """Tell a worker that this mail waits. Never fails, and holds nobody for two seconds."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    from .tasks import deliver  # noqa: PLC0415  (the tasks import what sends)

    try:
        with deliver.app.connection_for_write(transport_options=IMPATIENT) as broker:
            deliver.apply_async((pk,), connection=broker, retry=False)
    except Exception as error:  # whatever the broker's library raises: the row is safe
        _silent_until = time.monotonic() + SILENCE
        log.warning("no worker could be told of mail %s: %r", pk, error)
