"""What members of the network would change in public texts; staff say what becomes public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
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


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def waiting(self) -> Self:
        return self.filter(state=Suggestion.State.WAITING)

    def of(self, user: User | AnonymousUser) -> Self:
        """A person's own; nobody else of the network reads them."""
        return self.filter(by=user) if user.is_authenticated else self.none()

    def about(self, subject: models.Model) -> Self:
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(content_type=kind, object_id=subject.pk)


class Suggestion(models.Model):
    """Another wording of a public record's texts, by somebody of an organisation that it is about.

    `wanted` holds the columns that would change with their new text, `was` the same columns as
    the writer saw them.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("suggestion", "Waiting for the office")
        APPROVED = "approved", pgettext_lazy("suggestion", "Published")
        REFUSED = "refused", pgettext_lazy("suggestion", "Not taken over")
        WITHDRAWN = "withdrawn", pgettext_lazy("suggestion", "Withdrawn")

    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind")
    )
    object_id = models.PositiveBigIntegerField(_("record"))
    subject = GenericForeignKey()
    # Whom the writer spoke for.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="suggestions", verbose_name=_("organisation")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="suggestions",
        verbose_name=_("suggested by"),
    )  # fmt: skip
    was = models.JSONField(default=dict)
    wanted = models.JSONField(default=dict)
    note = models.TextField(_("note for the office"), max_length=1000, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(
        pgettext_lazy("suggestion", "state"), max_length=10, choices=State, default=State.WAITING,
        editable=False,
    )  # fmt: skip
    suggested_at = models.DateTimeField(_("suggested at"), default=timezone.now, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("decided by"), editable=False,
    )  # fmt: skip
    # What the writer is told besides the decision.
    answer = models.TextField(_("answer"), max_length=1000, blank=True, editable=False)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("suggested change")
        verbose_name_plural = _("suggested changes")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "by"], condition=Q(state="waiting"),
                name="suggestion_one_waiting_each",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="suggestion_decided_at_a_time",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    # --- states: each False when it was decided or withdrawn before ------------------------------

    def approve(self, *, by: User, answer: str = "") -> bool:
        return self._move(self.State.APPROVED, by=by, decided_by=by, answer=answer)

    def refuse(self, *, by: User, answer: str) -> bool:
        return self._move(self.State.REFUSED, by=by, decided_by=by, answer=answer)

    def withdraw(self, *, by: User | None) -> bool:
        return self._move(self.State.WITHDRAWN, by=by)

    def _move(self, to: State, *, by: User | None, **values: Any) -> bool:
        with transaction.atomic():
            here = Suggestion.objects.filter(pk=self.pk, state=self.State.WAITING)
            moved = bool(here.update(state=to, decided_at=timezone.now(), **values))
            if moved:
                record_transition(self, "state", self.State.WAITING, to, by=by)
        self.refresh_from_db()
        return moved
