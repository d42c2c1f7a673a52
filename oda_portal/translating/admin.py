"""In the form of every translated record: what is out of date, and that it is still right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oda_portal.accounts.roles import languages_to_write
from oda_portal.languages import CODES
from oda_portal.publishing.admin_pages import RecordPages
from oda_portal.publishing.histories import LANGUAGE_NAMES
from oda_portal.publishing.models import language_column

from . import actions, states, summary
from .matrix_admin import TranslationStateAdmin
from .models import TranslationState
from .registry import translated
from .side import SideBySide

__all__ = ["TranslationMixin", "TranslationStateAdmin"]

MINOR = "_minor_edit"


class OutdatedFilter(admin.SimpleListFilter):
    """Records of which a text, their own or that of a part, is out of date in a language."""

    title = gettext_lazy("out of date in")
    parameter_name = "outdated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(LANGUAGE_NAMES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in LANGUAGE_NAMES:
            return queryset
        found = _about(queryset.model, TranslationState.objects.filter(language=self.value()))
        kind = ContentType.objects.get_for_model(queryset.model)
        own = found.filter(content_type=kind).values("object_id")
        parts = found.filter(record_type=kind).values("record_id")
        return queryset.filter(Q(pk__in=own) | Q(pk__in=parts))


def _about(model: type[models.Model], rows: Any) -> Any:
    kind = ContentType.objects.get_for_model(model)
    return rows.filter(Q(content_type=kind) | Q(record_type=kind))


class TranslationMixin(RecordPages):
    """For records with translated fields. `keeps_languages`: whether staff translate them."""

    keeps_languages = True

    class Media:
        css = {"all": ("admin_portal/translating.css",)}
        js = ("admin_portal/translating.js",)

    @property
    def is_translated(self) -> bool:
        return translated(self.model) is not None

    # --- list --------------------------------------------------------------------------------

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_filter(request), *([OutdatedFilter] * self.is_translated)]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        named = list(super().get_list_display(request))
        return [*named, *(["outdated_languages"] * self.is_translated)]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        if self.is_translated:
            self._note_outdated(changelist.result_list)
        return changelist

    def _note_outdated(self, rows: Any) -> None:
        """One question for all the rows of a page of the list."""
        kind = ContentType.objects.get_for_model(self.model)
        by_key = {row.pk: row for row in rows}
        for row in rows:
            row.outdated_in = set()
        of_these = Q(content_type=kind, object_id__in=list(by_key)) | Q(
            record_type=kind, record_id__in=list(by_key)
        )
        columns = ("content_type", "object_id", "record_id", "language")
        for about, own, record, language in (
            TranslationState.objects.filter(of_these).order_by().values_list(*columns).distinct()
        ):
            key = own if about == kind.pk and own in by_key else record
            if key in by_key:
                by_key[key].outdated_in.add(language)

    @admin.display(description=gettext_lazy("out of date in"))
    def outdated_languages(self, obj: Any) -> SafeString:
        codes = [code for code in CODES if code in getattr(obj, "outdated_in", ())]
        return format_html_join(
            " ",
            '<abbr class="chip chip-outdated" title="{}">{}</abbr>',
            [(LANGUAGE_NAMES[code], code[:2].upper()) for code in codes],
        )

    # --- saving ------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = self._stored(self.model, [obj.pk]) if change and form.has_changed() else {}
        super().save_model(request, obj, form, change)
        self._note(request, before, [obj])

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        rows = [each.instance for each in formset.initial_forms if each.has_changed()]
        before = self._stored(formset.model, [row.pk for row in rows]) if rows else {}
        # A row that is deleted loses its number.
        going = {each.instance.pk for each in formset.deleted_forms} - {None}
        super().save_formset(request, form, formset, change)
        self._note(request, before, [row for row in rows if row.pk is not None])
        self._forget(formset.model, going)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        key = obj.pk
        super().delete_model(request, obj)
        self._forget(self.model, {key})

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        keys = set(queryset.values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        self._forget(self.model, keys)

    def _stored(self, model: type[models.Model], keys: list[Any]) -> dict[Any, dict[str, str]]:
        """The texts of these rows as the database has them, before they are saved."""
        if translated(model) is None:
            return {}
        stored = model._base_manager.filter(pk__in=[key for key in keys if key is not None])
        return {row.pk: states.texts_of(row) for row in stored}

    def _note(self, request: HttpRequest, before: dict[Any, Any], rows: list[Any]) -> None:
        saved = [states.Saved(before[row.pk], row) for row in rows if row.pk in before]
        states.after_saving_all(saved, minor=MINOR in request.POST, by=request.user)  # type: ignore[arg-type]

    def _forget(self, model: type[models.Model], keys: set[int]) -> None:
        if keys and translated(model):
            actions.forget_gone(model._meta.label_lower, keys)

    # --- form --------------------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        obj = kwargs.get("obj")
        if obj is not None and obj.pk and self.is_translated:
            context |= self._translations(request, obj, context)
        return super().render_change_form(request, context, *args, **kwargs)

    def _translations(
        self, request: HttpRequest, obj: Any, context: dict[str, Any]
    ) -> dict[str, Any]:
        forms = list(_forms(context))
        theirs = [each.instance for each in _forms(context, only_to_change=True)]
        waiting = summary.outdated(obj, [each.instance for each in forms])
        fields = {(type(each.instance), each.instance.pk): each for each in forms}
        may_write = languages_to_write(request.user, self.model)  # type: ignore[arg-type]
        may_change = self.has_change_permission(request, obj)
        languages = summary.by_language(waiting, may_write if may_change else set())
        return {
            "outdated_languages": [
                (language, [(each, _anchor(fields, each)) for each in language.waiting])
                for language in languages
            ],
            "still_right_url": self.address("still_right", obj),
            "side_by_side": self.side_by_side.links(request, obj, theirs) if may_change else [],
            "asks_minor": may_change,
            "is_minor": MINOR in request.POST,
        }

    # --- pages -------------------------------------------------------------------------------

    @property
    def side_by_side(self) -> SideBySide:
        return SideBySide(self)

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        right = guarded(self.still_right_view)
        side = guarded(self.translate_view)
        return [
            path("<path:object_id>/still-right/", right, name=f"{name}_still_right"),
            path("<path:object_id>/translate/<str:language>/", side, name=f"{name}_translate"),
            *super().get_urls(),
        ]

    def to_translate(self, request: HttpRequest, object_id: str) -> Any:
        """The record, for somebody who may change a text of it."""
        obj = self.get_object(request, object_id)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        if obj is None or not self.is_translated:
            raise Http404
        return obj

    def may_write(self, request: HttpRequest, language: str) -> bool:
        languages = languages_to_write(request.user, self.model)  # type: ignore[arg-type]
        return language in LANGUAGE_NAMES and (languages is None or language in languages)

    def translate_view(
        self, request: HttpRequest, object_id: str, language: str
    ) -> HttpResponseBase:
        if language not in LANGUAGE_NAMES:
            raise Http404
        # What may close the record is locked before the record itself, as every act does.
        with transaction.atomic():
            obj = self.to_translate(request, object_id)
            if not self.may_write(request, language):
                raise PermissionDenied
            return self.side_by_side.page(request, obj, language)

    @method_decorator(transaction.atomic)
    def still_right_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Buttons of the form and of the page beside it; an address without them leads back."""
        obj = self.to_translate(request, object_id)
        language = request.POST.get("language", "")
        if request.method == "POST":
            if not self.may_write(request, language):
                raise PermissionDenied
            asked = request.POST.getlist("right") or request.POST.getlist("each")
            done = self._confirm(request, obj, language, asked)
            self._say_confirmed(request, done, len(asked))
        return redirect(self.address("change", obj))

    def _confirm(self, request: HttpRequest, obj: Any, language: str, asked: list[str]) -> int:
        """`asked`: what the buttons send. Of other records than this and its parts nothing."""
        rows = {
            (ContentType.objects.get_for_model(row).pk, row.pk): row
            for row in self.side_by_side.rows(request, obj)
        }
        shown: dict[tuple[int, int], dict[str, str]] = {}
        for token in asked:
            kind, key, field, source = (*token.split("."), "", "", "", "")[:4]
            if kind.isdecimal() and key.isdecimal():
                shown.setdefault((int(kind), int(key)), {})[field] = source
        done: list[int] = [
            actions.confirm(rows[key], language=language, shown=fields, by=request.user)  # type: ignore[arg-type]
            for key, fields in shown.items()
            if key in rows
        ]
        return sum(done)

    def _say_confirmed(self, request: HttpRequest, done: int, asked: int) -> None:
        if done:
            sentence = ngettext(
                "%(count)s translation is marked as up to date.",
                "%(count)s translations are marked as up to date.",
                done,
            )
            self.message_user(request, sentence % {"count": done}, messages.SUCCESS)
        if done < asked:
            self.message_user(
                request,
                _(
                    "The original has changed again, or somebody else has dealt with it. Please"
                    " check again."
                ),
                messages.WARNING,
            )


def _forms(context: dict[str, Any], *, only_to_change: bool = False) -> Iterator[Any]:
    """The form of the record and those of its parts, as they are drawn."""
    yield context["adminform"].form
    for each in context["inline_admin_formsets"]:
        if only_to_change and not each.has_change_permission:
            continue
        if translated(each.formset.model):
            yield from each.formset.initial_forms


def _anchor(fields: dict[Any, Any], waiting: summary.Outdated) -> str:
    """The id of the field in the form; empty when the form has none for it."""
    form = fields[type(waiting.row), waiting.row.pk]
    column = language_column(waiting.state.field, waiting.language)
    return form[column].auto_id if column in form.fields else ""
