"""Proposals: a member organisation's idea for a programme, who joins it, what is said about it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from partners.models import Country, Membership, Organisation

from .codes import Theme
from .program import Program
from .shares import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User

# What a column of whole won takes on both databases, and more than any programme costs.
MOST_WON = 10**13


class IllegalMoveError(Exception):
    """The proposal is not in a state from which this may be done; nothing was written."""


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def sent(self) -> Self:
        """What staff and other organisations know of: a draft is its organisation's alone."""
        return self.exclude(state=Proposal.State.DRAFT)

    def waiting(self) -> Self:
        """Submitted, and nobody of the staff has taken it up yet."""
        return self.filter(state=Proposal.State.SUBMITTED)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All that was submitted, and the drafts of the person's own organisations.

        Nothing for whoever is no active member (any more).
        """
        own = list(Membership.objects.of(user).active().values_list("organisation", flat=True))
        if not own:
            return self.none()
        return self.filter(~Q(state=Proposal.State.DRAFT) | Q(organisation__in=own))

    def for_list(self) -> Self:
        """Drafts first, then the newest; with `partners_count` and `comments_count`."""
        said = Q(comments__removed_at=None)
        return (
            self.select_related("organisation", "country")
            .prefetch_related("themes")
            .annotate(
                partners_count=Count("partners", distinct=True),
                comments_count=Count("comments", filter=said, distinct=True),
            )
            .order_by(F("submitted_at").desc(nulls_first=True), "-pk")
        )

    def with_words(self, words: str) -> Self:
        """Proposals in which every word stands somewhere; each is in one language."""
        rows = self
        for word in words.split():
            match = Q()
            for field in ("title", "need", "idea", "place", "partners_sought"):
                match |= Q(**{f"{field}__icontains": word})
            rows = rows.filter(match)
        return rows


class Proposal(models.Model):
    """Read by members and staff alone; names a person, so that it has no history."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("proposal", "Draft")
        SUBMITTED = "submitted", pgettext_lazy("proposal", "Submitted")
        IN_DISCUSSION = "in_discussion", pgettext_lazy("proposal", "In discussion")
        ADOPTED = "adopted", pgettext_lazy("proposal", "Adopted")
        DECLINED = "declined", pgettext_lazy("proposal", "Not taken up")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    # Of the form that it began with: the same form sent twice is one proposal.
    form_key = models.UUIDField(default=uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="proposals", verbose_name=_("proposed by")
    )
    role = models.CharField(
        _("its own role"), max_length=12, choices=Role.Kind, default=Role.Kind.IMPLEMENTS
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("written by"), editable=False,
    )  # fmt: skip
    language = models.CharField(_("written in"), max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=120)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("country or area"),
    )  # fmt: skip
    place = models.CharField(_("place"), max_length=120, blank=True)
    need = models.TextField(_("what is needed there"), max_length=3000, blank=True)
    idea = models.TextField(_("what could be done"), max_length=3000, blank=True)
    themes = models.ManyToManyField(
        Theme, verbose_name=_("themes"), related_name="proposals", blank=True
    )
    partners_sought = models.TextField(_("partners sought"), max_length=1000, blank=True)
    budget = models.BigIntegerField(
        _("rough budget (KRW)"), null=True, blank=True, validators=[MaxValueValidator(MOST_WON)]
    )
    budget_note = models.CharField(_("what the budget covers"), max_length=200, blank=True)
    state = models.CharField(
        pgettext_lazy("proposal", "state"), max_length=13, choices=State, default=State.DRAFT,
        editable=False,
    )  # fmt: skip
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    # When its words changed last: two people who edit it do not overwrite each other.
    revised_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    discussed_at = models.DateTimeField(_("in discussion since"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    answer = models.CharField(_("what the office said"), max_length=300, blank=True, editable=False)
    program = models.OneToOneField(
        Program, models.SET_NULL, null=True, related_name="proposal",
        verbose_name=_("programme that it became"), editable=False,
    )  # fmt: skip

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(fields=["author", "form_key"], name="proposal_once_a_form"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at=None)
                | (~Q(state="draft") & Q(submitted_at__isnull=False)),
                name="proposal_submitted_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["adopted", "declined"], decided_at__isnull=False)
                | (~Q(state__in=["adopted", "declined"]) & Q(decided_at=None)),
                name="proposal_decided_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(program=None) | Q(state="adopted"), name="proposal_became_if_adopted"
            ),
            models.CheckConstraint(
                condition=Q(budget=None) | Q(budget__gte=0), name="proposal_budget_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("proposals:proposal_detail", args=[self.uuid])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether others can join it and say something about it."""
        return self.state in (self.State.SUBMITTED, self.State.IN_DISCUSSION)

    @property
    def is_editable(self) -> bool:
        """Whether its organisation may change its words: until it is decided."""
        return self.is_draft or self.is_open

    @property
    def stamp(self) -> str:
        """What a page of this proposal is made from; another one later means that it changed."""
        partners = sorted(self.partners.values_list("organisation_id", "role"))
        whole = f"{self.state}:{self.revised_at.isoformat()}:{partners}"
        return hashlib.sha256(whole.encode()).hexdigest()[:16]

    # --- states ------------------------------------------------------------------------------

    def submit(self, *, by: User) -> None:
        now = timezone.now()
        self._move({self.State.DRAFT}, self.State.SUBMITTED, by=by, submitted_at=now)

    def discuss(self, *, by: User, reason: str) -> None:
        """Take it up; or take up again what was not taken up before."""
        self._move(
            {self.State.SUBMITTED, self.State.DECLINED}, self.State.IN_DISCUSSION, by=by,
            reason=reason, discussed_at=timezone.now(), decided_at=None, answer=reason,
        )  # fmt: skip

    def decline(self, *, by: User, reason: str) -> None:
        self._move(
            {self.State.SUBMITTED, self.State.IN_DISCUSSION}, self.State.DECLINED, by=by,
            reason=reason, decided_at=timezone.now(), answer=reason,
        )  # fmt: skip

    def become(self, program: Program, *, by: User, reason: str) -> None:
        """Adopted: the caller has just made this programme, in the same transaction."""
        self._move(
            {self.State.IN_DISCUSSION}, self.State.ADOPTED, by=by, reason=reason,
            decided_at=timezone.now(), answer=reason, program=program,
        )  # fmt: skip

    def _move(
        self, sources: set[State], to: State, *, by: User, reason: str = "", **values: Any
    ) -> None:
        """Raises IllegalMoveError when it is in another state; of two who press one moves it."""
        with transaction.atomic():
            current = Proposal.objects.select_for_update().get(pk=self.pk)
            before = self.state = current.state
            if before not in sources:
                raise IllegalMoveError(f"Proposal {self.pk} cannot go from {before} to {to}")
            Proposal.objects.filter(pk=self.pk).update(state=to, **values)
            record_transition(self, "state", before, to, by=by, reason=reason)
        self.state = to
        for name, value in values.items():
            setattr(self, name, value)


class ProposalPartner(models.Model):
    """An organisation that would take part, in the role that it wants."""

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="partners", verbose_name=_("proposal")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="joined_proposals",
        verbose_name=_("organisation"),
    )  # fmt: skip
    role = models.CharField(pgettext_lazy("organisation", "role"), max_length=12, choices=Role.Kind)
    note = models.CharField(_("what it would bring"), max_length=300, blank=True)
    joined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("joined by"), editable=False,
    )  # fmt: skip
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("partner in a proposal")
        verbose_name_plural = _("partners in a proposal")
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "organisation"], name="proposal_joined_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()}"


class ProposalComment(models.Model):
    """What a member says about a proposal, under their own and their organisation's name."""

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="comments", verbose_name=_("proposal")
    )
    form_key = models.UUIDField(default=uuid4, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("written by"), editable=False,
    )  # fmt: skip
    # None where the office itself says something.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("organisation")
    )
    language = models.CharField(_("written in"), max_length=10, choices=settings.LANGUAGES)
    text = models.TextField(_("comment"), max_length=2000, blank=True)
    written_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)
    removed_at = models.DateTimeField(_("removed at"), null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("comment on a proposal")
        verbose_name_plural = _("comments on proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["author", "form_key"], name="proposal_comment_once_a_form"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) & ~Q(text="") | Q(removed_at__isnull=False, text=""),
                name="proposal_comment_removed_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def remove(self, *, by: User, reason: str = "") -> bool:
        """Take the words away; that there were some stays. False when that was done before."""
        now = timezone.now()
        with transaction.atomic():
            rows = ProposalComment.objects.filter(pk=self.pk, removed_at=None)
            if not rows.update(removed_at=now, text=""):
                return False
            record_transition(self, "removed_at", "", now.isoformat(), by=by, reason=reason)
        self.removed_at, self.text = now, ""
        return True
