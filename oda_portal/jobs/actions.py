"""Starting long work and working it off, a part at a time."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from oda_portal.mail.outbox import IMPATIENT

from . import registry
from .models import Job
from .refusals import JobRefusedError, TakenOverError

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

log = logging.getLogger(__name__)

# Then others get their turn; what is left goes on in a turn of its own.
TURN = 20.0  # seconds
# Work that brings its workers down is not given to them for ever.
MOST_TAKEN_OVER = 5


def start(
    kind_name: str,
    *,
    by: User,
    total: int | None,
    arguments: dict[str, Any],
    title: str,
    once: str = "",
) -> Job:
    """Have this done in the background; its page tells how far it is.

    `arguments` are what JSON can hold, and nothing of a person's. With `once` a second start of
    that name gives the job of the first. Raises KeyError for an unknown kind.
    """
    registry.kind_of(kind_name)
    language = translation.get_language() or by.preferred_language or settings.LANGUAGE_CODE
    values = {
        "kind": kind_name,
        "title": title[:300],
        "arguments": arguments,
        "language": language,
        "asked_by": by,
        "total": total,
    }
    with transaction.atomic():
        if once:
            job, is_new = Job.objects.get_or_create(once=once[:100], defaults=values)
        else:
            job, is_new = Job.objects.create(**values), True
        if is_new:
            transaction.on_commit(lambda: ring(job.pk), robust=True)
    return job


def ring(job_pk: int) -> None:
    """Call a worker; should none hear it, `jobs.resume` finds the job."""
    from .tasks import work  # noqa: PLC0415  (the tasks import this module)

    with work.app.connection_for_write(transport_options=IMPATIENT) as broker:
        work.apply_async((job_pk,), connection=broker, retry=False)


def work_off(job: Job, *, seconds: float = TURN) -> bool:
    """Work at it for a turn; whether there is more to do.

    Safe when killed and begun again, and with two at once: one of them has it.
    """
    if not job.claim():
        return False
    if job.taken_over > MOST_TAKEN_OVER:
        with translation.override(job.language):
            job.fail(_("It was interrupted several times and has been stopped."))
        return False
    with translation.override(job.language):
        return _turn(job, time.monotonic() + seconds)


def _turn(job: Job, until: float) -> bool:
    try:
        kind = registry.kind_of(job.kind)
        if _ends(job, kind, until):
            job.finish()
            return False
    except TakenOverError:
        return False
    except JobRefusedError as refusal:
        job.fail(refusal.reason)
        return False
    except OperationalError:
        # The database is away or busy: in silence, until `jobs.resume` finds it.
        log.warning("job %s was interrupted", job.pk, exc_info=True)
        return False
    except Exception:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        job.fail(_("Something went wrong on our side. The log says what."))
        return False
    job.release()
    return True


def _ends(job: Job, kind: registry.JobKind, until: float) -> bool:
    """Part by part; False when the turn is over before the work. Raises TakenOverError."""
    if kind.in_one_go:
        job.done = 0
    parts = kind.work(job)
    try:
        for _part in parts:
            if not job.beat():
                raise TakenOverError
            if time.monotonic() > until and not kind.in_one_go:
                return False
    finally:
        parts.close()  # type: ignore[attr-defined]
    return job.beat() or _leave()


def _leave() -> bool:
    raise TakenOverError
