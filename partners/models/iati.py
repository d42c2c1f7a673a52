"""What partners report to IATI themselves: files that staff took in, and activities out of them.

Neither has a history: an activity keeps the text that it was read from, and a file tells what it
changed. Programmes of the office are never touched by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from oda_portal.opendata.iati import codes
from oda_portal.publishing.models import Publishable, PublishableQuerySet, is_published
from oda_portal.publishing.texts import Text, text_in

from .organisations import Organisation
from .places import Country

if TYPE_CHECKING:
    from datetime import datetime

    from oda_portal.accounts.models import User

# Vocabularies of sectors: the DAC's purpose codes, of five digits, and categories, of three.
DAC = ("1", "2")


class IatiFileQuerySet(models.QuerySet["IatiFile"]):
    def light(self) -> Self:
        """Without the file itself, which may have millions of bytes."""
        return self.defer("content")

    def to_work_on(self) -> Self:
        return self.filter(state__in=IatiFile.WORKED_ON)


class IatiFile(models.Model):
    """A file that somebody of the staff sent, from reading to taking over."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("IATI file", "Being read")
        READ = "read", pgettext_lazy("IATI file", "Read, nothing taken over yet")
        REFUSED = "refused", pgettext_lazy("IATI file", "Refused")
        CONFIRMED = "confirmed", pgettext_lazy("IATI file", "Being taken over")
        TAKEN = "taken", pgettext_lazy("IATI file", "Taken over")
        DISCARDED = "discarded", pgettext_lazy("IATI file", "Discarded")

    # The worker has something to do with these, and staff with READ.
    WORKED_ON = (State.WAITING, State.CONFIRMED)
    OPEN = (*WORKED_ON, State.READ)

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("published by"), related_name="iati_files"
    )
    licence = models.CharField(
        _("licence"),
        max_length=100,
        help_text=_("As the publisher or the IATI Registry names it: CC BY 4.0, for example."),
    )
    url = models.URLField(
        _("where it was found"), max_length=500, blank=True,
        help_text=_("The address that the file was downloaded from."),
    )  # fmt: skip
    # Compressed; given up once it is taken over, discarded or refused.
    content = models.BinaryField(null=True, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), default=0, editable=False)
    sha256 = models.CharField(_("fingerprint"), max_length=64, editable=False)
    iati_version = models.CharField(_("version of IATI"), max_length=4, blank=True, editable=False)
    state = models.CharField(
        pgettext_lazy("IATI file", "state"), max_length=10, choices=State, default=State.WAITING,
        editable=False,
    )  # fmt: skip
    # One sentence, in the language of who sent it.
    refusal = models.TextField(_("why it was refused"), blank=True, editable=False)
    # What is to be known of the file as a whole, and which activities are in it no more.
    remarks = models.JSONField(default=list, editable=False)
    missing = models.JSONField(default=list, editable=False)
    done = models.PositiveIntegerField(_("activities read"), default=0, editable=False)
    worked_at = models.DateTimeField(_("last run at"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("sent by"),
    )  # fmt: skip
    at = models.DateTimeField(pgettext_lazy("file", "sent at"), auto_now_add=True)

    objects = IatiFileQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("partner’s IATI file")
        verbose_name_plural = _("partners’ IATI files")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sha256"],
                condition=Q(state__in=["waiting", "read", "confirmed"]),
                name="iati_file_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} #{self.pk}"

    @property
    def is_worked_on(self) -> bool:
        return self.state in self.WORKED_ON

    @property
    def is_taken(self) -> bool:
        return self.state == self.State.TAKEN

    # --- states: each False when the file was somewhere else before ------------------------------

    def was_read(self, **values: Any) -> bool:
        return self._move((self.State.WAITING,), self.State.READ, by=None, **values)

    def confirm(self, *, by: User) -> bool:
        now = timezone.now()
        return self._move((self.State.READ,), self.State.CONFIRMED, by=by, worked_at=now)

    def was_taken(self, **values: Any) -> bool:
        to = self.State.TAKEN
        return self._move((self.State.CONFIRMED,), to, by=None, content=None, **values)

    def refuse(self, reason: str) -> bool:
        """By the worker: it cannot be read, or is not a partner's."""
        to, values = self.State.REFUSED, {"content": None, "refusal": reason}
        return self._move(self.WORKED_ON, to, by=None, **values)

    def discard(self, *, by: User) -> bool:
        here = (self.State.WAITING, self.State.READ)
        return self._move(here, self.State.DISCARDED, by=by, content=None)

    def _move(
        self, sources: tuple[State, ...], to: State, *, by: User | None, **values: Any
    ) -> bool:
        with transaction.atomic():
            current = IatiFile.objects.light().select_for_update().get(pk=self.pk)
            if current.state not in sources:
                return False
            IatiFile.objects.filter(pk=self.pk).update(state=to, **values)
            record_transition(self, "state", current.state, to, by=by)
        self.refresh_from_db(fields=["state", "refusal", "remarks", "missing", "done"])
        return True


class IatiFileEntry(models.Model):
    """An activity of a file: what taking it over would do, or did."""

    class Verdict(models.TextChoices):
        NEW = "new", pgettext_lazy("activity", "New")
        CHANGED = "changed", pgettext_lazy("activity", "Changed")
        SAME = "same", pgettext_lazy("activity", "The same")
        OLDER = "older", pgettext_lazy("activity", "Older than ours")
        REFUSED = "refused", pgettext_lazy("activity", "Cannot be taken over")

    file = models.ForeignKey(IatiFile, models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    identifier = models.CharField(_("IATI identifier"), max_length=200)
    title = models.CharField(_("title"), max_length=300, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict)
    # Why it cannot be taken over; what the checker finds are the problems.
    reason = models.CharField(max_length=400, blank=True)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ["position"]
        verbose_name = _("activity of an IATI file")
        verbose_name_plural = _("activities of an IATI file")
        constraints = [
            models.UniqueConstraint(fields=["file", "position"], name="iati_entry_once"),
        ]

    def __str__(self) -> str:
        return self.identifier


class PartnerActivityQuerySet(PublishableQuerySet):
    def published(self, at: datetime | None = None) -> Self:
        """Public themselves, by an organisation that is."""
        return super().published(at).filter(is_published(at, through="organisation__"))

    def under_way_in(self, year: int) -> Self:
        begun = Q(starts_on__year__lte=year)
        return self.filter(begun, Q(ends_on=None) | Q(ends_on__year__gte=year))


class PartnerActivity(Publishable):
    """What a partner publishes about an activity of its own. Never counted as the city's."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("published by"), related_name="iati_activities"
    )
    # The last file that changed it.
    file = models.ForeignKey(IatiFile, models.PROTECT, verbose_name=_("file"), related_name="+")
    licence = models.CharField(_("licence"), max_length=100)
    identifier = models.CharField(_("IATI identifier"), max_length=200, unique=True)
    title = models.TextField(_("title"), blank=True)
    description = models.TextField(_("description"), blank=True)
    # In a language that this site does not have, where there is nothing else.
    other_language = models.CharField(_("other language"), max_length=20, blank=True)
    title_other = models.TextField(_("title in another language"), blank=True)
    description_other = models.TextField(_("description in another language"), blank=True)
    activity_status = models.CharField(_("status (IATI)"), max_length=1, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    countries = models.ManyToManyField(
        Country, verbose_name=_("countries or areas"), related_name="iati_activities", blank=True
    )
    transactions = models.PositiveIntegerField(_("transactions"), default=0)
    budgets = models.PositiveIntegerField(_("budgets"), default=0)
    results = models.PositiveIntegerField(_("results"), default=0)
    last_updated = models.DateTimeField(_("last updated by the publisher"), null=True, blank=True)
    iati_version = models.CharField(_("version of IATI"), max_length=4)
    raw_xml = models.TextField(_("as it stands in the file"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    imported_at = models.DateTimeField(_("taken over at"), default=timezone.now)

    objects = PartnerActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        verbose_name = _("partner’s activity")
        verbose_name_plural = _("partners’ activities")

    def __str__(self) -> str:
        return self.shown_title.text

    def get_absolute_url(self) -> str:
        return reverse("partners:activity_detail", args=[self.pk])

    def is_public(self, at: datetime | None = None) -> bool:
        return super().is_public(at) and self.organisation.is_public(at)

    @property
    def shown_title(self) -> Text:
        """For a reader of the active language; the identifier where there is no title at all."""
        found = text_in(self, "title")
        if found.text:
            return found
        return Text(self.title_other or self.identifier, self.other_language)

    @property
    def shown_description(self) -> Text:
        found = text_in(self, "description")
        return found if found.text else Text(self.description_other, self.other_language)

    @property
    def dac_sectors(self) -> list[PartnerActivitySector]:
        return [each for each in self.sectors.all() if each.vocabulary in DAC]

    @property
    def status_name(self) -> str:
        return codes.label("ActivityStatus", self.activity_status) if self.activity_status else ""


class PartnerActivitySector(models.Model):
    """A sector that a partner's activity names, in whatever vocabulary."""

    activity = models.ForeignKey(PartnerActivity, models.CASCADE, related_name="sectors")
    vocabulary = models.CharField(max_length=10)
    code = models.CharField(max_length=50, db_index=True)
    percentage = models.DecimalField(max_digits=7, decimal_places=4, null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("sector of a partner’s activity")
        verbose_name_plural = _("sectors of partners’ activities")

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """In the active language, where it is a DAC code; otherwise the code."""
        return dac_label(self.code) if self.vocabulary in DAC else self.code


def dac_label(code: str) -> str:
    """What a purpose code or a category is called; their lengths tell them apart."""
    return codes.label("SectorCategory" if len(code) == 3 else "Sector", code)
