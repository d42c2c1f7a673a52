"""Redis as Django asks it, but by a client and a connection that stay.

Django's makes a client for each question, and takes a connection from a pool, which looks whether
it still stands: together that costs more than the question. Django gives each thread caches of its
own, so each has its own connection. One that turns out to be lost is made again once, and what was
asked is asked again.
"""

from __future__ import annotations

import os
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionLost
from redis.retry import Retry

# Not after a time-out: a Redis that never answers would hold a request twice as long. Where the
# answer alone was lost, a count is one too high then, and who takes a lock may find it taken.
ONCE_MORE = Retry(NoBackoff(), 1, supported_errors=(ConnectionLost,))


class OneClient(RedisCacheClient):
    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, retry=ONCE_MORE, **options)
        self._clients: dict[tuple[int, Any], Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]
        which = os.getpid(), pool  # a process that was forked has its own
        if which not in self._clients:
            client = self._client(connection_pool=pool, single_connection_client=True)  # type: ignore[attr-defined]
            self._clients[which] = client
        return self._clients[which]


class OneClientCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClient

    def validate_key(self, key: str) -> None:
        """Redis takes any; Django looks at each letter whether memcached would."""
