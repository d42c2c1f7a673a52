"""What somebody asks the office, who need not say who they are, and what the office answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from oda_portal.pages.working_days import after_working_days
from oda_portal.privacy.fields import EncryptedTextField
from oda_portal.readable import random_signs

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

WORKING_DAYS = 10
RECEIPT_SIGNS = 12


def due_day() -> date:
    return after_working_days(timezone.localdate(), WORKING_DAYS)


def new_receipt() -> str:
    """Whoever knows it reads the answer: 31 signs to the power of twelve."""
    signs = random_signs(RECEIPT_SIGNS)
    return "-".join(signs[start : start + 4] for start in range(0, RECEIPT_SIGNS, 4))


class IllegalMoveError(Exception):
    """The inquiry is no longer in the state from which this may be done."""


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def waiting(self) -> Self:
        return self.filter(state=Inquiry.State.RECEIVED)

    def overdue(self) -> Self:
        return self.waiting().filter(due_on__lt=timezone.localdate())

    def over_before(self, moment: datetime) -> Self:
        """Answered or closed before that moment."""
        return self.filter(Q(answered_at__lt=moment) | Q(closed_at__lt=moment))


class Inquiry(models.Model):
    """Words and answer can be read by the portal alone; the address only with a consent."""

    class Topic(models.TextChoices):
        VOLUNTEERING = "volunteering", pgettext_lazy("inquiry", "Volunteering abroad")
        TRAINING = "training", pgettext_lazy("inquiry", "Training courses")
        COOPERATION = "cooperation", pgettext_lazy("inquiry", "Working together")
        DATA = "data", pgettext_lazy("inquiry", "Records, data or a mistake in them")
        SITE = "site", pgettext_lazy("inquiry", "This site and its accessibility")
        OTHER = "other", pgettext_lazy("inquiry", "Something else")

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("inquiry", "Received")
        ANSWERED = "answered", pgettext_lazy("inquiry", "Answered")
        CLOSED = "closed", pgettext_lazy("inquiry", "Closed without an answer")

    receipt = models.CharField(
        _("receipt number"), max_length=16, unique=True, default=new_receipt, editable=False
    )
    # What makes a form that is sent twice one inquiry.
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    topic = models.CharField(_("topic"), max_length=20, choices=Topic)
    text = EncryptedTextField(pgettext_lazy("inquiry", "question"))
    email = models.EmailField(_("email"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(
        pgettext_lazy("inquiry", "state"), max_length=10, choices=State, default=State.RECEIVED
    )
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    due_on = models.DateField(_("to be answered by"), default=due_day)
    answer = EncryptedTextField(pgettext_lazy("inquiry", "answer"), blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("answered by"),
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed without an answer at"), null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="inquiry_clock")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="received", answered_at=None, closed_at=None)
                | Q(state="answered", answered_at__isnull=False, closed_at=None)
                | Q(state="closed", answered_at=None, closed_at__isnull=False),
                name="inquiry_ends_once",
            ),
        ]
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")

    def __str__(self) -> str:
        return self.receipt

    def get_absolute_url(self) -> str:
        return reverse("pages:inquiry_detail", args=[self.receipt])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.RECEIVED

    @property
    def days_left(self) -> int:
        """Days of the calendar; negative when it is overdue."""
        return (self.due_on - timezone.localdate()).days

    def answered(self, *, by: User, answer: str) -> None:
        if not answer.strip():
            raise ValueError("An answer says something")
        self._end(
            self.State.ANSWERED, by=by, answer=answer, answered_by=by, answered_at=timezone.now()
        )

    def closed(self, *, by: User, reason: str) -> None:
        """Without an answer: what was sent twice, or is no question."""
        self._end(self.State.CLOSED, by=by, reason=reason, closed_at=timezone.now())

    def _end(self, state: str, *, by: User, reason: str = "", **values: Any) -> None:
        """Raises IllegalMoveError when somebody ended it meanwhile; nothing is written then."""
        with transaction.atomic():
            if not Inquiry.objects.waiting().filter(pk=self.pk).update(state=state, **values):
                raise IllegalMoveError(f"Inquiry {self.pk} is not open")
            record_transition(self, "state", self.State.RECEIVED, state, by=by, reason=reason)
        self.state = state
        for name, value in values.items():
            setattr(self, name, value)
