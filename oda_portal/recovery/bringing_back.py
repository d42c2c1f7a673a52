"""Bringing a backup back: looked at whole before anything changes, then all of it or nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from redis.exceptions import RedisError

from oda_portal.files.storages import Store
from oda_portal.mail.models import Message
from oda_portal.privacy import ledger
from oda_portal.privacy.ciphers import CannotDecryptError, decrypt
from oda_portal.privacy.destruction import destroy_again
from oda_portal.publishing import freshness

from . import databases, folders
from .archive import FILES, Entry, Sum
from .errors import DamagedError, RecoveryError
from .making import Show
from .reading import Contents, Parts, opened, sum_of, verify
from .tables import differences, left_out

log = logging.getLogger(__name__)
Say = Callable[[str], None]


def check_fits(about: dict[str, Any], *, keys_lost: bool) -> None:
    """Refuse a backup that this portal could not use; RecoveryError says why."""
    if about["database"] != connection.vendor:
        raise RecoveryError(
            f"The backup is of {about['database']}, and this portal works with {connection.vendor}."
            " Set DATABASE_URL, or leave it out, as it was where the backup was made."
        )
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    newer = [f"{app}.{name}" for app, name in about["migrations"] if (app, name) not in known]
    if newer:
        raise RecoveryError(
            "The backup was made by a newer version of the portal, with tables that this one does"
            f" not know ({newer[0]}). Install that version first."
        )
    try:
        decrypt(about["field_keys"])
    except CannotDecryptError as error:
        if not keys_lost:
            raise RecoveryError(
                "FIELD_KEYS does not hold the key with which the backup’s personal columns are"
                " encrypted. Put it there; or, where it is lost, say --keys-lost: everything else"
                " is brought back, and those columns stay closed."
            ) from error


def check_ledger(*, no_ledger: bool) -> bool:
    """Whether it is known who was destroyed; RecoveryError where it is not, and nobody says so."""
    try:
        is_there = ledger.has_file()
    except OSError as error:
        raise RecoveryError(
            f"The ledger of what was destroyed cannot be read, so nothing was changed: {error}"
        ) from error
    if not (is_there or no_ledger):
        raise RecoveryError(
            f"There is no ledger of what was destroyed at {settings.LEDGER_FILE}, so nothing was"
            " changed: whoever was destroyed since the backup would be back. Put the newest copy"
            " of the ledger there; or, where nothing was ever destroyed, say --no-ledger."
        )
    return is_there


def restore(
    path: Path,
    key: X25519PrivateKey,
    *,
    replace: bool,
    keys_lost: bool,
    no_ledger: bool,
    show: Show,
    say: Say,
) -> None:
    """Bring database and files back, then what has to follow. `say` gets a sentence a step.

    Raises RecoveryError. Up to “The data are back” nothing has changed then.
    """
    if not (replace or databases.present().is_empty()):
        raise RecoveryError(
            "The database is not empty, so nothing was changed. --replace takes everything away"
            " that is there, tables and files, and puts the backup in its place."
        )
    has_ledger = check_ledger(no_ledger=no_ledger)
    if replace:
        _keep_what_was_destroyed()
    with opened(path, key) as (about, _rest):
        check_fits(about, keys_lost=keys_lost)
    if connection.vendor == "postgresql":
        databases.present().check_tools("pg_restore", "psql")
    contents = verify(path, key, show)
    say(f"The file is whole: {len(contents.tables)} tables, {len(contents.files)} files.")
    _bring_back(path, key, contents, replace=replace, show=show)
    _compare(contents)
    say(f"The data are back as they were on {about['made_at']}, every table and every file equal.")
    if replace:
        say(f"Removed: {_remove_others(contents)} files that the backup does not have.")
    finish(say, has_ledger=has_ledger)
    folders.mark_of_restore().unlink(missing_ok=True)


def _keep_what_was_destroyed() -> None:
    """What only the tables know that are about to go: a kill kept it out of the ledger’s file."""
    try:
        ledger.complete()
    except DatabaseError:
        log.warning("the database that is replaced can no longer be asked what was destroyed")


def finish(say: Say, *, has_ledger: bool) -> None:
    """What has to follow before anybody may come in. Safe to repeat."""
    ContentType.objects.clear_cache()
    migrated = _migrate()
    say(f"Migrations applied: {migrated}.")
    lacking = ledger.complete()
    if not has_ledger:
        say("There was no ledger: whatever was destroyed after the backup is there again.")
    elif lacking:
        say(
            f"The ledger’s file is an old copy. Lines that only the backup had: {lacking}. Put the"
            " newest copy there, and run manage.py destroy_again before the site opens."
        )
    destroyed = destroy_again()
    say(f"Destroyed again, as the ledger says: {destroyed}.")
    left = Message.objects.all().leave_to_staff("brought back from a backup")
    say(f"Mails left to staff, since they may have gone out after the backup: {left}.")
    if migrated or destroyed:
        call_command("search_rebuild", verbosity=0)
        say("Search: every entry made anew.")
    say(_begin_generation())


def _bring_back(
    path: Path, key: X25519PrivateKey, contents: Contents, *, replace: bool, show: Show
) -> None:
    """Files first: what no row names does no harm. The end of the database is the end."""
    connection.close()
    put: list[tuple[Store, str]] = []
    with databases.present().loading(replace=replace) as load:
        try:
            with opened(path, key) as (_about, rest):
                parts = Parts(rest)
                size = 0
                for chunk in parts.chunks():
                    load.write(chunk)
                    size += len(chunk)
                    show("bytes of the database", size)
                load.end()
                for number, _name in enumerate(_put_files(parts.others(), put), 1):
                    show("files", number)
            _mark()
            load.commit()
        except BaseException as error:
            _take_away(put)
            if isinstance(error, OSError):
                raise RecoveryError(f"nothing was brought back: {error}") from error
            raise
    _forget_what_does_not_return()


def _mark() -> None:
    """From here on the site may hold people who were destroyed, and mails that went out before."""
    mark = folders.mark_of_restore()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def _put_files(found: Iterator[Entry], put: list[tuple[Store, str]]) -> Iterator[str]:
    """Write each file; `put` lists those that were not there before."""
    for entry in found:
        if entry.room in FILES:
            store = folders.rooms()[entry.room]
            if not store.exists(entry.name):
                put.append((store, entry.name))
            store.put(entry.name, entry.file)
            yield entry.name


def _take_away(put: list[tuple[Store, str]]) -> None:
    """What cannot be removed now is named by no row, and goes with the sweep."""
    for store, name in put:
        try:
            store.delete(name)
        except OSError:
            log.exception("a file that was brought back could not be taken away again")


def _forget_what_does_not_return() -> None:
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in left_out():
            if table in there:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608
        # A database that was filled at once knows nothing yet of what is where.
        cursor.execute("ANALYZE")


def _compare(contents: Contents) -> None:
    """Every table and every file, as they are now, with what the backup says of them."""
    other = differences(contents.tables, databases.present().figures())
    if other:
        raise DamagedError(f"these tables are not as they were: {', '.join(other)}")
    other = differences(contents.files, {name: _file(name) for name in contents.files})
    if other:
        raise DamagedError(f"these files are not as they were: {', '.join(other[:20])}")


def _file(name: str) -> Sum | None:
    room, _slash, rest = name.partition("/")
    try:
        with folders.rooms()[room].open(rest) as file:
            return sum_of(file)
    except OSError:
        return None


def _remove_others(contents: Contents) -> int:
    others = [
        (store, name)
        for room, store in folders.rooms().items()
        for name in store.names()
        if f"{room}/{name}" not in contents.files
    ]
    for store, name in others:
        store.delete(name)
    return len(others)


def _migrate() -> int:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
    return len(plan)


def _begin_generation() -> str:
    try:
        freshness.raise_generation()
    except (OSError, RedisError):
        log.exception("the cache does not answer")
        return "The cache does not answer: what it keeps of pages ends by itself within a minute."
    return "Kept pages: none is shown any more."
