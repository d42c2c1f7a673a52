"""Timed work of publishing."""

from celery import shared_task

from . import freshness
from .models import Dirty


@shared_task(name="publishing.settle")
def settle() -> None:
    """Work off waiting changes: raise the generation again, should the first time be lost."""
    waiting = list(Dirty.objects.values_list("pk", flat=True)[:1000])
    if waiting:
        freshness.raise_generation()
        Dirty.objects.filter(pk__in=waiting).delete()
