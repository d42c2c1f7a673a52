"""What cities and organisations agreed."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.files.fields import CheckedDocumentField
from oda_portal.files.stored import StoredFile
from oda_portal.publishing.models import Precision, Publishable, PublishableQuerySet, Source

from .organisations import Organisation
from .places import City


class Agreement(StoredFile, Publishable):
    slug = models.SlugField(pgettext_lazy("web", "address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), max_length=600, blank=True)
    parties = models.ManyToManyField(
        Organisation, verbose_name=_("parties"), related_name="agreements", blank=True
    )
    cities = models.ManyToManyField(
        City, verbose_name=_("cities"), related_name="agreements", blank=True
    )
    signed_on = models.DateField(_("signed on"))
    precision = models.CharField(
        _("accurate to the"), max_length=5, choices=Precision, default=Precision.DAY
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    document = CheckedDocumentField(
        _("document"), blank=True, help_text=_("The text of the agreement, if it may be public.")
    )
    sources = models.ManyToManyField(
        Source, verbose_name=_("sources"), related_name="+", blank=True
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        ordering = ["-signed_on", "pk"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("signed_on")),
                name="agreement_ends_after_it_begins",
                violation_error_message=_(
                    "The end date is before the start date. Check both dates."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Its last day is past; one without an end is not known to be over."""
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def file(self) -> FieldFile:
        return self.document
