"""What the admin of every record shares: language tabs, history, search, care with bad input."""

from __future__ import annotations

import logging
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from csp.constants import NONCE
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.admin.widgets import AdminFileWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import DataError, models
from django.forms import CharField, Field, Form
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.functional import cached_property
from django.utils.text import capfirst
from js_asset import Media
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline
from simple_history.admin import SimpleHistoryAdmin

from oda_portal.accounts.roles import languages_to_write
from oda_portal.files.fields import CheckedDocumentField, CheckedImageField
from oda_portal.languages import HTML_LANG
from oda_portal.previewing.admin import PreviewMixin
from oda_portal.privacy.numbers import refuse_resident_number
from oda_portal.spreadsheets.admin import ExportMixin
from oda_portal.spreadsheets.importing.admin import ImportMixin
from oda_portal.translating.admin import TranslationMixin

from . import histories
from .admin_history import HistoryMixin
from .admin_pages import RecordPages
from .choosing import ChoosesWithinAreas
from .forms import RecordForm, edited_columns
from .helping import HelpMixin
from .merging import MOST_ROWS
from .read_only import NobodyWrites

log = logging.getLogger(__name__)

# The one style that the rich-text editor writes into the page, by its hash; and its import map,
# an inline script, by the nonce of the page. A browser test finds out when the style changes.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
EDITOR_POLICY = {"style-src": [EDITOR_STYLE], "script-src": [NONCE]}

# Longer lists are said to have “10,000+”; filters and the search lead to what lies behind.
MOST_COUNTED = 10_000
# What a search finds so many of is asked for by number from then on.
MOST_LOOKED_UP = 500
LONGEST_SEARCH = 200
MOST_WORDS = 8


class CappedPaginator(Paginator):
    """Counts no further than anybody turns pages: an exact count reads the whole table.

    What hangs on the rows is fetched for those of the page alone: with all in one, the database
    joins every row of the table before it sorts them.
    """

    def page(self, number: Any) -> Page:
        found, rows = super().page(number), self.object_list
        if isinstance(rows, models.QuerySet):
            start = (found.number - 1) * self.per_page
            keys = rows.values("pk")[start : start + self.per_page]
            found.object_list = rows.filter(pk__in=keys)
        return found

    @cached_property
    def count(self) -> int:
        return min(self._seen, MOST_COUNTED)

    @cached_property
    def is_capped(self) -> bool:
        return self._seen > MOST_COUNTED

    @cached_property
    def _seen(self) -> int:
        rows = self.object_list
        if not isinstance(rows, models.QuerySet):
            return len(rows)
        return rows.order_by()[: MOST_COUNTED + 1].count()


class SafeListMixin(HelpMixin, ExportMixin):
    """Lists that answer absurd filters and searches with the plain list, never an error page."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(_is_key(value) for value in chosen):
            raise BadRequest("A selected row has no number")
        title = capfirst(self.opts.verbose_name_plural)
        try:
            return super().changelist_view(request, {"title": title, **(extra_context or {})})
        except (DataError, OverflowError, ValueError):
            if set(request.GET) <= {"e"}:
                raise
            # Django checks what a filter means, but not whether the database can hold it.
            log.warning("filters refused: %s", request.get_full_path()[:500], exc_info=True)
            return redirect(f"{request.path}?e=1")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        # A pattern from the address can be wrong, or keep the database busy for minutes.
        if lookup.endswith("regex"):
            return False
        return super().lookup_allowed(lookup, value, request)

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        named = list(super().get_search_fields(request))
        words = request.GET.get(SEARCH_VAR) or request.GET.get("term") or ""
        if words.upper() != words.lower():
            return named
        # Hangul and Han have no case, and folding that of every text costs most of a search.
        return [name if name[0] in "^=@" else f"{name}__contains" for name in named]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        # Every word becomes conditions on many columns; databases limit how many.
        words = search_term[:LONGEST_SEARCH].split()[:MOST_WORDS]
        found, is_joined = super().get_search_results(request, queryset, " ".join(words))
        return _looked_up_once(queryset, found, is_joined) if words else (found, is_joined)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Only choices and links can be given by an address; the list's filters count as well."""
        filters = parse_qsl(request.GET.get("_changelist_filters", ""))
        from_list = {
            name.removesuffix("__exact").removesuffix("__id"): value for name, value in filters
        }
        asked = {**from_list, **super().get_changeform_initial_data(request)}
        return {name: value for name, value in asked.items() if self._may_begin_with(name, value)}

    def _may_begin_with(self, name: str, value: Any) -> bool:
        field = next((field for field in self.opts.get_fields() if field.name == name), None)
        if field is None or not getattr(field, "editable", False):
            return False
        if field.is_relation:
            return all(_is_key(key) for key in (value if isinstance(value, list) else [value]))
        return value in dict(field.flatchoices)  # type: ignore[union-attr]


class ReadOnlyAdmin(RecordPages, SafeListMixin, NobodyWrites):
    """Lists and records to be read alone."""


def _looked_up_once(
    rows: models.QuerySet, found: models.QuerySet, is_joined: bool
) -> tuple[models.QuerySet, bool]:
    """What few records have is read from the whole table: once, not for the count and the page."""
    keys = set(found.order_by().values_list("pk", flat=True)[: MOST_LOOKED_UP + 1])
    if len(keys) > MOST_LOOKED_UP:
        return found, is_joined
    return rows.filter(pk__in=keys), False


def _is_key(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 19


def _columns(model: type[models.Model], name: str) -> list[str]:
    """The columns to search for a name such as `program__title`: those of every language."""
    lookup = "__contains" if name.endswith("__contains") else ""
    *path, field = name.removesuffix(lookup).split("__")
    for step in path:
        model = model._meta.get_field(step).related_model
    if field not in histories.translated_fields(model):
        return [name]
    return ["__".join([*path, column]) + lookup for column, _language in edited_columns(field)]


def _announces_too_much(form: QueryDict) -> bool:
    """Whether a form speaks of more rows than a browser would send; they need not be there."""
    ends = ("-TOTAL_FORMS", "-INITIAL_FORMS")
    counts = [str(form[name]) for name in form if name.endswith(ends)]
    return not all(_is_key(count) and int(count) <= MOST_ROWS for count in counts)


class RecordFieldsMixin(ChoosesWithinAreas, HelpMixin):
    """Names the language of each column, for people and for the tabs; keeps links plain."""

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and hasattr(db_field, "translated_field"):
            language = db_field.language  # type: ignore[attr-defined]
            field.label = histories.label_of(db_field)
            field.widget.attrs |= {"lang": HTML_LANG[language], "data-language": language}
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # To add what is missing is at hand; to change or delete it has its own page.
            field.widget.can_change_related = field.widget.can_delete_related = False
            field.widget.can_view_related = False
        if isinstance(field, CharField):
            field.validators.append(refuse_resident_number)
        if field and self._belongs_to_others(db_field, request):
            field.disabled = True
        return field

    def _belongs_to_others(self, db_field: models.Field, request: HttpRequest) -> bool:
        """A translator changes the columns of one language, and nothing else."""
        languages = languages_to_write(request.user, db_field.model)  # type: ignore[arg-type]
        return languages is not None and getattr(db_field, "language", "") not in languages


class StoredFileWidget(AdminFileWidget):
    """Stored files have random names, which tell an editor nothing."""

    template_name = "admin/widgets/stored_file.html"


class TranslatedInline(RecordFieldsMixin, TranslationStackedInline):
    extra = 0
    view_on_site = False
    formfield_overrides = {
        CheckedImageField: {"widget": StoredFileWidget},
        CheckedDocumentField: {"widget": StoredFileWidget},
    }


class LinkInline(RecordFieldsMixin, admin.TabularInline):
    """Rows without translated text: one line each."""

    extra = 0
    view_on_site = False

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            # The head of the column is no label for its cells.
            widget: Any = getattr(field.widget, "widget", field.widget)
            widget.attrs["aria-label"] = capfirst(field.label)
            widget.attrs["title"] = field.help_text
        return field


class ObjectAct(NamedTuple):
    """A button above the form that leads to a page which asks once more."""

    label: str
    url: str


def _with_editor(request: HttpRequest, response: Any) -> HttpResponseBase:
    """The form's page, drawn, with what the rich-text editor needs under the strict policy."""
    if not isinstance(response, TemplateResponse):
        return response
    context = response.context_data or {}
    nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
    context["media"] = Media.from_media(context["media"], nonce=nonce)
    response._csp_update = EDITOR_POLICY  # type: ignore[attr-defined]
    if request.method != "POST":
        return response
    try:
        # A refused form is drawn with what was chosen in it, and asks the database for that.
        return response.render()
    except (DataError, OverflowError, ValueError) as error:
        log.warning("a form could not be drawn again", exc_info=True)
        raise BadRequest("What was chosen is no key") from error


class RecordAdmin(
    RecordFieldsMixin,
    PreviewMixin,
    TranslationMixin,
    ImportMixin,
    SafeListMixin,
    HistoryMixin,
    TranslationAdmin,
    SimpleHistoryAdmin,
):
    """A translated record with history. Subclasses name their fieldsets."""

    form = RecordForm

    # --- lists -------------------------------------------------------------------------------

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        named = super().get_search_fields(request)
        return [column for name in named for column in _columns(self.model, name)]

    # --- forms -------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        if _announces_too_much(request.POST):
            raise BadRequest("More rows are announced than a record has")
        try:
            response = super().changeform_view(request, object_id, form_url, extra_context)
        except (DataError, OverflowError) as error:  # numbers that no column can hold
            raise BadRequest("A value is out of range") from error
        return _with_editor(request, response)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        obj = kwargs.get("obj")
        context |= {
            "tab_languages": [
                {"code": code, "html_lang": HTML_LANG[code], "name": name}
                for code, name in settings.LANGUAGES
            ],
            # A browser never sends a file twice by itself.
            "files_lost": bool(request.FILES),
            "acts": self.get_acts(request, obj)
            if obj and self.has_whole_permission(request, obj)
            else [],
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        # Without simple-history's own: its form writes old versions back whole, status included,
        # which would publish what was taken down without a trace.
        return [
            url
            for url in super().get_urls()
            if not str(getattr(url, "name", "")).endswith("_simple_history")
        ]

    # --- acts with a page that asks once more ---------------------------------------------------

    def has_whole_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the record is theirs to publish and take down, or only to translate."""
        is_limited = languages_to_write(request.user, self.model) is not None  # type: ignore[arg-type]
        return self.has_change_permission(request, obj) and not is_limited

    def get_acts(self, request: HttpRequest, obj: Any) -> list[ObjectAct]:
        return []

    def to_act_on(self, request: HttpRequest, object_id: str) -> Any:
        """The object, for somebody who may change it as a whole."""
        obj = self.get_object(request, object_id)
        if not self.has_whole_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            raise Http404
        return obj

    def act_page(
        self, request: HttpRequest, obj: models.Model, *, form: Form, title: str, button: str,
        explanation: str = "",
    ) -> TemplateResponse:  # fmt: skip
        context = self.context_about(
            request, obj, title=title, form=form, explanation=explanation, button=button
        )
        return TemplateResponse(request, "admin/act.html", context)
