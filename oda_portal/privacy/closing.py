"""Closing an account: everything of the person's goes, the account last."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils import formats
from django.utils.translation import gettext as _

from oda_portal.accounts.leaving import end_sessions
from oda_portal.mail.outbox import post

from . import holding, registry
from .destruction import BY_PERSON, destroy, family, forget_kept_pages, wipe_mails_to

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

ACCOUNT = "accounts.user"


class CannotCloseError(Exception):
    """The account must stay for now; the sentences say why, to the person."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


def obstacles(user: User) -> list[str]:
    """Why the account cannot be closed now, in sentences of the active language."""
    found = [why for entry in registry.registered() if (why := entry.obstacle(user))]
    return found + [sentence_of(held) for held in holding.held_of(user) if held.keeps_account]


def sentence_of(held: holding.Held) -> str:
    """What is on hold, and until when, for the person."""
    return _("%(what)s: on hold until %(date)s. Ground: %(ground)s.") % {
        "what": held.label,
        "date": formats.date_format(held.hold.until, "DATE_FORMAT"),
        "ground": held.hold.get_ground_display(),
    }


@transaction.atomic
def close_account(user: User) -> bool:
    """Destroy the account with all that is the person's, and tell them by mail.

    False when it is gone already. Raises CannotCloseError; nothing has changed then.
    """
    if found := obstacles(user):
        raise CannotCloseError(found)
    email, language, name = user.email, user.preferred_language, user.name
    entry = registry.entry_of(ACCOUNT)
    if entry is None or not destroy(entry, user.pk, rule=BY_PERSON):
        return False
    transaction.on_commit(forget_kept_pages, robust=True)
    # Without the account, and destroyed itself once it is sent.
    post("account_closed", to=email, language=language, name=name, context={}, path="/")
    return True


def belongings(user: User) -> Iterator[models.Model]:
    """Every row that goes with the account, and what hangs on it: a hold on any keeps all.

    Asked before the first is gone, since files do not come back with a transaction.
    """
    for entry in registry.registered():
        if entry.goes_with_account and entry.of is not None:
            for row in entry.of(user):
                yield from chain.from_iterable(family(row).values())
                yield from entry.along(row)


def remove_everything(user: User, *, rule: str) -> None:
    """What every entry has of the person, then the account: `destroy` of the account's entry."""
    for entry in registry.registered():
        if entry.key != ACCOUNT:
            entry.close(user)
    wipe_mails_to(user)
    end_sessions(user)
    user.delete()
