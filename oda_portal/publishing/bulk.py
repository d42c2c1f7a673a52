"""One act on many records: at once when they are few, otherwise in the background.

Each record stands for itself: one that cannot be done is named in the report and keeps no other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.dateparse import parse_datetime
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.jobs import actions as jobs
from oda_portal.jobs.models import Job
from oda_portal.jobs.refusals import JobRefusedError
from oda_portal.jobs.registry import JobKind, register

from . import actions, refusals
from .models import Status
from .parts import in_parts

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

log = logging.getLogger(__name__)

KIND = "publishing.bulk"
# So many while the person waits.
AT_ONCE = 50
# More are chosen by mistake.
MOST = 10_000
# In one transaction with the progress.
_PART = 10

PUBLISH, TAKE_DOWN, CHANGE = "publish", "take_down", "change"


class NotThisError(Exception):
    """A sentence why one of the records is left as it is."""


def register_all() -> None:
    register(JobKind(KIND, gettext_lazy("Act on many records"), work))


def start(
    act: str, model: type[models.Model], keys: list[int], *, by: User, title: str,
    values: dict[str, Any],
) -> Job:  # fmt: skip
    """`values`: the reason, or columns with what they are to hold, as JSON can hold it."""
    arguments = {"act": act, "model": model._meta.label_lower, "values": values}
    with transaction.atomic():
        job = jobs.start(KIND, by=by, total=len(keys), arguments=arguments, title=title)
        job.keep_keys(keys)
    return job


def work(job: Job) -> Iterator[None]:
    model, act = apps.get_model(job.arguments["model"]), _acts[job.arguments["act"]]
    by = job.asked_by
    if by is None or not by.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}"):
        raise JobRefusedError(_("You may no longer change these records."))
    for keys in job.kept_keys():
        for part in in_parts(keys, _PART):
            with job.part():
                refused = _refused(model, part, by)
                for key in part:
                    _do(job, act, model, key, by, refused.get(key, ""))
                job.done += len(part)
            yield


def _refused(model: Any, keys: list[int], by: User) -> dict[int, str]:
    """By key why a row stays as it is; what keeps rows closed is held before the rows."""
    rows = model._base_manager.filter(pk__in=keys).order_by("pk")
    return {row.pk: refusals.why_not(row, by, lock=True) for row in rows}


def _do(job: Job, act: Callable[..., None], model: Any, key: int, by: User, refused: str) -> None:
    row = model._base_manager.select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        job.note(key, _("The record is no longer there."), failed=True)
        return
    try:
        if refused:
            raise NotThisError(refused)
        with transaction.atomic():
            row._history_user = by
            act(row, by=by, values=job.arguments["values"])
    except (NotThisError, ValidationError) as refusal:
        reason = " ".join(getattr(refusal, "messages", [str(refusal)]))
        job.note(key, f"{Truncator(row).chars(120)}: {reason}", failed=True)
    except Exception:
        log.exception("job %s: %s %s", job.pk, model._meta.label_lower, key)
        wrong = _("Something went wrong on our side. The log says what.")
        job.note(key, f"{Truncator(row).chars(120)}: {wrong}", failed=True)


# --- acts: safe to do twice --------------------------------------------------------------------


def _publish(row: Any, *, by: User, values: dict[str, Any]) -> None:
    actions.publish(row, by=by)


def _take_down(row: Any, *, by: User, values: dict[str, Any]) -> None:
    actions.withdraw(row, by=by, reason=values["reason"])


def change(row: Any, *, by: User, values: dict[str, Any]) -> None:
    """Single columns are set, links are added. Raises NotThisError."""
    links, columns = {}, []
    for name, value in values.items():
        field = row._meta.get_field(name)
        if field.many_to_many:
            links[name] = value
            continue
        if isinstance(field, models.DateTimeField):
            value = parse_datetime(value)
            if row.status == Status.PUBLISHED:
                raise NotThisError(_("It is published. Change its time on its own page."))
        setattr(row, field.attname, value)
        columns.append(field.name)
    if columns:
        row.validate_constraints()
        # With the history, of which there is one line for a saving.
        row.save()
    for name, numbers in links.items():
        getattr(row, name).add(*numbers)


_acts: dict[str, Callable[..., None]] = {PUBLISH: _publish, TAKE_DOWN: _take_down, CHANGE: change}
