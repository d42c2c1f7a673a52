"""Timed work for subscriptions; each safe to run twice and at once."""

from celery import shared_task

from . import announcing, digests, instant, renewing


@shared_task(name="news.announce")
def announce() -> None:
    """Every minute: what has become public goes to whoever wants it at once."""
    announcing.notice()
    announcing.recall()
    instant.send_due()


@shared_task(name="news.send_digests")
def send_digests() -> None:
    """On Monday at nine, and every five minutes what a crash left of it."""
    digests.send_due()


@shared_task(name="news.renew_subscriptions")
def renew_subscriptions() -> None:
    """Every day: consents that are two years old."""
    renewing.run()
