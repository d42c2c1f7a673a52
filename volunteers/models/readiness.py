"""What has to be done before departure: the checklist of an opening, and where each person stands.

Passport, health and the person to call in an emergency have rows of their own: they are ciphers
in the table, and are destroyed long before the application.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from oda_portal.files.fields import AttachmentField
from oda_portal.privacy.fields import EncryptedTextField

from .applications import Application
from .openings import Opening

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class ChecklistItem(models.Model):
    """One thing that everybody of an opening has to do, and by when."""

    class Kind(models.TextChoices):
        PASSPORT = "passport", _("Passport")
        INSURANCE = "insurance", _("Insurance")
        VACCINATION = "vaccination", _("Vaccination and health")
        ORIENTATION = "orientation", _("Pre-departure training")
        EMERGENCY_CONTACT = "emergency_contact", _("Emergency contact")
        GUARDIAN_CONSENT = "guardian_consent", _("Consent of a parent or guardian")
        ROLE_AGREEMENT = "role_agreement", _("Role agreement")

    opening = models.ForeignKey(
        Opening, models.CASCADE, related_name="checklist", verbose_name=_("opening")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    due_on = models.DateField(_("due on"))
    note = models.CharField(
        _("note"),
        max_length=300,
        blank=True,
        help_text=_("For the volunteers: which vaccinations, where the training is."),
    )
    is_wanted = models.BooleanField(_("wanted"), default=True)

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("pre-departure checklist")
        verbose_name_plural = _("pre-departure checklists")
        constraints = [
            models.UniqueConstraint(
                fields=["opening", "kind"], name="checklist_item_once_for_each_opening"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Readiness(models.Model):
    """Where one person stands with one item; without a row nothing has been done yet."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("readiness", "Open")
        HANDED_IN = "handed_in", pgettext_lazy("readiness", "Handed in")
        BY_PHONE = "by_phone", pgettext_lazy("readiness", "To be settled by telephone")
        ACCEPTED = "accepted", pgettext_lazy("readiness", "Accepted")
        RETURNED = "returned", pgettext_lazy("readiness", "Returned")
        NOT_NEEDED = "not_needed", pgettext_lazy("readiness", "Not needed")

    application = models.ForeignKey(Application, models.CASCADE, related_name="readiness")
    item = models.ForeignKey(
        ChecklistItem, models.PROTECT, related_name="rows", verbose_name=_("what has to be done")
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.OPEN, editable=False
    )
    # Why it was returned. It may speak of the passport or of health, so the trail has it not.
    reason = EncryptedTextField(_("reason"), blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    # So many days before the item was due the last reminder went out; -1: the day after.
    reminded = models.SmallIntegerField(null=True, editable=False)

    class Meta:
        ordering = ["item__due_on", "pk"]
        verbose_name = _("readiness")
        verbose_name_plural = _("readiness")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "item"], name="readiness_once_for_each_item"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}"

    # --- moves -----------------------------------------------------------------------------------

    def hand_in(self, *, by: User) -> bool:
        """Also once more, with something else: the office looks again."""
        return self._move("hand_in", by=by)

    def leave_to_phone(self, *, by: User | None) -> bool:
        """The person does not agree that it is kept: staff talk to them."""
        return self._move("leave_to_phone", by=by)

    def accept(self, *, by: User, seen: datetime | None = None) -> bool:
        """`seen`: since when it stood so on the page; False when it has changed meanwhile."""
        return self._move("accept", by=by, seen=seen)

    def send_back(self, *, by: User, reason: str, seen: datetime | None = None) -> bool:
        return self._move("send_back", by=by, reason=reason, seen=seen)

    def waive(self, *, by: User, seen: datetime | None = None) -> bool:
        """This person need not do it."""
        return self._move("waive", by=by, seen=seen)

    def reopen(self, *, by: User, seen: datetime | None = None) -> bool:
        return self._move("reopen", by=by, seen=seen)

    def _move(
        self, act: str, *, by: User | None, reason: str = "", seen: datetime | None = None
    ) -> bool:
        """Change the state if the row, as it stands now, allows it; False when it does not."""
        sources, target = READINESS_MOVES[act]
        with transaction.atomic():
            current = Readiness.objects.select_for_update().get(pk=self.pk)
            before = current.state
            is_allowed = before in sources and (seen is None or seen == current.at)
            if is_allowed:
                self._write(state=target, reason=reason, by=by, at=timezone.now())
                if before != target:
                    record_transition(self, "state", before, target, by=by)
        if not is_allowed:
            self.refresh_from_db()
        return is_allowed

    def _write(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=[*values])


_S = Readiness.State
READINESS_MOVES: dict[str, tuple[tuple[str, ...], str]] = {
    "hand_in": ((_S.OPEN, _S.HANDED_IN, _S.BY_PHONE, _S.RETURNED, _S.ACCEPTED), _S.HANDED_IN),
    "leave_to_phone": ((_S.OPEN, _S.HANDED_IN, _S.RETURNED, _S.ACCEPTED), _S.BY_PHONE),
    "accept": ((_S.OPEN, _S.HANDED_IN, _S.BY_PHONE, _S.RETURNED), _S.ACCEPTED),
    "send_back": ((_S.HANDED_IN, _S.BY_PHONE, _S.ACCEPTED), _S.RETURNED),
    "waive": ((_S.OPEN, _S.HANDED_IN, _S.BY_PHONE, _S.RETURNED), _S.NOT_NEEDED),
    "reopen": ((_S.HANDED_IN, _S.BY_PHONE, _S.ACCEPTED, _S.NOT_NEEDED), _S.OPEN),
}


# --- what is kept for the journey alone ----------------------------------------------------------


class TravelDocument(models.Model):
    """A passport, for flights and visa."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="passport")
    number = EncryptedTextField(_("passport number"))
    name = EncryptedTextField(_("name as in the passport"))
    nationality = EncryptedTextField(_("nationality"))
    # A day as 2031-08-31: a cipher has no other columns than text.
    expires_text = EncryptedTextField(_("valid until"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("passport")
        verbose_name_plural = _("passports")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def expires_on(self) -> date:
        return date.fromisoformat(self.expires_text)


class HealthNote(models.Model):
    """What the team must know in an emergency."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="health")
    vaccinations = EncryptedTextField(_("vaccinations"))
    to_know = EncryptedTextField(_("what we should know"), blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("health note")
        verbose_name_plural = _("health notes")

    def __str__(self) -> str:
        return str(self.pk)


class EmergencyContact(models.Model):
    """Whom to call at home."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="emergency")
    name = EncryptedTextField(_("full name"))
    relation = EncryptedTextField(_("relation"))
    telephone = EncryptedTextField(_("telephone"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("emergency contact")
        verbose_name_plural = _("emergency contacts")

    def __str__(self) -> str:
        return str(self.pk)


class InsuranceCertificate(models.Model):
    """The certificate of whoever has an insurance of their own."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    application = models.OneToOneField(Application, models.CASCADE, related_name="insurance")
    file = AttachmentField(_("file"))
    name = models.CharField(_("name of the file"), max_length=150)
    size = models.PositiveIntegerField(_("size in bytes"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("insurance certificate")
        verbose_name_plural = _("insurance certificates")

    def __str__(self) -> str:
        return self.name
