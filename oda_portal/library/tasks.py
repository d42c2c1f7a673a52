from celery import shared_task

from . import taking_in


@shared_task(name="library.take_in")
def take_in() -> None:
    taking_in.take_in()
