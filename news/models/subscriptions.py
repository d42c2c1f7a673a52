"""Who wants to hear of what by email, and which article went to whom."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from partners.models import Country
from programs.models import Program, Theme

from .articles import Article

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# The law wants consent to such mails confirmed again every two years.
CONSENT_LASTS = timedelta(days=730)


class Pace(models.TextChoices):
    INSTANT = "instant", pgettext_lazy("subscription", "At once, one email for each item")
    WEEKLY = "weekly", pgettext_lazy("subscription", "Once a week, on Monday morning")


class State(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("subscription", "Not confirmed")
    ACTIVE = "active", pgettext_lazy("subscription", "Active")
    ENDED = "ended", pgettext_lazy("subscription", "Ended")


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def live(self) -> Self:
        """Of each address there is one at most."""
        return self.filter(state__in=(State.WAITING, State.ACTIVE))

    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)

    def active(self) -> Self:
        return self.filter(state=State.ACTIVE)

    def ended(self) -> Self:
        return self.filter(state=State.ENDED)


class Subscription(models.Model):
    """One address and what it wants: kinds and countries and themes and programmes.

    A facet in which nothing is chosen asks for nothing. Of the one that is chosen any value will
    do; of several facets each has to fit.
    """

    # With a signature this opens the page of the subscription; see `subscribing.addresses`.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("email"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    pace = models.CharField(
        pgettext_lazy("subscription", "how often"),
        max_length=10,
        choices=Pace,
        default=Pace.WEEKLY,
    )
    kinds = models.JSONField(_("kinds"), default=list, blank=True)
    countries = models.ManyToManyField(
        Country, verbose_name=_("countries"), related_name="+", blank=True
    )
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), related_name="+", blank=True)
    programs = models.ManyToManyField(
        Program, verbose_name=_("programmes"), related_name="+", blank=True
    )
    # What was last said to the consent to promotion.
    promotion = models.BooleanField(_("calls too, as promotion"), default=False)
    state = models.CharField(
        pgettext_lazy("subscription", "state"),
        max_length=10,
        choices=State,
        default=State.WAITING,
        editable=False,
    )
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    reconfirm_by = models.DateTimeField(_("to be confirmed again by"), null=True, blank=True)
    renewal_asked_at = models.DateTimeField(_("asked to confirm again at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # Until when the weekly mail has told everything.
    covered_until = models.DateTimeField(_("weekly email sent up to"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        indexes = [
            models.Index(fields=["state", "pace", "id"], name="subscription_state"),
            models.Index(fields=["email"], name="subscription_email"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(state__in=["waiting", "active"]),
                name="subscription_one_live_each",
            ),
            models.CheckConstraint(
                condition=~Q(state="active")
                | Q(
                    confirmed_at__isnull=False,
                    reconfirm_by__isnull=False,
                    covered_until__isnull=False,
                ),
                name="subscription_active_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False)
                | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="subscription_ended_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    # --- states: each False when there was nothing to change --------------------------------------

    def confirm(self, *, by: User | None, at: datetime | None = None) -> bool:
        """Whoever has the address wants it."""
        at = at or timezone.now()
        return self._move(
            State.WAITING,
            State.ACTIVE,
            by=by,
            confirmed_at=at,
            covered_until=at,
            reconfirm_by=at + CONSENT_LASTS,
        )

    def asked_again(self) -> None:
        """Its time to be confirmed begins anew."""
        Subscription.objects.waiting().filter(pk=self.pk).update(asked_at=timezone.now())

    def renew(self, *, at: datetime | None = None) -> bool:
        """They still want it: two more years. False unless it is active."""
        at = at or timezone.now()
        values = {"reconfirm_by": at + CONSENT_LASTS, "renewal_asked_at": None}
        return bool(Subscription.objects.active().filter(pk=self.pk).update(**values))

    def end(self, *, by: User | None, reason: str = "") -> bool:
        """No more mails. What was wanted is forgotten; that it was asked for and ended is not."""
        with transaction.atomic():
            sources = (State.WAITING, State.ACTIVE)
            values = {
                "ended_at": timezone.now(), "kinds": [], "promotion": False, "pace": Pace.WEEKLY
            }  # fmt: skip
            moved = any(
                self._move(source, State.ENDED, by=by, reason=reason, **values)
                for source in sources
            )
            if moved:
                for facet in (self.countries, self.themes, self.programs):
                    facet.clear()
                self.deliveries.all().delete()
        return moved

    def _move(
        self, source: State, to: State, *, by: User | None, reason: str = "", **values: Any
    ) -> bool:
        with transaction.atomic():
            # Of several at once, one finds the state as it was.
            here = Subscription.objects.filter(pk=self.pk, state=source)
            if not here.update(state=to, **values):
                return False
            record_transition(self, "state", source, to, by=by, reason=reason)
        self.refresh_from_db()
        return True


class Announcement(models.Model):
    """An article that became public, once: from here on it goes to whoever asked for such.

    Revised or published again it is no news any more: the row stays.
    """

    article = models.OneToOneField(Article, models.CASCADE, related_name="announcement")
    public_at = models.DateTimeField()
    noticed_at = models.DateTimeField(default=timezone.now, db_index=True)
    # Not what is put on the site long after its day: that is no news to anybody.
    is_news = models.BooleanField(default=True)
    # How far the mails that go out at once have come: up to this subscription, or through.
    reached = models.PositiveBigIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self) -> str:
        return str(self.article_id)


class Delivery(models.Model):
    """This article went to this subscriber: written with the mail that tells it, and once."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    article = models.ForeignKey(Article, models.CASCADE, related_name="deliveries")
    # SET_NULL: mails are destroyed sooner.
    message = models.ForeignKey(
        "mail.Message", models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["subscription", "article"], name="delivery_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id}: {self.article_id}"
