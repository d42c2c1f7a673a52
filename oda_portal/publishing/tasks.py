"""Timed work of publishing."""

from celery import shared_task

from . import changes, freshness
from .models import Dirty

BATCH = 1000


@shared_task(name="publishing.settle")
def settle() -> None:
    """Work off waiting changes: tell who follows them, and raise the generation again.

    The first raising may have been lost; and what was made from what followers did not know yet
    must not be kept.
    """
    while waiting := list(Dirty.objects.values_list("pk", "model", "object_id")[:BATCH]):
        freshness.raise_generation()
        changes.tell_followers([(model, pk) for _pk, model, pk in waiting])
        Dirty.objects.filter(pk__in=[pk for pk, *_change in waiting]).delete()
        freshness.raise_generation()
