"""Public lists: filters in the address, chosen ones as tags that can be taken off, real pages."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Self, TypeVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import EmptyPage
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_filters import fields

from oda_portal.missing import MissingError

from .models import TextQuerySet
from .paging import LongPage, LongPaginator
from .texts import text_in

# The search box: letters, and words, each of which is looked for in every text of every row.
MAX_QUERY, MAX_WORDS = 100, 8

Rows = TypeVar("Rows", bound=QuerySet)


def choices_of(rows: TextQuerySet, value: str, text: str = "name") -> list[tuple[str, str]]:
    """Choices of a filter, one a row, in the order in which lists stand."""
    ordered = rows.distinct().order_by_text(text)
    return [(getattr(row, value), text_in(row, text).text) for row in ordered]


@lru_cache(maxsize=2_000, typed=True)
def _option(value: str, label: str) -> SafeString:
    return format_html('<option value="{}">{}</option>', value, label)


def _options(choices: tuple[tuple[str, str], ...]) -> SafeString:
    # Each is escaped already.
    return mark_safe("".join(_option(value, label) for value, label in choices))  # noqa: S308


class PlainSelect(forms.Select):
    """Written without a template for each option: a list has eleven of them, with 200 options."""

    written = staticmethod(_options)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = self.written(tuple((str(option), str(label)) for option, label in self.choices))
        chosen = format_html('<option value="{}"', "" if value is None else value)
        # Both are escaped already.
        options = mark_safe(options.replace(f"{chosen}>", f"{chosen} selected>", 1))  # noqa: S308
        own = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<select{}>{}</select>", own, options)


class SharedSelect(PlainSelect):
    """Its options are the same for all readers of a language, and are written once."""

    written = staticmethod(lru_cache(maxsize=200)(_options))


class SharedChoices(fields.ChoiceIterator):
    """Not copied for each form, as nobody adds to them."""

    def __deepcopy__(self, memo: Any) -> SharedChoices:
        return self


class OfOneForm:
    """A field that a filter makes for the form of one request, which needs no copy of it."""

    def __deepcopy__(self, memo: Any) -> Self:
        return self


class ChoiceField(OfOneForm, fields.ChoiceField):
    iterator = SharedChoices
    # For templates: what is chosen here is never what somebody typed.
    has_choices = True


class LightFilter(django_filters.Filter):
    """Copied for each request, but not what it holds: labels and choices are nobody's to change."""

    def __deepcopy__(self, memo: Any) -> Self:
        own = copy(self)
        own.extra = self.extra.copy()
        own.method = self.method  # a method is looked up in the filters of its request
        own.__dict__.pop("_field", None)
        return own


class Choice(LightFilter, django_filters.ChoiceFilter):
    """One of some values; without a choice it filters nothing and says so."""

    field_class = ChoiceField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        rules = {"empty_label": pgettext_lazy("filter", "All"), "widget": SharedSelect}
        super().__init__(*args, **{**rules, **kwargs})


class PlainBox(forms.TextInput):
    """Written without a template for each of its parts, as lists are asked for often."""

    input_type = "search"

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        own = {"type": self.input_type, "name": name, **self.build_attrs(self.attrs, attrs)}
        return format_html("<input{}>", flatatt({**own, "value": value} if value else own))


class PlainHidden(PlainBox):
    input_type = "hidden"


def _few_words(value: str) -> None:
    if len(value.split()) > MAX_WORDS:
        raise ValidationError(_("Use up to %(n)s words.") % {"n": MAX_WORDS})


class WordsField(OfOneForm, forms.CharField):
    pass


class Words(LightFilter, django_filters.CharFilter):
    """Words to look for, in a search box of limited length."""

    field_class = WordsField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        limits = {"max_length": MAX_QUERY, "validators": [_few_words]}
        rules = {"label": gettext_lazy("Words"), "widget": PlainBox}
        super().__init__(*args, **rules, **limits, **kwargs)


@dataclass(frozen=True)
class Chip:
    """A chosen filter, and the address of the list without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Listing:
    """One page of a filtered list, with everything its template draws."""

    form: forms.Form
    page: LongPage
    chips: list[Chip]
    ignored: list[str]
    words_refused: bool
    clear_url: str
    as_of: date
    # The chosen filters as the end of an address, for pages that lead back to this list.
    query: str
    # Whether everybody may read the list, and so has the same choices.
    is_public: bool
    # Whether the form of a public list is as every reader finds it, with nothing said.
    is_untouched: bool

    @property
    def here(self) -> str:
        """`query` and the page, as the end of this very address."""
        if self.page.number == 1:
            return self.query
        return f"{self.query or '?'}{'&' if self.query else ''}page={self.page.number}"

    @property
    def total(self) -> int:
        """For plurals; `shown` also says where there are more."""
        return self.page.paginator.count

    @property
    def shown(self) -> str:
        return str(self.page.paginator.counted)


def listing(
    request: HttpRequest,
    filters: type[django_filters.FilterSet],
    rows: QuerySet,
    *,
    per_page: int = 12,
) -> Listing:
    """Filter and cut `rows` as the address says.

    Values that a filter does not know are named to the reader and otherwise ignored. Raises
    MissingError for a page that does not exist.
    """
    chosen = request.GET.copy()
    filtered, refused = _understood(filters, chosen, rows)
    # The links of the page are made from what was understood.
    request.GET = chosen  # type: ignore[assignment]
    query = _query(chosen, filtered.form)
    paginator = LongPaginator(filtered.qs, per_page, name=_kept_as(request, query))
    page = _page(paginator, request.GET.get("page", "1"))
    return Listing(
        form=filtered.form,
        page=page,
        chips=_chips(request.path, chosen, filtered.form),
        ignored=[label for name, label in refused.items() if name != "q"],
        words_refused="q" in refused,
        clear_url=request.path,
        as_of=timezone.localdate(),
        query=query,
        is_public=_is_public(request),
        is_untouched=_is_public(request) and not any(map(chosen.get, filtered.form.fields)),
    )


def _is_public(request: HttpRequest) -> bool:
    return getattr(request, "is_public_page", False)


def _kept_as(request: HttpRequest, query: str) -> str:
    """By what the number of rows is kept for a while: words can be invented without end."""
    return f"{request.path}{query}" if _is_public(request) and not request.GET.get("q") else ""


def narrowed(
    asked: QueryDict, filters: type[django_filters.FilterSet], rows: Rows
) -> tuple[Rows, str]:
    """For a page that was reached from a list: the rows that the list showed, and its `query`.

    What the filters do not know is left out without a word.
    """
    chosen = asked.copy()
    filtered, _refused = _understood(filters, chosen, rows)
    return filtered.qs, _query(chosen, filtered.form)


def _understood(
    filters: type[django_filters.FilterSet], chosen: QueryDict, rows: QuerySet
) -> tuple[django_filters.FilterSet, dict[str, str]]:
    """The rows by what their filters know; the rest is taken out of `chosen`, with its labels."""
    filtered = filters(chosen, queryset=rows)
    form = filtered.form
    if form.is_valid():
        return filtered, {}
    refused = {name: str(form.fields[name].label) for name in form.errors if name in chosen}
    for name in refused:
        del chosen[name]
    return filters(chosen, queryset=rows), refused


def _page(paginator: LongPaginator, wanted: str) -> LongPage:
    # isdecimal() also holds for other scripts' figures, which int() reads just as well.
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else 0
    try:
        return paginator.page(number)
    except EmptyPage:
        raise MissingError(_("This list has no such page.")) from None


def _chips(path: str, chosen: QueryDict, form: forms.Form) -> list[Chip]:
    chips = []
    for name, field in form.fields.items():
        if not (value := chosen.get(name, "").strip()):
            continue
        shown = dict(getattr(field, "choices", ())).get(value, value)
        label = _("%(filter)s: %(value)s") % {"filter": field.label, "value": shown}
        chips.append(Chip(label, _url(path, chosen, without=name)))
    return chips


def _query(chosen: QueryDict, form: forms.Form) -> str:
    query = QueryDict(mutable=True)
    for name in form.fields:
        if value := chosen.get(name, "").strip():
            query[name] = value
    return f"?{query.urlencode()}" if query else ""


def _url(path: str, chosen: QueryDict, *, without: str) -> str:
    """The list with all filters but one, from its first page."""
    query = QueryDict(mutable=True)
    for name in chosen:
        if name not in (without, "page") and (value := chosen.get(name)):
            query[name] = value
    return f"{path}?{query.urlencode()}" if query else path
