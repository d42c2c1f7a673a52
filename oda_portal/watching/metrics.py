"""What each process counts by itself, in a file of its own under `settings.METRICS_ROOT`.

Every web process and the worker on the same folder are added up when somebody asks. Labels are
names from the code (routes, tasks), never what somebody typed, and never a person.
"""

from __future__ import annotations

from django.conf import settings
from django.db import InterfaceError, OperationalError

# When it is imported it decides, by the environment, whether to count across processes: the
# settings, without which nobody comes here, have named the folder.
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from oda_portal.files.storages import StoreError

# Nothing is given out of this registry: what is counted lies in the files.
_registry = CollectorRegistry()

REQUESTS = Histogram(
    "oda_request_seconds",
    "Seconds that requests took, by the name of the route and the class of the status",
    ["route", "status"],
    buckets=(0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=_registry,
)
PAGES = Counter(
    "oda_page_cache",
    "Requests by what the page cache did: hit, made, past (it may not be kept)",
    ["outcome"],
    registry=_registry,
)
SIGN_IN_FAILURES = Counter(
    "oda_sign_in_failures",
    "Sign-ins that failed, by what was wrong: the password, or the code of the second step",
    ["step"],
    registry=_registry,
)
BACKEND_ERRORS = Counter(
    "oda_backend_errors",
    "Requests and tasks that failed because database, Redis or object storage did not answer",
    ["backend"],
    registry=_registry,
)
TASKS = Histogram(
    "oda_task_seconds",
    "Seconds that tasks took, by name and outcome (done, failed)",
    ["task", "outcome"],
    buckets=(0.1, 1, 10, 60, 600),
    registry=_registry,
)

_BACKENDS: dict[str, tuple[type[Exception], ...]] = {
    "database": (OperationalError, InterfaceError),
    "redis": (RedisConnectionError, RedisTimeoutError),
    "files": (StoreError,),
}


def count_unavailable(error: BaseException | None) -> bool:
    """Whether this error says that what we stand on does not answer; then it is counted."""
    found = [name for name, errors in _BACKENDS.items() if isinstance(error, errors)]
    for name in found:
        BACKEND_ERRORS.labels(name).inc()
    return bool(found)


def exposed(*others: Collector) -> bytes:
    """All that was counted on this folder, and these others, as Prometheus reads it."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(settings.METRICS_ROOT))
    for other in others:
        registry.register(other)
    return generate_latest(registry)
