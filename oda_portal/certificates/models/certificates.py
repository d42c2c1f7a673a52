"""One certificate: a number, what it said when it was issued, and whether it still holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from oda_portal.audit.models import record_transition

from .. import names, registry
from ..registry import Script

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User

LONGEST_NAME = 100


class CertificateQuerySet(models.QuerySet):
    def valid(self) -> Self:
        return self.filter(revoked_at=None)

    def about(self, kind: str, subject: models.Model) -> Self:
        """All that were ever issued about this subject, the last one first."""
        content_type = ContentType.objects.get_for_model(subject)
        rows = self.filter(kind=kind, content_type=content_type, object_id=subject.pk)
        return rows.order_by("-pk")

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A person’s own; to staff they are shown in the back office alone."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def in_state(self, state: str) -> Self:
        conditions = {
            Certificate.State.VALID: Q(revoked_at=None),
            Certificate.State.REVOKED: Q(revoked_at__isnull=False, replaced_by=None),
            Certificate.State.REISSUED: Q(replaced_by__isnull=False),
        }
        return self.filter(conditions[Certificate.State(state)])


class Certificate(models.Model):
    class State(models.TextChoices):
        VALID = "valid", pgettext_lazy("certificate", "Valid")
        REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")
        REISSUED = "reissued", pgettext_lazy("certificate", "Reissued")

    code = models.CharField(_("certificate number"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    # The record that it is about; empty once its words are destroyed.
    content_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, editable=False, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(null=True, editable=False)
    subject = GenericForeignKey()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="certificates",
        verbose_name=_("holder’s account"),
    )
    language = models.CharField(
        _("language besides Korean"), max_length=10, choices=settings.LANGUAGES
    )
    name_hangul = models.CharField(_("name in Hangul"), max_length=LONGEST_NAME, blank=True)
    name_hanzi = models.CharField(
        _("name in Chinese characters"), max_length=LONGEST_NAME, blank=True
    )
    name_latin = models.CharField(_("name in Roman letters"), max_length=LONGEST_NAME, blank=True)
    name_cyrillic = models.CharField(
        _("name in Cyrillic letters"), max_length=LONGEST_NAME, blank=True
    )
    # By language code, as `sheets.sheets_of` puts it together.
    sheets = models.JSONField(_("what it says"), default=dict, editable=False)
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("issued by"),
    )
    # When it stopped being valid, revoked or reissued.
    revoked_at = models.DateTimeField(_("no longer valid since"), null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("ended by"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    replaced_by = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="replaces",
        verbose_name=_("reissued as"),
    )
    forgotten_at = models.DateTimeField(_("personal data destroyed at"), null=True, editable=False)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "content_type", "object_id"],
                condition=Q(revoked_at=None),
                name="certificate_one_valid_for_each_subject",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(revoked_at__isnull=False),
                name="certificate_reissued_is_no_longer_valid",
            ),
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="certificate_subject")]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """The public page that says whether it is valid."""
        return reverse("certificates:certificate_detail", args=[self.code])

    # --- what it says ----------------------------------------------------------------------------

    @property
    def state(self) -> Certificate.State:
        if self.replaced_by_id is not None:
            return self.State.REISSUED
        return self.State.REVOKED if self.revoked_at else self.State.VALID

    @property
    def names(self) -> dict[str, str]:
        """The holder’s, by script, those that there are."""
        found = {script.value: getattr(self, f"name_{script}") for script in Script}
        return {script: name for script, name in found.items() if name}

    @property
    def holder_name(self) -> str:
        """As readers of the active language know the holder; empty once it is destroyed."""
        return names.known_as(self.names, _language())[0]

    @property
    def masked_name(self) -> str:
        return names.masked(*names.known_as(self.names, _language()))

    @property
    def sheet(self) -> dict[str, Any]:
        """What it says in the active language; empty once it is destroyed."""
        return self.sheets.get(_language(), {})

    @property
    def title(self) -> str:
        return self.sheet.get("title") or registry.label_of(self.kind)

    # --- moves -----------------------------------------------------------------------------------

    def record_issue(self, *, by: User | None) -> None:
        """Write the trail of a certificate that has just been made."""
        record_transition(self, "state", "", self.State.VALID, by=by)

    def revoke(self, *, by: User, reason: str) -> bool:
        """From now on it is not valid; False when it was not any more."""
        with transaction.atomic():
            rows = type(self).objects.valid().filter(pk=self.pk)
            moved = rows.update(revoked_at=timezone.now(), revoked_by=by, reason=reason)
            if moved:
                states = (self.State.VALID, self.State.REVOKED)
                record_transition(self, "state", *states, by=by, reason=reason)
        self.refresh_from_db()
        return bool(moved)

    def replace(
        self, make: Callable[[], Certificate], *, by: User, reason: str
    ) -> Certificate | None:
        """Let another take its place; None when that has happened already.

        `make` writes the other one, at a moment when this one is no longer valid: of one subject
        there are never two that are.
        """
        with transaction.atomic():
            current = type(self).objects.select_for_update().get(pk=self.pk)
            before = current.state
            if before == self.State.REISSUED:
                return None
            values = {"revoked_at": current.revoked_at or timezone.now(), "revoked_by": by}
            rows = type(self).objects.filter(pk=self.pk)
            rows.update(**values, reason=reason)
            successor = make()
            rows.update(replaced_by=successor)
            record_transition(self, "state", before, self.State.REISSUED, by=by, reason=reason)
        self.refresh_from_db()
        return successor

    def forget(self) -> None:
        """Leave the number, the kind, the days and the state, and nothing of anybody’s."""
        self.content_type = self.object_id = self.user = None
        self.sheets, self.reason = {}, ""
        for script in Script:
            setattr(self, f"name_{script}", "")
        self.forgotten_at = timezone.now()
        self.save()


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
