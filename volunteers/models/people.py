"""A person who volunteers, or began to apply."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.privacy.fields import EncryptedTextField
from oda_portal.privacy.masking import masked_email


class Volunteer(models.Model):
    """Written when an application is sent, from what it says; personal data, without history."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="volunteer",
        verbose_name=_("account"),
    )
    email = models.EmailField(_("email"), db_index=True)
    name = models.CharField(_("full name"), max_length=80, blank=True)
    name_roman = models.CharField(_("name in Roman letters"), max_length=80, blank=True)
    name_hangul = models.CharField(_("name in Hangul"), max_length=40, blank=True)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    mobile = EncryptedTextField(_("mobile number"), blank=True)
    residence = models.CharField(_("where they live"), max_length=120, blank=True)
    affiliation = models.CharField(
        pgettext_lazy("person", "organisation"), max_length=120, blank=True
    )
    # Who applied twice under two addresses is one person; the other row points here.
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name=_("is the same person as")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            # One row for each address that has no account yet, however often its link is opened.
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(user=None, merged_into=None),
                name="volunteer_once_without_account",
            ),
        ]
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")

    def __str__(self) -> str:
        return self.name or masked_email(self.email)
