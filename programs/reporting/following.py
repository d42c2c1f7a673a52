"""What is reported follows what is changed."""

from __future__ import annotations

from django.db import transaction

from oda_portal.accounts.models import User
from oda_portal.publishing import changes
from programs import models

from . import measuring, progress
from .tasks import publish_iati

# Besides the programmes and what belongs to them.
ALSO = {"partners.organisation", "partners.country", "partners.city", "pages.office"}
OURS = "programs."


def register() -> None:
    """Called when all models are there."""
    changes.watch(models.Publisher, models.PublisherBudget, models.Reporting, models.Confirmation)
    changes.follow(measuring.take_in)
    changes.follow(take_in)


def take_in(rows: list[tuple[str, str]]) -> None:
    """Pairs of model and key that changed, came or went."""
    if any(model.startswith(OURS) or model in ALSO for model, _key in rows):
        ask(by=None)


def ask(*, by: User | None) -> None:
    """Have the worker publish, unless it is about to."""
    if progress.ask():
        by_pk = by.pk if by else None
        transaction.on_commit(lambda: publish_iati.delay(by_pk), robust=True)
