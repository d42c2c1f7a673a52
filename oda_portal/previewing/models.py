"""Forms as somebody had filled them in: to be looked at, and to be taken up again."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID, uuid4

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from oda_portal.audit.models import record_transition
from oda_portal.privacy.fields import EncryptedTextField

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# How long a look of one's own lasts, and a link that was given away.
OWN = timedelta(days=1)
GIVEN = timedelta(days=7)


def token_of(uuid: UUID) -> str:
    """192 bits of this preview alone; the key is not in the database, which knows the hash."""
    digest = salted_hmac("oda_portal.previewing.links", uuid.hex, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:24]).decode("ascii")


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class FilledForm(models.Model):
    """What a form of the back office would send; `object_id` is empty for a new record."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    model = models.CharField(max_length=80)
    object_id = models.CharField(max_length=40, blank=True)
    # What follows the question mark in the form's address: the kind of a new programme.
    query = models.TextField(blank=True)
    # The table is no place for what is not published yet.
    sealed = EncryptedTextField()

    class Meta:
        abstract = True

    @property
    def model_class(self) -> type[models.Model]:
        """Raises LookupError when there is no such model any more."""
        return apps.get_model(self.model)

    @property
    def fields(self) -> QueryDict:
        """As the form sent it, in a copy that can be changed."""
        data = QueryDict(mutable=True)
        for name, value in json.loads(self.sealed):
            data.appendlist(name, value)
        return data


class PreviewQuerySet(models.QuerySet):
    def alive(self, at: datetime | None = None) -> Self:
        """Neither over nor ended by hand."""
        return self.filter(ended_at=None, expires_at__gt=at or timezone.now())

    def given_away(self) -> Self:
        return self.exclude(shared_at=None)

    def over(self, before: datetime) -> Self:
        return self.filter(Q(expires_at__lt=before) | Q(ended_at__lt=before))


class Preview(FilledForm):
    """One look at a form that was not saved; its address may be given to others."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=300)
    # Where on its page the record stands, when the page has more on it.
    anchor = models.CharField(max_length=100, blank=True)
    # Chosen files are sent once and kept nowhere.
    lost_files = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PreviewQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("preview")
        verbose_name_plural = _("previews")

    def __str__(self) -> str:
        return self.title

    @property
    def token(self) -> str:
        return token_of(self.uuid)

    @property
    def is_alive(self) -> bool:
        return self.ended_at is None and self.expires_at > timezone.now()

    @transaction.atomic
    def share(self, *, by: User) -> bool:
        """Let whoever has the address look, for some days; False when it was so before."""
        now = timezone.now()
        rows = Preview.objects.alive(now).filter(pk=self.pk, shared_at=None)
        if not rows.update(shared_at=now, expires_at=now + GIVEN):
            return False
        self.refresh_from_db()
        record_transition(self, "link", "", "given", by=by)
        return True

    @transaction.atomic
    def end(self, *, by: User) -> bool:
        """The address leads nowhere from now on; False when it did not before."""
        rows = Preview.objects.alive().filter(pk=self.pk)
        if not rows.update(ended_at=timezone.now()):
            return False
        self.refresh_from_db()
        record_transition(self, "link", "given" if self.shared_at else "", "ended", by=by)
        return True


class KeptText(FilledForm):
    """What somebody had written when they last stopped, and did not save."""

    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        constraints = [
            models.UniqueConstraint(
                fields=["by", "model", "object_id"], name="one_kept_text_of_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
