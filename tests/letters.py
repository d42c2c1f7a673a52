"""What has gone out: the outbox, delivered as a worker would, to Django's mail of tests."""

from django.core import mail
from django.core.mail import EmailMultiAlternatives

from oda_portal.mail import delivery


def delivered() -> list[EmailMultiAlternatives]:
    """Send what is due; every letter of this test, oldest first."""
    delivery.run()
    return mail.outbox
