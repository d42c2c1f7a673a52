"""The filters of the members’ directory."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oda_portal.languages import CODES
from oda_portal.publishing.listing import Choice, Words, choices_of
from oda_portal.publishing.models import language_column

from ..models import Membership, MembershipQuerySet, Organisation


class DirectoryFilter(django_filters.FilterSet):
    q = Words(method="containing")
    organisation = Choice(field_name="organisation__slug", label=_("Organisation"))

    class Meta:
        model = Membership
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Asked anew on every visit: an entry that was taken back is gone at once.
        listed = Organisation.objects.filter(memberships__in=Membership.objects.listed())
        self.filters["organisation"].extra["choices"] = choices_of(listed, "slug")

    def containing(self, rows: MembershipQuerySet, name: str, value: str) -> MembershipQuerySet:
        columns = [
            "user__name",
            "post",
            *(f"organisation__{language_column('name', code)}" for code in CODES),
        ]
        for word in value.split():
            match = Q()
            for column in columns:
                match |= Q(**{f"{column}__icontains": word})
            rows = rows.filter(match)
        return rows
