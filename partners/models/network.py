"""The working-level network: which organisations belong to it, and which people of theirs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition

from .organisations import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User


class Standing(models.TextChoices):
    """Where an organisation stands; read from its dates, and never stored."""

    ASKED = "asked", pgettext_lazy("network", "Not confirmed")
    MEMBER = "member", pgettext_lazy("network", "Member organisation")
    LEFT = "left", pgettext_lazy("network", "Left")


class NetworkMemberQuerySet(models.QuerySet["NetworkMember"]):
    def standing(self) -> Self:
        """Organisations that belong to the network now, as staff confirmed."""
        return self.in_standing(Standing.MEMBER)

    def in_standing(self, standing: str) -> Self:
        conditions = {
            Standing.ASKED: Q(confirmed_at=None, left_on=None),
            Standing.MEMBER: Q(confirmed_at__isnull=False, left_on=None),
            Standing.LEFT: Q(left_on__isnull=False),
        }
        return self.filter(conditions[Standing(standing)])


class NetworkMember(models.Model):
    """An organisation of the network; the public sees it once staff have confirmed it."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="network", verbose_name=_("organisation")
    )
    joined_on = models.DateField(_("member since"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, editable=False)
    left_on = models.DateField(_("left on"), null=True, blank=True, editable=False)

    objects = NetworkMemberQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__slug"]
        verbose_name = _("member organisation")
        verbose_name_plural = _("member organisations")

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def standing(self) -> Standing:
        if self.left_on:
            return Standing.LEFT
        return Standing.MEMBER if self.confirmed_at else Standing.ASKED

    def confirm(self, *, by: User | None) -> bool:
        """It belongs to the network, for the first time or again; False when it did before."""
        values: dict[str, Any] = {"confirmed_at": timezone.now(), "left_on": None}
        return self._move({Standing.ASKED, Standing.LEFT}, Standing.MEMBER, by=by, **values)

    def leave(self, *, by: User | None, reason: str = "") -> bool:
        """It belongs to it no longer, and its people see nothing more; False when it did not."""
        values = {"left_on": timezone.localdate()}
        return self._move({Standing.MEMBER}, Standing.LEFT, by=by, reason=reason, **values)

    def _move(
        self, sources: set[Standing], to: Standing, *, by: User | None, reason: str = "",
        **values: Any,
    ) -> bool:  # fmt: skip
        with transaction.atomic():
            # Saved, not updated: public pages show it.
            current = type(self).objects.select_for_update().get(pk=self.pk)
            before = current.standing
            if before in sources:
                for name, value in values.items():
                    setattr(current, name, value)
                current.save(update_fields=list(values))
                record_transition(self, "standing", before, to, by=by, reason=reason)
        self.confirmed_at, self.left_on = current.confirmed_at, current.left_on
        return before in sources


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        """People who may see what members see: approved, of an organisation that belongs to it."""
        return self.filter(
            state=Membership.State.ACTIVE,
            organisation__network__confirmed_at__isnull=False,
            organisation__network__left_on=None,
            user__is_active=True,
        )

    def pending(self) -> Self:
        return self.filter(state=Membership.State.PENDING)

    def over(self) -> Self:
        """Refused or ended."""
        return self.filter(state__in=(Membership.State.REFUSED, Membership.State.ENDED))

    def listed(self) -> Self:
        """Whom other members find in the directory, with their consent."""
        return self.active().filter(in_directory=True)

    def of(self, user: User | AnonymousUser) -> Self:
        return self.filter(user=user) if user.is_authenticated else self.none()


class Membership(models.Model):
    """A person who works for an organisation of the network; personal data, without history.

    Whoever asks again, or is invited again, finds the same row opened once more.
    """

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("membership", "Waiting for approval")
        ACTIVE = "active", pgettext_lazy("membership", "Member")
        REFUSED = "refused", pgettext_lazy("membership", "Not approved")
        ENDED = "ended", pgettext_lazy("membership", "Ended")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships",
        verbose_name=_("account"),
    )  # fmt: skip
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    post = models.CharField(pgettext_lazy("person", "post"), max_length=80, blank=True)
    telephone = models.CharField(_("telephone"), max_length=30, blank=True)
    # What was last said to the consent to stand in the directory.
    in_directory = models.BooleanField(_("in the directory"), default=False, editable=False)
    state = models.CharField(
        pgettext_lazy("membership", "state"), max_length=8, choices=State, default=State.PENDING,
        editable=False,
    )  # fmt: skip
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("approved by"), editable=False,
    )  # fmt: skip
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("member of the network")
        verbose_name_plural = _("members of the network")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], name="membership_once_a_person"
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(approved_at__isnull=False),
                name="membership_approved_when_active",
            ),
            models.CheckConstraint(
                condition=Q(in_directory=False) | Q(state="active"),
                name="membership_listed_while_active",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"

    # --- states: each False when there was nothing to change -------------------------------------

    def approve(self, *, by: User | None) -> bool:
        """Staff say yes, whether it waited or was over."""
        values: dict[str, Any] = {
            "approved_by": by,
            "approved_at": timezone.now(),
            "ended_at": None,
        }
        return self._move(
            (self.State.PENDING, self.State.REFUSED, self.State.ENDED), self.State.ACTIVE,
            by=by, **values,
        )  # fmt: skip

    def refuse(self, *, by: User | None, reason: str = "") -> bool:
        values = {"ended_at": timezone.now()}
        return self._move((self.State.PENDING,), self.State.REFUSED, by=by, reason=reason, **values)

    def end(self, *, by: User | None, reason: str = "") -> bool:
        """They see nothing more of the network, and nobody finds them in the directory."""
        values = {"ended_at": timezone.now(), "in_directory": False}
        sources = (self.State.ACTIVE, self.State.PENDING)
        return self._move(sources, self.State.ENDED, by=by, reason=reason, **values)

    def ask_again(self) -> bool:
        """Somebody who was refused or whose membership ended asks once more."""
        values: dict[str, Any] = {"asked_at": timezone.now(), "ended_at": None}
        return self._move(
            (self.State.REFUSED, self.State.ENDED), self.State.PENDING, by=self.user, **values
        )

    def _move(
        self, sources: tuple[State, ...], to: State, *, by: User | None, reason: str = "",
        **values: Any,
    ) -> bool:  # fmt: skip
        with transaction.atomic():
            # Of several at once, one finds the state as it was.
            rows = Membership.objects.filter(pk=self.pk)
            before = rows.select_for_update().values_list("state", flat=True).get()
            if before in sources:
                rows.update(state=to, **values)
                record_transition(self, "state", before, to, by=by, reason=reason)
        self.refresh_from_db()
        return before in sources


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Neither accepted nor taken back, and not too old to be accepted."""
        return self.filter(state=Invitation.State.OPEN, invited_at__gt=Invitation.oldest_open())

    def to_addresses(self, addresses: list[str]) -> Self:
        return self.filter(email__in=[address.lower() for address in addresses])


class Invitation(models.Model):
    """Staff asked whoever has this address to join for an organisation; personal data."""

    # As long as the link in the mail works.
    DAYS = 30

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("invitation", "Sent")
        ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
        DECLINED = "declined", pgettext_lazy("invitation", "Declined")
        TAKEN_BACK = "taken_back", pgettext_lazy("invitation", "Taken back")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="invitations", verbose_name=_("organisation")
    )
    email = models.EmailField(_("email"))
    language = models.CharField(
        _("language of the email"), max_length=10, choices=settings.LANGUAGES, default="ko"
    )
    state = models.CharField(
        pgettext_lazy("invitation", "state"), max_length=10, choices=State, default=State.OPEN,
        editable=False,
    )  # fmt: skip
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("invited by"), editable=False,
    )  # fmt: skip
    invited_at = models.DateTimeField(_("invited at"), default=timezone.now, editable=False)
    # How often it was sent: each sending is a mail of its own.
    sendings = models.PositiveSmallIntegerField(_("times sent"), default=1, editable=False)
    ended_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("invitation to the network")
        verbose_name_plural = _("invitations to the network")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"], condition=Q(state="open"),
                name="invitation_one_open_each",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @classmethod
    def oldest_open(cls) -> datetime:
        return timezone.now() - timedelta(days=cls.DAYS)

    def is_open(self) -> bool:
        return self.state == self.State.OPEN and self.invited_at > self.oldest_open()

    def accept(self, *, by: User) -> bool:
        return self._end(self.State.ACCEPTED, by=by)

    def decline(self, *, by: User | None) -> bool:
        return self._end(self.State.DECLINED, by=by)

    def take_back(self, *, by: User, reason: str = "") -> bool:
        return self._end(self.State.TAKEN_BACK, by=by, reason=reason)

    def sent_again(self, *, by: User) -> bool:
        """Its time begins anew; False when it was answered or taken back."""
        here = Invitation.objects.filter(pk=self.pk, state=self.State.OPEN)
        moved = here.update(
            invited_at=timezone.now(), invited_by=by, sendings=models.F("sendings") + 1
        )
        self.refresh_from_db()
        return bool(moved)

    def _end(self, to: State, *, by: User | None, reason: str = "") -> bool:
        with transaction.atomic():
            here = Invitation.objects.filter(pk=self.pk, state=self.State.OPEN)
            moved = bool(here.update(state=to, ended_at=timezone.now()))
            if moved:
                record_transition(self, "state", self.State.OPEN, to, by=by, reason=reason)
        self.refresh_from_db()
        return moved
