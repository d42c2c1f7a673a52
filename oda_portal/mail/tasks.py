"""The doorbell and the sweeper: whoever comes takes everything that is due."""

from celery import shared_task

from . import delivery, upkeep
from .models import Message
from .outbox import ring


@shared_task(name="mail.deliver")
def deliver(pk: int) -> None:
    """Somebody rang for this mail; when another has sent it, there is nothing to do."""
    if Message.objects.due().filter(pk=pk).exists():
        _send()


@shared_task(name="mail.sweep")
def sweep() -> None:
    """Every 30 seconds: what no bell was rung for, whose wait is over, what a crash left."""
    _send()
    upkeep.keep()


def _send() -> None:
    if delivery.run().unfinished:
        waiting = Message.objects.due().order_by("pk").values_list("pk", flat=True).first()
        if waiting is not None:
            ring(waiting)
