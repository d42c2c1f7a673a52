"""The parts of a programme that are edited on its own page, in the order of their telling."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext as _

from oda_portal.library.forms import FromLibraryForm, HeldField
from oda_portal.library.models import Document
from oda_portal.publishing.admin import LinkInline, TranslatedInline
from programs import models


class SharesFormSet(BaseInlineFormSet):
    """Percentages are given for all or for none, and make a hundred."""

    def clean(self) -> None:
        super().clean()
        rows = [getattr(form, "cleaned_data", None) or {} for form in self.forms]
        given = [row.get("percentage") for row in rows if row and not row.get("DELETE")]
        known = [share for share in given if share is not None]
        if known and (len(known) < len(given) or sum(known) != Decimal(100)):
            raise ValidationError(
                _("The shares must add up to 100%%. They now make %(sum)s%%."),
                code="percent_sum",
                params={"sum": f"{sum(known).normalize():f}"},
            )


class CountryShareInline(LinkInline):
    model = models.CountryShare
    formset = SharesFormSet
    autocomplete_fields = ("country",)


class RoleInline(LinkInline):
    model = models.Role
    autocomplete_fields = ("organisation",)
    fields = ("kind", "organisation")


class RunInline(TranslatedInline):
    model = models.Run
    fields = (("number", "mode"), ("starts_on", "ends_on", "precision"), "note")
    show_change_link = True  # its timetable and its participants have a page of their own


class SectorShareInline(LinkInline):
    model = models.SectorShare
    classes = ("collapse",)
    formset = SharesFormSet
    autocomplete_fields = ("sector",)


class SdgTargetInline(LinkInline):
    model = models.SdgTarget
    classes = ("collapse",)


class BudgetLineInline(TranslatedInline):
    model = models.BudgetLine
    classes = ("collapse",)
    fields = (("basis", "amount", "currency"), "covers", ("announced_on", "precision"))


class MilestoneInline(TranslatedInline):
    model = models.Milestone
    autocomplete_fields = ("organisations", "sources")
    fields = (("on", "ends_on", "precision"), "label", "title", "text", "organisations", "sources")


class WorkInline(TranslatedInline):
    model = models.Work
    fields = ("name", "done", ("year", "before_year", "position"))


class DocumentForm(FromLibraryForm):
    held = {"library": "file"}
    library = HeldField(Document)


class DocumentInline(TranslatedInline):
    model = models.Document
    form = DocumentForm
    classes = ("collapse",)
    fields = ("file", "library", "title", "language")


class IndicatorInline(TranslatedInline):
    model = models.Indicator
    classes = ("collapse",)
    fields = ("name", "unit", ("level", "measure"), ("baseline", "target", "position"))
    show_change_link = True  # its measurements have a page of their own


class MonitoringVisitInline(TranslatedInline):
    model = models.MonitoringVisit
    fields = (("planned_on", "visited_on", "in_use"), "findings", "next_step")
