"""What staff confirm, as a form: the rows of a programme with what is suggested for them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.text import capfirst

from partners.models import Organisation
from programs.models import Confirmation, CountryShare, Program, Role, Sector, SectorShare
from programs.models.program import Arrangement
from programs.reporting.codes import FUNDING
from programs.reporting.parties import parties_of
from programs.reporting.recipients import largest_remainders, suggested_shares
from programs.reporting.requirements import the_publisher

from .inlines import SharesFormSet

Aspect = Confirmation.Aspect


class _Row(forms.ModelForm):
    """The head of the column is no label for its cells."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = capfirst(field.label)


class _Columns(BaseInlineFormSet):
    """Links to other rows are read once for all rows of the form."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if isinstance(field, forms.ModelChoiceField) and name in CHOICES:
                if not hasattr(self, "known"):
                    rows = CHOICES[name].objects.all()
                    self.known = [("", "–"), *((row.pk, str(row)) for row in rows)]
                field.widget.choices = self.known


class _Shares(SharesFormSet, _Columns):
    pass


CHOICES: dict[str, Any] = {
    "sector": Sector,
    "country": CountryShare._meta.get_field("country").related_model,
    "organisation": Organisation,
}
# New rows that the page has room for; more are added on the programme's own page.
EXTRA: dict[str, int] = {Aspect.SECTORS: 2, Aspect.SHARES: 1, Aspect.ROLES: 2}
MOST_ROWS = 300


def _formset(model: Any, formset: Any, fields: tuple[str, ...], aspect: str) -> Any:
    return inlineformset_factory(
        Program,
        model,
        form=_Row,
        formset=formset,
        fields=fields,
        extra=EXTRA[aspect],
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
    )


FORMSETS: dict[str, Any] = {
    Aspect.SECTORS: _formset(SectorShare, _Shares, ("sector", "percentage"), Aspect.SECTORS),
    Aspect.SHARES: _formset(CountryShare, _Shares, ("country", "percentage"), Aspect.SHARES),
    Aspect.ROLES: _formset(Role, _Columns, ("organisation", "kind"), Aspect.ROLES),
}


def rows_form(program: Program, aspect: str, data: Any = None) -> BaseInlineFormSet:
    """The rows as they stand; on a page that is opened, with suggestions for what is missing.

    A suggestion is nothing until it is sent: then it is what staff say.
    """
    initial = _missing_roles(program) if aspect == Aspect.ROLES and data is None else None
    formset = FORMSETS[aspect](data, instance=program, prefix="rows", initial=initial)
    if data is None and aspect != Aspect.ROLES:
        parts = _suggested(program, aspect)
        for form in formset.initial_forms:
            form.initial["percentage"] = parts.get(form.instance.pk)
    return formset


def has_suggestions(program: Program, aspect: str) -> bool:
    """Whether the page that is opened says something that is not stored."""
    if aspect == Aspect.ROLES:
        return bool(_missing_roles(program))
    rows = _rows(program, aspect)
    return len(rows) > 1 and any(row.percentage is None for row in rows)


def _rows(program: Program, aspect: str) -> list[Any]:
    rows = program.sector_shares if aspect == Aspect.SECTORS else program.country_shares
    return list(rows.all())


def _suggested(program: Program, aspect: str) -> dict[int, Decimal | None]:
    """By row what stands there; where a share is missing, all of them anew."""
    rows = _rows(program, aspect)
    if not has_suggestions(program, aspect):
        return {row.pk: row.percentage for row in rows}
    if aspect == Aspect.SECTORS:
        parts = largest_remainders([1] * len(rows))
        return {row.pk: part for row, part in zip(rows, parts, strict=True)}
    shares = suggested_shares(program, rows)
    return {row.pk: shares[row.country_id] for row in rows}


def _missing_roles(program: Program) -> list[dict[str, Any]]:
    """What the city pays for by itself it funds: then the publisher does."""
    publisher = the_publisher()
    is_known = any(party.role == FUNDING for party in parties_of(program))
    if is_known or publisher is None or program.arrangement != Arrangement.OWN:
        return []
    return [{"organisation": publisher.organisation_id, "kind": Role.Kind.FUNDS}]
