"""What the portal as a whole stands on: database, cache, queue, processes, disk, keys."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.privacy.ciphers import CannotDecryptError, decrypt, encrypt

from . import queue, signs
from .models import Sign
from .registry import Check, Figure, Found, State, by_age, register, since

# Four signs, and then twelve, that did not come.
LATE = timedelta(minutes=1)
SICK = timedelta(minutes=3)
# Tasks come every 15 seconds; longer ones may keep the workers busy for a while.
QUEUE_LATE = timedelta(minutes=2)
QUEUE_SICK = timedelta(minutes=10)
MEGABYTE = 1024 * 1024
BLOCK = bytes(4096)
# Below so many times the least there is still time to act.
SPARE = 5
BACKUPS = "BACKUP_DIR"


def ask_database() -> Found:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Found(State.OK)


def ask_cache() -> Found:
    """Both caches: what was put into them must be there."""
    for name in ("default", "pages"):
        caches[name].set("health", name, timeout=5)
        if caches[name].get("health") != name:
            return Found(State.SICK, _("The cache forgot what it was told."))
    return Found(State.OK)


def ask_queue() -> Found:
    """Whether the broker answers, and whether what the timer puts in comes out at a worker."""
    try:
        number, oldest = queue.waiting()
    except Exception:  # whatever the broker's library raises
        return Found(State.SICK, _("The queue does not answer."))
    figures = {"oda_queue_tasks": number, "oda_queue_oldest_seconds": oldest}
    if not _lives(signs.WORKER):  # then it is the worker that waits to be started
        return Found(State.OK, "", None, figures)
    pulse = signs.age(signs.PULSE)
    if pulse is not None and pulse > SICK and _lives(signs.BEAT):
        note = _("Timer and worker live, but no task gets from one to the other.")
        return Found(State.SICK, note, since(pulse), figures)
    state = by_age(timedelta(seconds=oldest), late=QUEUE_LATE, sick=QUEUE_SICK)
    return Found(state, "", None, figures)


def _lives(name: str) -> bool:
    age = signs.age(name)
    return age is not None and age <= LATE


def ask_worker() -> Found:
    """Whether any lives; and if so, whether one that lived beside it is gone."""
    found, workers = _process(signs.WORKER), signs.workers(LATE)
    figures = {**found.figures, "oda_workers": workers.alive}
    if found.state != State.OK or not workers.missed:
        return replace(found, figures=figures)
    note = _("Workers that ended by themselves, with none in their place: %(number)s.")
    return Found(State.LATE, note % {"number": workers.missed}, None, figures)


def ask_beat() -> Found:
    return _process(signs.BEAT)


def _process(name: str) -> Found:
    age = signs.age(name)
    if age is None:
        return Found(State.UNKNOWN, _("It has not run here yet."))
    state = by_age(age, late=LATE, sick=SICK)
    figures = {f"oda_{name}_sign_seconds": age.total_seconds()}
    return Found(state, "", since(age) if state != State.OK else None, figures)


def ask_disk() -> Found:
    """Where files are written: a full disk refuses uploads, and a read-only one everything."""
    free: dict[str, float] = {}
    for name, folder in _places().items():
        try:
            # What serves may have the folder with backups for reading alone.
            if name != BACKUPS:
                with TemporaryFile(dir=folder) as file:
                    file.write(BLOCK)
        except OSError:  # full, or for reading alone
            return Found(State.SICK, _("Nothing can be written to %(place)s.") % {"place": name})
        free[name] = shutil.disk_usage(folder).free
    least = settings.LEAST_FREE_MB * MEGABYTE
    place, lowest = min(free.items(), key=lambda each: each[1])
    state = State.OK
    if lowest < SPARE * least:
        state = State.SICK if lowest < least else State.LATE
    note = _("%(number)s MB are free for %(place)s.") % {
        "number": int(lowest // MEGABYTE),
        "place": place,
    }
    return Found(state, note, None, {"oda_disk_free_bytes": free})


def _places() -> dict[str, Path]:
    """By the name of the setting; of a folder that nobody needed yet, the one it will stand in."""
    names = ["VAR_DIR"] if settings.FILES_URL else ["VAR_DIR", "MEDIA_ROOT", "PRIVATE_ROOT"]
    folders = {name: Path(getattr(settings, name)) for name in names}
    folders["LEDGER_FILE"] = Path(settings.LEDGER_FILE).parent
    if settings.BACKUP_DIR:
        folders[BACKUPS] = Path(settings.BACKUP_DIR)
    return {name: _existing(folder) for name, folder in folders.items()}


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def ask_keys() -> Found:
    """Whether the keys open what was encrypted with them before."""
    sealed = Sign.objects.filter(name=signs.KEYS).values_list("sealed", flat=True)
    try:
        decrypt(encrypt("probe"))
        list(sealed)
    except CannotDecryptError:
        return Found(State.SICK, _("What was encrypted before can no longer be read."))
    return Found(State.OK)


def remember_keys() -> None:
    """Once on each site: something that a later change of keys must still open."""
    Sign.objects.get_or_create(name=signs.KEYS, defaults={"sealed": "probe"})


def register_all() -> None:
    for check in (*_servers(), *_processes(), *_of_the_machine()):
        register(check)


def _servers() -> list[Check]:
    return [
        Check(
            "database",
            pgettext_lazy("system state", "Database"),
            _("Start PostgreSQL again, or free its disk."),
            ask_database,
            stops=True,
            needs_database=False,
        ),
        Check(
            "cache",
            pgettext_lazy("system state", "Cache"),
            _("Start Redis again. Without it no page is given and nobody signs in."),
            ask_cache,
            stops=True,
            needs_database=False,
        ),
    ]


def _processes() -> list[Check]:
    return [
        Check(
            "broker",
            pgettext_lazy("system state", "Queue of tasks"),
            _("Start Redis again, then the worker. Nothing is lost: the database has it."),
            ask_queue,
            (
                Figure("oda_queue_tasks", "Tasks that wait in the queue"),
                Figure("oda_queue_oldest_seconds", "Age of the oldest task in the queue"),
            ),
        ),
        Check(
            "worker",
            pgettext_lazy("system state", "Worker"),
            _("Start the worker again. Until then no mail goes out, and pictures wait."),
            ask_worker,
            (
                Figure(
                    "oda_worker_sign_seconds", "Seconds since a worker last gave a sign of life"
                ),
                Figure("oda_workers", "Workers that gave a sign of life within the last minute"),
            ),
        ),
        Check(
            "beat",
            pgettext_lazy("system state", "Timer"),
            _("Start the timer again: one and no more. Until then nothing happens by the clock."),
            ask_beat,
            (Figure("oda_beat_sign_seconds", "Seconds since the timer last gave a sign of life"),),
        ),
    ]


def _of_the_machine() -> list[Check]:
    return [
        Check(
            "disk",
            pgettext_lazy("system state", "Disk"),
            _("Make room, or enlarge the disk. When it is full, uploads are refused."),
            ask_disk,
            (Figure("oda_disk_free_bytes", "Bytes free where files are written", "place"),),
            # A full one takes the database down, and must be seen then of all times.
            needs_database=False,
        ),
        Check(
            "keys",
            pgettext_lazy("system state", "Keys of encrypted data"),
            _("Put the former key back into FIELD_KEYS, behind the new one, and restart."),
            ask_keys,
        ),
    ]
