"""The access log for the privacy officer: who looked at whose data, and whether it is whole."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponseBase
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from oda_portal.accounts.models import User
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.models import AccessRecord, AccessSubject, Seal
from oda_portal.publishing.admin_base import ReadOnlyAdmin

from .monthly import report_file, report_page
from .parts import part_in_words
from .touched import touched_page

MOST_SUBJECTS = 500


class WhoFilter(admin.SimpleListFilter):
    title = _("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        staff = User.objects.filter(is_staff=True).order_by("email")
        return [(str(pk), email) for pk, email in staff.values_list("pk", "email")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = dict(self.lookup_choices)
        return queryset.filter(user_id=self.value()) if self.value() in known else queryset


class WhoseFilter(admin.SimpleListFilter):
    """`accounts.user:12`, or an email address: that account's own record."""

    title = _("whose")
    parameter_name = "whose"
    template = "privacy/admin/whose_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return []

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Any:
        others = changelist.get_query_string(remove=[self.parameter_name, "p"])
        pairs = [part.partition("=") for part in others.removeprefix("?").split("&") if part]
        yield {"value": self.value() or "", "others": [(key, value) for key, _e, value in pairs]}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = (self.value() or "").strip()
        if not wanted:
            return queryset
        label, number = _record(wanted)
        return queryset.about(label, number) if label else queryset.none()


def _record(wanted: str) -> tuple[str, int]:
    """The kind and number that somebody typed; ("", 0) when there is no such record."""
    label, _colon, number = wanted.lower().rpartition(":")
    if label and number.isascii() and number.isdecimal() and len(number) < 19:
        return label, int(number)
    user = User.objects.filter(email__iexact=wanted).first()
    return (User._meta.label_lower, user.pk) if user else ("", 0)


@admin.register(AccessRecord)
class AccessRecordAdmin(RecordedLooks, ReadOnlyAdmin):
    """The list shows no person. A page that says whose data were looked at is a look itself."""

    list_display = ("at", "account", "act", "kind", "persons", "address", "reason")
    list_filter = (WhoseFilter, "act", WhoFilter)
    search_fields = ("account", "reason", "what")
    date_hierarchy = "at"
    fields = ("at", "account", "roles", "address", "act", "kind", "reason", "whose")
    readonly_fields = ("kind", "whose")

    def people_of(self, obj: AccessRecord) -> list[AccessSubject]:
        return list(obj.subjects.all()[:MOST_SUBJECTS])

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        return super(RecordedLooks, self).changelist_view(request, extra_context)

    # --- pages over the whole log ----------------------------------------------------------------

    def get_list_acts(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [
            *super().get_list_acts(request),
            (str(_("Monthly report")), reverse("admin:privacy_accessrecord_report")),
            (str(_("Whose data were touched")), reverse("admin:privacy_accessrecord_touched")),
        ]

    def get_urls(self) -> list[URLPattern]:
        pages = {"report": report_page, "report_file": report_file, "touched": touched_page}
        return [
            *(
                path(
                    f"{name.replace('_', '-')}/",
                    self.admin_site.admin_view(partial(self._of_officers, page)),
                    name=f"privacy_accessrecord_{name}",
                )
                for name, page in pages.items()
            ),
            *super().get_urls(),
        ]

    def _of_officers(self, page: Any, request: HttpRequest) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return page(self, request)

    def get_queryset(self, request: HttpRequest) -> Any:
        # A subquery is carried out for the rows of a page, a join for all of the log.
        subjects = AccessSubject.objects.filter(record=OuterRef("pk")).order_by().values("record")
        counted = Subquery(subjects.annotate(number=Count("pk")).values("number"))
        return super().get_queryset(request).annotate(subject_count=Coalesce(counted, 0))

    @admin.display(description=_("what"), ordering="what")
    def kind(self, record: AccessRecord) -> str:
        label, _space, part = record.what.partition(" ")
        return " · ".join(filter(None, (name_of(label), part_in_words(part))))

    @admin.display(description=_("people concerned"))
    def persons(self, record: AccessRecord) -> int:
        return record.subject_count  # type: ignore[attr-defined]

    @admin.display(description=_("whose"))
    def whose(self, record: AccessRecord) -> SafeString:
        rows = ((link_to(one.label, one.object_id),) for one in self.people_of(record))
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", rows))


def name_of(label: str) -> str:
    """What people call this kind of record; the label itself when it is gone from the code."""
    try:
        return str(capfirst(apps.get_model(label)._meta.verbose_name))
    except (LookupError, ValueError):
        return label


def link_to(label: str, number: int) -> SafeString | str:
    """A record by kind and number, never by name: its own page shows that, and records the look."""
    words = f"{name_of(label)} {number}"
    try:
        url = reverse(f"admin:{label.replace('.', '_')}_change", args=[number])
    except NoReverseMatch:
        return words
    return format_html('<a href="{}">{}</a>', url, words)


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ("number", "at", "count", "newest_at", "sha256")
    fields = ("number", "at", "count", "newest_at", "previous", "sha256")
    date_hierarchy = "at"
