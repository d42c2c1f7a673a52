"""Certificates: found by number or name, revoked and reissued."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from oda_portal.certificates import numbers, permissions, registry
from oda_portal.certificates.models import Certificate
from oda_portal.publishing.admin import ObjectAct

from . import ending
from .pages import ActedOnAdmin

STAGES = {
    Certificate.State.VALID: "published",
    Certificate.State.REVOKED: "withdrawn",
    Certificate.State.REISSUED: "draft",
}


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return list(Certificate.State.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Certificate]:
        is_known = self.value() in Certificate.State.values
        return queryset.in_state(self.value()) if is_known else queryset


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return list(registry.choices())

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Certificate]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Certificate)
class CertificateAdmin(ActedOnAdmin):
    list_display = ("code", "name", "kind_label", "activity", "state_badge", "issued_at")
    list_display_links = ("code", "name")
    list_filter = (StateFilter, KindFilter)
    list_select_related = ("user",)
    search_fields = ("code", "name_hangul", "name_hanzi", "name_latin", "name_cyrillic")
    date_hierarchy = "issued_at"
    ordering = ("-issued_at", "-pk")
    export_columns = ("code", "name", "kind_label", "activity", "state_label", "issued_at")
    readonly_fields = ("kind_label", "activity", "period", "state_badge", "file", "successor")
    fieldsets = (
        (
            gettext_lazy("Certificate"),
            {
                "fields": (
                    "code", "state_badge", "kind_label", "activity", "period",
                    ("issued_at", "issued_by"), "language", "file",
                )
            },
        ),
        (
            pgettext_lazy("of a certificate", "Holder"),
            {"fields": (("name_hangul", "name_hanzi"), ("name_latin", "name_cyrillic"), "user")},
        ),
        (
            gettext_lazy("No longer valid"),
            {"fields": (("revoked_at", "revoked_by"), "reason", "successor", "forgotten_at")},
        ),
    )  # fmt: skip

    # --- who and what is shown -------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Certificate]:
        return super().get_queryset(request).filter(permissions.of_their_work(request.user))

    def people_of(self, obj: Certificate) -> list[Any]:
        return [obj, obj.user]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        number = numbers.read(search_term)
        return super().get_search_results(request, queryset, number or search_term)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return permissions.can_end_certificate(request.user)

    def view_on_site(self, obj: Certificate) -> str:
        return obj.get_absolute_url()

    @admin.display(description=pgettext_lazy("person", "name"))
    def name(self, certificate: Certificate) -> str:
        return certificate.holder_name or "–"

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_label(self, certificate: Certificate) -> str:
        return certificate.title

    @admin.display(description=pgettext_lazy("of a certificate", "activity"))
    def activity(self, certificate: Certificate) -> str:
        return certificate.sheet.get("subject", "")

    @admin.display(description=pgettext_lazy("of a certificate", "period"))
    def period(self, certificate: Certificate) -> str:
        return certificate.sheet.get("period", "")

    @admin.display(description=gettext_lazy("state"))
    def state_label(self, certificate: Certificate) -> str:
        return str(certificate.state.label)

    @admin.display(description=gettext_lazy("state"))
    def state_badge(self, certificate: Certificate) -> SafeString:
        stage, label = STAGES[certificate.state], certificate.state.label
        return format_html('<span class="badge stage-{}">{}</span>', stage, label)

    @admin.display(description=gettext_lazy("file"))
    def file(self, certificate: Certificate) -> SafeString | str:
        if certificate.state != Certificate.State.VALID or certificate.forgotten_at:
            return "–"
        address = reverse("certificates:certificate_pdf", args=[certificate.code])
        return format_html('<a href="{}">{}</a>', address, _("Download (PDF)"))

    @admin.display(description=gettext_lazy("reissued as"))
    def successor(self, certificate: Certificate) -> SafeString | str:
        if certificate.replaced_by is None:
            return "–"
        address = self.address("change", certificate.replaced_by)
        return format_html('<a href="{}">{}</a>', address, certificate.replaced_by)

    # --- acts ------------------------------------------------------------------------------------

    def get_acts(self, request: HttpRequest, obj: Certificate) -> list[ObjectAct]:
        if not permissions.can_end_certificate(request.user):
            return []
        acts = []
        if obj.state == Certificate.State.VALID:
            acts.append(ObjectAct(pgettext("certificate", "Revoke"), self.address("revoke", obj)))
        if ending.may_reissue(obj):
            acts.append(ObjectAct(pgettext("certificate", "Reissue"), self.address("reissue", obj)))
        return acts

    def get_urls(self) -> list[URLPattern]:
        guarded, name = self.admin_site.admin_view, "certificates_certificate"
        revoke = guarded(partial(ending.revoke_page, self))
        reissue = guarded(partial(ending.reissue_page, self))
        return [
            path("<path:object_id>/revoke/", revoke, name=f"{name}_revoke"),
            path("<path:object_id>/reissue/", reissue, name=f"{name}_reissue"),
            *super().get_urls(),
        ]
