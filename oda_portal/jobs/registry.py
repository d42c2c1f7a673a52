"""Which kinds of long work there are. Each app registers its own in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.functional import Promise

if TYPE_CHECKING:
    from .models import Job

Work: TypeAlias = "Callable[[Job], Iterator[None]]"


def _nobody_else(user: Any, job: Job) -> bool:
    return job.asked_by_id == user.pk or user.has_perm("jobs.view_job")


def _as_before(user: Any, job: Job) -> bool:
    return True


def _no_links(job: Job) -> list[tuple[str, str]]:
    return []


@dataclass(frozen=True)
class JobKind:
    """`work(job)` does a part, sets `job.done`, and yields; again and again to the end.

    It begins with what `job.done` says: a worker may be killed, and another goes on. A part that
    stands in `with job.part():` is done once; any other must be safe to do twice. A part takes
    seconds: between two of them the engine writes how far it is and looks whether it is cancelled.

    `label`: what people call it. `may_see(user, job)`: who may open its page. `may_fetch(user,
    job)`: whether whoever asked may still have what is in its file.
    `links(job)`: where to go on, label and address, below the progress.
    `in_one_go`: it cannot go on in the middle and is begun anew; others wait for it to end.
    """

    name: str
    label: str | Promise
    work: Work
    may_see: Callable[[Any, Job], bool] = _nobody_else
    may_fetch: Callable[[Any, Job], bool] = _as_before
    links: Callable[[Job], list[tuple[str, str]]] = _no_links
    in_one_go: bool = False


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    """Raises ValueError when the name is taken."""
    if kind.name in _kinds:
        raise ValueError(f"the job {kind.name} is registered twice")
    _kinds[kind.name] = kind


def kind_of(name: str) -> JobKind:
    """Raises KeyError for a kind that no app registers (any more)."""
    return _kinds[name]


def label_of(name: str) -> str:
    known = _kinds.get(name)
    return str(known.label) if known else name


def links_of(job: Job) -> list[tuple[str, str]]:
    known = _kinds.get(job.kind)
    return known.links(job) if known else []


def may_see(user: Any, job: Job) -> bool:
    known = _kinds.get(job.kind)
    return known.may_see(user, job) if known else _nobody_else(user, job)


def may_fetch(user: Any, job: Job) -> bool:
    """A file may hold what only whoever asked was allowed to take out, and perhaps is no more."""
    if not job.asked_by_id or job.asked_by_id != user.pk:
        return False
    known = _kinds.get(job.kind)
    return known is None or known.may_fetch(user, job)
