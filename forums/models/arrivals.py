"""Who came in at the door, and when: parts of a party may come one after the other."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .registrations import Registration


class Arrival(models.Model):
    """One act at the door. Rows are only added; what was undone says so.

    `key` is made where the act is made, before it is sent: the same act sent twice, because the
    answer to the first was lost, is one row.
    """

    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="arrivals", verbose_name=_("registration")
    )
    key = models.UUIDField(unique=True, editable=False)
    people = models.PositiveSmallIntegerField(_("people"))
    # When they stood at the door; without a connection, the note of it came later.
    at = models.DateTimeField(_("checked in at"))
    noted_at = models.DateTimeField(_("noted at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("by"), editable=False,
    )  # fmt: skip
    undone_at = models.DateTimeField(_("undone at"), null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")
        constraints = [
            models.CheckConstraint(condition=Q(people__gte=1), name="arrival_of_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
