"""The embedded site's cache of what must not be forgotten early: limits, and codes that were used.

Django's cuts a table that is too long by a third, whatever stands there: whoever makes enough
entries would begin their own count anew.
"""

from __future__ import annotations

import base64
import pickle
from datetime import datetime
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router, transaction


class LastingCache(DatabaseCache):
    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """One after the other, and the entry ends when it would have.

        Django's reads and then writes, so that of two at once one is not counted; and each time it
        gives the number five minutes more.
        """
        database = router.db_for_write(self.cache_model_class)
        connection = connections[database]
        table = connection.ops.quote_name(self._table)  # type: ignore[attr-defined]
        own = self.make_and_validate_key(key, version)
        # SQLite lets one write at a time, from the beginning of its transaction.
        lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
        with transaction.atomic(using=database), connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE cache_key = %s{lock}", [own])  # noqa: S608
            number = self.get(key, version=version)
            if number is None:
                raise ValueError(f"Key {key!r} not found")
            pickled = pickle.dumps(number + delta, self.pickle_protocol)
            written = base64.b64encode(pickled).decode("ascii")
            change = f"UPDATE {table} SET value = %s WHERE cache_key = %s"  # noqa: S608
            cursor.execute(change, [written, own])
        return number + delta

    def _cull(self, db: str, cursor: Any, now: datetime, num: int) -> None:
        """Let go of what is over, and of nothing else: after that there is nothing too many."""
        super()._cull(db, cursor, now, num=0)  # type: ignore[misc]
