"""Signs of life, and since when something is as it is."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.privacy.fields import EncryptedTextField


class Sign(models.Model):
    """When something last showed that it lives: a process, or a task that came to its end."""

    name = models.CharField(max_length=100, unique=True)
    first_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(default=timezone.now)
    # Something that only the keys open which were there when it was written.
    sealed = EncryptedTextField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return self.name


class Condition(models.Model):
    """How a check came out when the worker last looked, and since when it does."""

    check_name = models.CharField(max_length=100, unique=True)
    state = models.CharField(max_length=10)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["check_name"]
        verbose_name = pgettext_lazy("system state", "condition")
        verbose_name_plural = pgettext_lazy("system state", "conditions")

    def __str__(self) -> str:
        return f"{self.check_name}: {self.state}"
