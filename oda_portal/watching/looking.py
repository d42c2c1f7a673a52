"""Looking at everything that can be sick, and remembering since when it is."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Condition
from .registry import RANK, Check, Found, State, all_checks

log = logging.getLogger(__name__)

DATABASE = "database"


@dataclass(frozen=True)
class Seen:
    check: Check
    found: Found
    # Since when it is so, as far as anybody knows.
    since: datetime | None = None

    @property
    def state(self) -> State:
        return self.found.state


def look() -> list[Seen]:
    """Every check, one after the other; none of them raises."""
    found = {check.name: _unknown() for check in all_checks()}
    for check in all_checks():
        if not check.needs_database or found[DATABASE].state == State.OK:
            found[check.name] = _found(check)
    known = _conditions() if found[DATABASE].state == State.OK else {}
    return [
        Seen(check, found[check.name], _since(found[check.name], known.get(check.name)))
        for check in all_checks()
    ]


def worst(seen: Iterable[Seen]) -> State:
    return max((one.state for one in seen), key=lambda state: RANK[state], default=State.OK)


def remember(seen: Iterable[Seen]) -> None:
    """Write down what changed since the last time, in the table and in the log."""
    known = _conditions()
    for one in seen:
        name, state = one.check.name, one.state
        before = known.get(name)
        if before and before.state == state:
            continue
        values = {"state": state, "since": one.found.since or timezone.now()}
        Condition.objects.update_or_create(check_name=name, defaults=values)
        if before or state != State.OK:
            level = logging.INFO if state == State.OK else logging.WARNING
            log.log(level, "%s is %s, it was %s", name, state, before.state if before else "ok")


def _found(check: Check) -> Found:
    try:
        return check.look()
    except Exception as error:
        log.exception("check: %s", check.name)
        note = _("The check itself failed: %(error)s") % {"error": type(error).__name__}
        return Found(State.SICK, note)


def _unknown() -> Found:
    return Found(State.UNKNOWN, _("Nobody can look while the database does not answer."))


def _conditions() -> dict[str, Condition]:
    return {row.check_name: row for row in Condition.objects.all()}


def _since(found: Found, known: Condition | None) -> datetime | None:
    if found.since:
        return found.since
    return known.since if known and known.state == found.state else None
