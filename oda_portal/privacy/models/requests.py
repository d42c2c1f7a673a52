"""What a person asks about their own data; the office has ten days to answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

DAYS = 10
SOON = 3


def due_day() -> date:
    return timezone.localdate() + timedelta(days=DAYS)


class IllegalMoveError(Exception):
    """The request is no longer in the state from which this may be done."""


class PrivacyRequestQuerySet(models.QuerySet["PrivacyRequest"]):
    def waiting(self) -> Self:
        return self.filter(state=PrivacyRequest.State.RECEIVED)

    def visible_to(self, user: User) -> Self:
        """On the portal's pages a person sees their own; the back office has its permissions."""
        return self.filter(user=user)


class PrivacyRequest(models.Model):
    class Kind(models.TextChoices):
        SEE = "see", _("See my data")
        CORRECT = "correct", _("Correct my data")
        DELETE = "delete", _("Delete my data")
        STOP = "stop", _("Stop using my data")

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("request", "Received")
        ANSWERED = "answered", pgettext_lazy("request", "Answered")
        REFUSED = "refused", pgettext_lazy("request", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=_("person"),
        related_name="privacy_requests",
    )
    kind = models.CharField(_("what is requested"), max_length=10, choices=Kind)
    text = models.TextField(_("in the person’s words"), max_length=2000, blank=True)
    state = models.CharField(
        pgettext_lazy("request", "state"), max_length=10, choices=State, default=State.RECEIVED
    )
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    due_on = models.DateField(_("to be answered by"), default=due_day)
    answer = models.TextField(pgettext_lazy("request", "answer"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    extended_at = models.DateTimeField(_("extended at"), null=True, blank=True)
    extension_reason = models.TextField(_("reason for the extension"), max_length=500, blank=True)

    objects = PrivacyRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="received", closed_at=None)
                | (~models.Q(state="received") & models.Q(closed_at__isnull=False)),
                name="privacy_request_closed_once",
            ),
            models.CheckConstraint(
                # Without a person the words are gone, and that it was extended stays.
                condition=models.Q(extended_at=None)
                | ~models.Q(extension_reason="")
                | models.Q(user=None),
                name="privacy_request_extension_says_why",
            ),
            # A second click finds the first one's row.
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=models.Q(state="received"),
                name="privacy_request_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({timezone.localtime(self.received_at):%Y-%m-%d})"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.RECEIVED

    @property
    def days_left(self) -> int:
        """Negative when it is overdue."""
        return (self.due_on - timezone.localdate()).days

    @property
    def can_be_extended(self) -> bool:
        """Once, and before the day has passed."""
        return self.is_open and self.extended_at is None and self.days_left >= 0

    def extend(self, *, by: User, reason: str) -> None:
        """Ten days more, said before the first ten are over; the person reads why.

        Raises IllegalMoveError when it is closed, late or extended already.
        """
        if not reason.strip():
            raise ValueError("An extension needs a reason")
        later, now = self.due_on + timedelta(days=DAYS), timezone.now()
        with transaction.atomic():
            open_row = PrivacyRequest.objects.waiting().filter(
                pk=self.pk, extended_at=None, due_on__gte=timezone.localdate()
            )
            if not open_row.update(due_on=later, extended_at=now, extension_reason=reason):
                raise IllegalMoveError(f"Request {self.pk} cannot be extended")
            record_transition(self, "due_on", str(self.due_on), str(later), by=by)
            self.due_on, self.extended_at, self.extension_reason = later, now, reason

    def answered(self, *, by: User, answer: str) -> None:
        self._close(self.State.ANSWERED, by=by, answer=answer)

    def refused(self, *, by: User, reason: str) -> None:
        """A refusal says why, to the person."""
        if not reason.strip():
            raise ValueError("A refusal needs a reason")
        self._close(self.State.REFUSED, by=by, answer=reason)

    def withdrawn(self, *, by: User | None) -> None:
        self._close(self.State.WITHDRAWN, by=by)

    def _close(self, state: str, *, by: User | None, answer: str = "") -> None:
        """Raises IllegalMoveError when it was closed meanwhile; nothing is written then."""
        with transaction.atomic():
            open_row = PrivacyRequest.objects.waiting().filter(pk=self.pk)
            now = timezone.now()
            if not open_row.update(state=state, answer=answer, closed_at=now):
                raise IllegalMoveError(f"Request {self.pk} is not open")
            record_transition(self, "state", self.state, state, by=by)
            self.state, self.answer, self.closed_at = state, answer, now
