"""Every night: people are warned, then what is over its time is destroyed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import models, transaction
from django.utils import formats, timezone, translation

from oda_portal.mail.outbox import post

from . import holding, ledger, registry
from .destruction import destroy, forget_kept_pages
from .holding import HeldError
from .models import RetentionNotice, RetentionRule
from .registry import Addressee, PersonalData

log = logging.getLogger(__name__)

BATCH = 200


def load_rules() -> int:
    """Write the rules that the registry has and the table has not; how many. Safe to repeat."""
    present = set(RetentionRule.objects.values_list("key", flat=True))
    written = 0
    for entry in registry.registered():
        if entry.key not in present:
            values = {"days": entry.days, "notice_days": entry.notice_days, **_purposes(entry)}
            _rule, is_new = RetentionRule.objects.get_or_create(key=entry.key, defaults=values)
            written += is_new
    return written


def _purposes(entry: PersonalData) -> dict[str, str]:
    purposes = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            purposes[f"purpose_{code.replace('-', '_')}"] = str(entry.purpose)
    return purposes


def destroy_due() -> int:
    """Warn, then destroy, rule by rule; how many records went. Safe twice, at once and cut off.

    What fails with one record is logged, and does not keep the others.
    """
    load_rules()
    destroyed = 0
    for rule in RetentionRule.objects.order_by("key"):
        entry = registry.entry_of(rule.key)
        if entry is None:
            log.error("the rule %s is about data that nothing registers any more", rule.key)
            continue
        if holding.standing_on(rule.key):
            # When it is over, people are told anew.
            RetentionNotice.objects.filter(key=rule.key).delete()
            continue
        destroyed += _apply(rule, entry)
    ledger.complete()
    forget_kept_pages()
    SessionStore.clear_expired()
    log.info("personal data: %s records destroyed", destroyed)
    return destroyed


def _apply(rule: RetentionRule, entry: PersonalData) -> int:
    is_announced = entry.addressee is not None and rule.notice_days > 0
    if is_announced:
        _announce(rule, entry)
    name = f"{rule.key}: {rule.days} days"
    destroyed = 0
    for pk in _numbers(entry.due(_before(rule))):
        if not _may_go(rule, entry, pk, is_announced=is_announced):
            continue
        try:
            is_gone = destroy(entry, pk, rule=name, due_before=_before(rule))
        except HeldError:
            is_gone = False
        except Exception:
            log.exception("%s %s could not be destroyed", rule.key, pk)
            continue
        destroyed += is_gone
        if not is_gone:
            # It is kept for now: the day that was told has passed, and another will be told.
            RetentionNotice.objects.filter(key=rule.key, object_id=pk).delete()
    return destroyed


def _before(rule: RetentionRule, *, ahead: int = 0) -> datetime:
    """What was over before this moment is due today, or in so many days."""
    return timezone.now() - timedelta(days=rule.days - ahead)


def _numbers(rows: models.QuerySet[Any]) -> Iterator[int]:
    """Primary keys in their order, batch by batch: rows may go while they are read."""
    last = 0
    while True:
        following = rows.filter(pk__gt=last).order_by("pk")
        batch = list(following.values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        yield from batch
        last = batch[-1]


def _announce(rule: RetentionRule, entry: PersonalData) -> None:
    """Tell people whose data will be due after the days of notice, once for each day named."""
    soon = entry.due(_before(rule, ahead=rule.notice_days))
    known = RetentionNotice.objects.filter(key=rule.key)
    # Who came back meanwhile is warned anew when the time comes again.
    known.exclude(object_id__in=soon.values("pk")).delete()
    for pk in _numbers(soon.exclude(pk__in=known.values("object_id"))):
        try:
            _announce_one(rule, entry, pk)
        except Exception:
            log.exception("nobody could be told about %s %s", rule.key, pk)


@transaction.atomic
def _announce_one(rule: RetentionRule, entry: PersonalData, pk: int) -> None:
    row = entry.model._base_manager.filter(pk=pk).first()
    if row is None or entry.anonymous(row) or entry.needed(row) or holding.is_held(entry, row):
        return
    destroy_on = timezone.localdate() + timedelta(days=rule.notice_days)
    addressee = entry.addressee(row) if entry.addressee else None
    has_address = addressee is not None and bool(addressee.email)
    values = {"destroy_on": destroy_on, "told_at": timezone.now() if has_address else None}
    _notice, is_new = RetentionNotice.objects.get_or_create(
        key=rule.key, object_id=pk, defaults=values
    )
    if is_new and addressee is not None and has_address:
        _tell(rule, entry, row, addressee, destroy_on)


def _tell(
    rule: RetentionRule, entry: PersonalData, row: Any, addressee: Addressee, destroy_on: date
) -> None:
    """One mail for all that goes of a kind, of one person, on one day: it names the kind alone."""
    address = hashlib.sha256(addressee.email.lower().encode()).hexdigest()[:32]
    day = destroy_on.isoformat()
    post(
        "retention_notice",
        to=addressee.email,
        language=addressee.language,
        name=addressee.name,
        user=addressee.user,
        about=row,
        context=_context(entry, destroy_on, addressee.language),
        once=f"retention:{rule.key}:{day}:{addressee.language}:{address}",
        path="/accounts/",
    )


def _context(entry: PersonalData, destroy_on: date, language: str) -> dict[str, str]:
    with translation.override(language):
        day = formats.date_format(destroy_on, "DATE_FORMAT")
        return {"date": day, "what": str(entry.label)}


def _may_go(rule: RetentionRule, entry: PersonalData, pk: int, *, is_announced: bool) -> bool:
    """Whether the day that the person was told has come; it counts though nobody is told now."""
    notice = RetentionNotice.objects.filter(key=rule.key, object_id=pk).first()
    if notice is None:
        return not is_announced or _is_anonymous(entry, pk)
    return notice.destroy_on <= timezone.localdate()


def _is_anonymous(entry: PersonalData, pk: int) -> bool:
    row = entry.model._base_manager.filter(pk=pk).first()
    return row is not None and entry.anonymous(row)
