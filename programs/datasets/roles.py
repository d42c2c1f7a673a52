"""Who does what: one row for each role of an organisation in a programme."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.opendata.columns import Type, choice, linked, page_address, stored
from oda_portal.opendata.registry import Dataset, register
from partners.models import Organisation

from .. import matrix
from ..models import Program, Role
from ..models.program import Kind


def _program(role: Any) -> Program:
    return role.program


ROLES = (
    stored("id", _("ID of the role"), Type.INTEGER),
    *linked("program", _("Programme"), _program, code="code", label="title"),
    *choice("kind", _("Kind of the programme"), Kind, of=_program),
    stored("starts_on", _("First day of the programme"), Type.DATE, of=_program, nullable=True),
    *linked("organisation", _("Organisation"), lambda row: row.organisation, code="slug"),
    *choice(
        "organisation_kind",
        _("Kind of the organisation by IATI’s list"),
        Organisation.Kind,
        field="kind",
        of=lambda row: row.organisation,
    ),
    *choice("role", pgettext_lazy("organisation", "Role"), Role.Kind, field="kind"),
    page_address(_program),
)


def roles() -> QuerySet[Role]:
    """Every role that the matrix shows: of programmes and organisations that are public."""
    rows = Role.objects.filter(
        program__in=Program.objects.published().ours(),
        organisation__in=Organisation.objects.published(),
    )
    return rows.select_related("program", "organisation").order_by(
        F("program__starts_on").desc(nulls_last=True), "-program", "kind", "pk"
    )


class RoleFilter(matrix.MatrixFilter):
    """All roles in the programmes that the matrix shows with these filters."""

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        programs = super().filter_queryset(matrix.rows())
        return queryset.filter(program__in=programs.order_by().values("pk"))


def register_all() -> None:
    register(
        Dataset(
            name="roles",
            title=_("Who does what"),
            about=_("Which organisation has which role in which programme of the city."),
            columns=ROLES,
            rows=roles,
            key="id",
            filters=RoleFilter,
            page="network_public:role_matrix",
            keywords=(_("Organisations"), _("Working-level network")),
            changed="program__changed_at",
        )
    )
