"""The page of the translations: how many texts are in step, and which are not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oda_portal.languages import HTML_LANG
from oda_portal.privacy.exports import csv_response
from oda_portal.publishing.histories import LANGUAGE_NAMES
from oda_portal.publishing.read_only import NobodyWrites

from . import counting
from .counting import MISSING, OUTDATED, Cell, Line, Shown
from .matrix import STATES, Asked, form_of, is_personal, label_of
from .models import TranslationState

PER_PAGE = 50
AT_ONCE = 500  # texts fetched together for a file
LONGEST_KEY = 19  # digits; more are no row's number, and not every database takes them


@dataclass(frozen=True)
class ShownCell:
    """One number of the table: of texts in a language, with where the texts stand."""

    cell: Cell
    name: str
    html_lang: str
    outdated_url: str
    missing_url: str

    @property
    def late_width(self) -> float:
        return round(self.cell.outdated * 100 / self.cell.total, 1) if self.cell.total else 0

    @property
    def current_width(self) -> float:
        return round(self.cell.current * 100 / self.cell.total, 1) if self.cell.total else 0


@dataclass(frozen=True)
class Text:
    """One text of the list, with the page where it is written."""

    shown: Shown
    kind: str
    record: str
    label: str
    html_lang: str
    language: str
    source_lang: str
    state: str
    url: str


@admin.register(TranslationState)
class TranslationStateAdmin(NobodyWrites):
    """Nobody writes these rows by hand: texts that are saved do."""

    # --- one text: the form that it stands in --------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return self._to_form(request, object_id, "change")

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return self._to_form(request, object_id, "history")

    def _to_form(self, request: HttpRequest, object_id: str, page: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < LONGEST_KEY):
            raise Http404
        state = TranslationState.objects.filter(pk=object_id).first()
        row = state.subject if state else None
        asked = Asked(request)
        about = next((each for each in asked.visible if each.model is type(row)), None)
        if about is None or not asked.shows(about, row):
            raise Http404
        options = about.page._meta
        name = f"admin:{options.app_label}_{options.model_name}_{page}"
        return redirect(reverse(name, args=[about.page_key(row)]))

    # --- all of them ---------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = Asked(request)
        spots = _spots(asked)
        if request.GET.get("format") == "csv":
            return _file(asked, spots)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Translations"),
            "form": asked.form,
            "asked": asked,
            "is_filtered": bool(asked.said),
            "nothing": asked.address(**dict.fromkeys(asked.said, "")),
            "csv_url": _with_format(asked),
        }
        context |= _list(request, asked, spots) if spots else _table(asked)
        return TemplateResponse(request, "admin/translating/matrix.html", context)


def _with_format(asked: Asked) -> str:
    address = asked.address()
    return f"{address}{'&' if '?' in address else '?'}format=csv"


# --- the table -----------------------------------------------------------------------------------


def _table(asked: Asked) -> dict[str, Any]:
    # A kind of which nothing is written yet has nothing to be translated.
    lines = [
        line for line in counting.lines(asked.kinds()) if any(c.total for c in line.cells.values())
    ]
    return {
        "lines": [(label_of(line.about), _cells(asked, line, line.about.label)) for line in lines],
        "total": _cells(asked, _sum_of(lines), asked.said.get("kind", "")) if lines else [],
        "languages": [(HTML_LANG[code], LANGUAGE_NAMES[code]) for code in asked.languages],
        # What is missing of everything at once is no list that anybody could work through.
        "choose_kind": bool(asked.state) and asked.state != OUTDATED,
    }


def _sum_of(lines: list[Line]) -> Line:
    total = Line(lines[0].about)
    for line in lines:
        for code, cell in line.cells.items():
            total.cells[code].add(cell)
    return total


def _cells(asked: Asked, line: Line, kind: str) -> list[ShownCell]:
    return [
        ShownCell(
            cell=line.cells[code],
            name=LANGUAGE_NAMES[code],
            html_lang=HTML_LANG[code],
            outdated_url=asked.address(kind=kind, language=code, state=OUTDATED),
            missing_url=asked.address(kind=kind, language=code, state=MISSING) if kind else "",
        )
        for code in asked.languages
    ]


# --- the texts -----------------------------------------------------------------------------------


def _spots(asked: Asked) -> counting.Spots | None:
    """The texts that are asked for; None where that is the table."""
    if asked.state == OUTDATED:
        return counting.outdated_spots(asked.kinds(), asked.language)
    kind = asked.one_kind()
    if not asked.state or kind is None:
        return None
    return counting.other_spots(kind, asked.language, asked.state)


def _list(request: HttpRequest, asked: Asked, spots: counting.Spots) -> dict[str, Any]:
    paginator: Any = Paginator(spots, PER_PAGE)  # type: ignore[arg-type]
    page = paginator.get_page(request.GET.get("p"))
    found = list(_texts(asked, list(page.object_list)))
    return {
        "texts": found,
        "page": page,
        "count": paginator.count,
        "state": STATES[asked.state],
        "is_outdated": asked.state == OUTDATED,
        "older": asked.address(p=str(page.next_page_number())) if page.has_next() else "",
        "newer": asked.address(p=str(page.previous_page_number())) if page.has_previous() else "",
        "table_url": asked.address(state=""),
    }


def _texts(asked: Asked, spots: list[counting.Spot]) -> Iterator[Text]:
    shown = counting.shown(spots, hidden=is_personal)
    names = counting.record_names(shown)
    for each in shown:
        about = each.spot.about
        yield Text(
            shown=each,
            kind=label_of(about),
            record="" if is_personal(about) else names.get((about.page, each.page_key), ""),
            label=str(capfirst(about.model._meta.get_field(each.spot.field).verbose_name)),  # type: ignore[union-attr]
            html_lang=HTML_LANG[each.spot.language],
            language=LANGUAGE_NAMES[each.spot.language],
            source_lang=HTML_LANG.get(each.source_language, ""),
            state=str(STATES[asked.state]),
            url=_url(asked.request, each),
        )


def _url(request: HttpRequest, shown: Shown) -> str:
    """The page beside the source for who may write this language; else the form."""
    about = shown.spot.about
    form, options = form_of(about), about.page._meta
    name = f"admin:{options.app_label}_{options.model_name}"
    # A source is written in the form: there is nothing to put beside it.
    is_source = shown.spot.language == shown.source_language
    may_write = form.has_change_permission(request) and form.may_write(request, shown.spot.language)
    if may_write and not is_source:
        return reverse(f"{name}_translate", args=[shown.page_key, shown.spot.language])
    return reverse(f"{name}_change", args=[shown.page_key])


# --- files ---------------------------------------------------------------------------------------


def _file(asked: Asked, spots: counting.Spots | None) -> HttpResponseBase:
    name = f"translations-{timezone.localdate().isoformat()}"
    if spots is None:
        head = [
            _("Kind"), capfirst(_("language")), _("Texts"),
            *(str(label) for label in STATES.values()),
        ]  # fmt: skip
        return csv_response(name, head, _numbers(asked))
    head = [
        _("Kind"), _("Record"), _("Field"), capfirst(_("language")), _("State"), _("Since"),
        _("By"), _("Original"), _("Translation"),
    ]  # fmt: skip
    return csv_response(name, head, _lines(asked, spots))


def _numbers(asked: Asked) -> Iterator[list[Any]]:
    for line in counting.lines(asked.kinds()):
        for code in asked.languages:
            cell = line.cells[code]
            numbers = [cell.total, cell.outdated, cell.missing, cell.current]
            yield [label_of(line.about), LANGUAGE_NAMES[code], *numbers]


def _lines(asked: Asked, spots: counting.Spots) -> Iterator[list[Any]]:
    start = 0
    while part := spots[start : start + AT_ONCE]:
        for text in _texts(asked, part):
            state = text.shown.spot.state
            since = (
                formats.date_format(timezone.localtime(state.since), "DATE_FORMAT") if state else ""
            )
            by = str(state.by or "") if state else ""
            yield [
                text.kind, text.record, text.label, text.language, text.state, since, by,
                text.shown.source, text.shown.target,
            ]  # fmt: skip
        start += AT_ONCE
