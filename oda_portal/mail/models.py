"""A mail as a row: what is to be said to whom, and how far it has come."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models import F, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from oda_portal.privacy.fields import EncryptedTextField

from . import kinds

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# How long a mail waits after each try that failed for the moment; after the last it has failed.
WAITS = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60)
)

# What a sender needs of a row.
TO_SEND = (
    "kind", "language", "to", "name", "context", "path", "about_id", "tries", "claim_id",
    "message_id",
)  # fmt: skip


class State(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("message", "Queued")
    IN_FLIGHT = "in_flight", pgettext_lazy("message", "Sending")
    AWAITING_RETRY = "awaiting_retry", pgettext_lazy("message", "Waiting to retry")
    SENT = "sent", pgettext_lazy("message", "Sent")
    FAILED = "failed", pgettext_lazy("message", "Failed")
    UNKNOWN = "unknown", pgettext_lazy("message", "Outcome unknown")


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, at: datetime | None = None) -> Self:
        """What should go out now."""
        at = at or timezone.now()
        return self.filter(
            Q(state=State.QUEUED) | Q(state=State.AWAITING_RETRY, retry_at__lte=at),
        )

    def claim(self, number: int) -> list[Message]:
        """Take up to so many queued mails in hand, urgent ones first, each by one taker only."""
        queued = self.filter(state=State.QUEUED)
        # Without the secrets: one that no key opens must not keep the others from going out.
        wanted: list[Message] = list(queued.order_by("-urgent", "pk").only(*TO_SEND)[:number])
        if not wanted:
            return []
        mark = secrets.randbits(62)
        # With a plain `state`, PostgreSQL goes through all that is queued, which its statistics
        # take for a few, instead of looking up these.
        these = self.filter(pk__in=[message.pk for message in wanted])
        still = these.filter(state__iexact=State.QUEUED)
        taken = still.update(state=State.IN_FLIGHT, claim_id=mark, claimed_at=timezone.now())
        if taken < len(wanted):
            # Whoever comes second finds the state changed, and does not take it.
            mine = set(these.filter(claim_id=mark).values_list("pk", flat=True))
            wanted = [message for message in wanted if message.pk in mine]
        for message in wanted:
            message.claim_id = mark
        return wanted

    def wake(self) -> int:
        """Queue those whose wait is over."""
        over = self.filter(state=State.AWAITING_RETRY, retry_at__lte=timezone.now())
        return over.update(state=State.QUEUED, retry_at=None)

    def take_back_interrupted(self) -> int:
        """Queue again what a sender that is no more had in hand. Only for the sole sender."""
        return self.filter(state=State.IN_FLIGHT).update(state=State.QUEUED, claim_id=None)

    def leave_to_staff(self, why: str) -> int:
        """None of these goes out by itself any more: it may have done so. Staff decide."""
        open_ended = self.exclude(state__in=(State.SENT, State.FAILED, State.UNKNOWN))
        return open_ended.update(
            state=State.UNKNOWN,
            retry_at=None,
            claim_id=None,
            claimed_at=timezone.now(),
            error=why[:300],
        )

    def needing_staff(self) -> Self:
        """What only a person can bring further."""
        return self.filter(state__in=(State.FAILED, State.UNKNOWN))

    def oldest_waiting(self) -> timedelta | None:
        """For how long the mail that waits longest should have been on its way."""
        waiting = self.due() | self.filter(state=State.IN_FLIGHT)
        since = waiting.aggregate(since=Min(Coalesce("retry_at", "queued_at")))["since"]
        return timezone.now() - since if since else None


# Written out, because it is carried out for every mail: Django takes eight times as long to put it
# together as the database to carry it out. `oda_portal.mail.marking` uses it as well.
MARK_SENT = """
    UPDATE mail_message
    SET state = 'sent', sent_at = {}, tries = tries + 1, error = '', sealed_context = NULL,
        claim_id = NULL
    WHERE id = {} AND claim_id = {}
"""


def new_message_id() -> uuid.UUID:
    return uuid.uuid4()


class Message(models.Model):
    """One mail to one person, with what its text says but not the text itself.

    What the machine does with it (claimed, sent, put off) shows in the row's own times and tries;
    an audit trail is kept of its end without success and of what staff decide.
    """

    kind = models.CharField(_("kind"), max_length=60)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    to = models.EmailField(_("recipient"))
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100, blank=True)
    context = models.JSONField(default=dict, blank=True)
    # The context of a kind that holds a secret, as JSON, until the mail is sent.
    sealed_context = EncryptedTextField(null=True, blank=True)
    path = models.CharField(_("page"), max_length=500, blank=True)
    urgent = models.BooleanField(default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("account"),
        related_name="+",
    )
    about_type = models.ForeignKey(
        ContentType, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    about_id = models.PositiveBigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    # Whatever must be told once only has a name here.
    once = models.CharField(max_length=200, unique=True, null=True, blank=True)

    state = models.CharField(
        pgettext_lazy("message", "state"), max_length=20, choices=State, default=State.QUEUED
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    queued_at = models.DateTimeField(_("queued at"), default=timezone.now)
    claimed_at = models.DateTimeField(_("last tried at"), null=True, blank=True)
    # Which taking in hand it was: an answer that comes too late must change nothing.
    claim_id = models.BigIntegerField(null=True, blank=True)
    retry_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # Class of the error and what the mail server said, without addresses.
    error = models.CharField(_("error"), max_length=300, blank=True)
    message_id = models.UUIDField(_("number"), unique=True, default=new_message_id, editable=False)

    link_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    link_expires_at = models.DateTimeField(_("link works until"), null=True, blank=True)
    link_used_at = models.DateTimeField(_("link used at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "-urgent", "id"], name="message_state"),
            models.Index(fields=["kind", "-id"], name="message_kind"),
            models.Index(fields=["queued_at"], name="message_queued_at"),
            models.Index(fields=["about_type", "about_id"], name="message_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="awaiting_retry", retry_at__isnull=False)
                | (~Q(state="awaiting_retry") & Q(retry_at__isnull=True)),
                name="message_waits_until_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="message_sent_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="in_flight", claim_id__isnull=False)
                | (~Q(state="in_flight") & Q(claim_id__isnull=True)),
                name="message_in_flight_is_claimed",
            ),
        ]
        verbose_name = pgettext_lazy("message", "email")
        verbose_name_plural = _("outbox")

    def __str__(self) -> str:
        return kinds.label_of(self.kind)

    # --- what the sender does: each False when the mail is no longer in its hand ----------------

    def mark_sent(self) -> bool:
        """The mail server accepted it."""
        sent_at = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(MARK_SENT.format("%s", "%s", "%s"), [sent_at, self.pk, self.claim_id])
            return bool(cursor.rowcount)

    def put_off(self, error: str) -> bool:
        """Try again later; after the last wait it has failed."""
        if self.tries >= len(WAITS):
            return self.mark_failed(error)
        retry_at = timezone.now() + WAITS[self.tries]
        return self._leave_flight(State.AWAITING_RETRY, retry_at=retry_at, error=error[:300])

    def mark_failed(self, error: str) -> bool:
        """It will not go out unless staff send it again."""
        return self._end_without_success(State.FAILED, error)

    def mark_unknown(self, error: str) -> bool:
        """It was handed over, but the answer never came: staff decide, it is never sent blindly."""
        return self._end_without_success(State.UNKNOWN, error)

    def give_back(self) -> bool:
        """Queue it again untried."""
        return self._from_hand(state=State.QUEUED)

    def _leave_flight(self, to: State, **values: Any) -> bool:
        return self._from_hand(state=to, tries=F("tries") + 1, **values)

    def _end_without_success(self, to: State, error: str) -> bool:
        with transaction.atomic():
            moved = self._leave_flight(to, error=error[:300])
            if moved:
                record_transition(self, "state", State.IN_FLIGHT, to, by=None, reason=error[:300])
        return moved

    def _from_hand(self, **values: Any) -> bool:
        mine = Message.objects.filter(pk=self.pk, claim_id=self.claim_id)
        return bool(mine.update(claim_id=None, **values))

    # --- what staff decide: each False when it was decided already -------------------------------

    def send_again(self, *, by: User | None, reason: str = "") -> bool:
        """Queue what failed, or what may not have arrived, with the waits from the start."""
        return self._decide(
            (State.FAILED, State.UNKNOWN), State.QUEUED, by=by, reason=reason, tries=0, error=""
        )

    def mark_arrived(self, *, by: User | None, reason: str = "") -> bool:
        """A person found out that it arrived after all."""
        return self._decide(
            (State.UNKNOWN,),
            State.SENT,
            by=by,
            reason=reason,
            sent_at=self.claimed_at or timezone.now(),
            sealed_context=None,
        )

    def may_be_sent_again(self) -> bool:
        """Not when its secret is gone: then the person has to ask anew."""
        lost = kinds.is_secret(self.kind) and not self.sealed_context
        return self.state in (State.FAILED, State.UNKNOWN) and not lost

    def _decide(
        self, sources: tuple[State, ...], to: State, *, by: User | None, reason: str, **values: Any
    ) -> bool:
        with transaction.atomic():
            current = Message.objects.select_for_update().get(pk=self.pk)
            before = current.state
            if before not in sources:
                return False
            Message.objects.filter(pk=self.pk).update(state=to, **values)
            record_transition(self, "state", before, to, by=by, reason=reason)
        self.refresh_from_db()
        return True

    # --- personal links ---------------------------------------------------------------------------

    def use_link(self) -> bool:
        """Use the personal link up; False when it was used before. For what may be done once."""
        unused = Message.objects.filter(pk=self.pk, link_used_at=None)
        return bool(unused.update(link_used_at=timezone.now()))


class MailTemplate(models.Model):
    """The office's own text of a kind of mail in one language, in place of the portal's."""

    kind = models.CharField(_("kind"), max_length=60)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        ordering = ["kind", "language"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="mail_template_once")
        ]
        verbose_name = _("email text")
        verbose_name_plural = _("email texts")

    def __str__(self) -> str:
        return f"{kinds.label_of(self.kind)} ({self.get_language_display()})"
