"""One record for whoever translates it: every text beside the one that it is translated from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.languages import CODES, HTML_LANG
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.models import Act
from oda_portal.publishing.histories import LANGUAGE_NAMES

from . import actions, states, summary
from .forms import TextsForm
from .registry import translated

if TYPE_CHECKING:
    from .admin import TranslationMixin


class Part(NamedTuple):
    """The record, or rows of an inline of its form, with the admin that makes their fields."""

    rows: list[models.Model]
    admin: Any
    may_change: bool


class SideBySide:
    def __init__(self, model_admin: TranslationMixin) -> None:
        self.admin = model_admin

    def links(
        self, request: HttpRequest, obj: models.Model, rows: Iterable[models.Model]
    ) -> list[tuple[str, str, str]]:
        """Address, language and name of each such page with a text that somebody may translate.

        `rows`: the record and those of its parts that may be changed.
        """
        wanted = {code for row in rows for code in states.languages_to_translate(row)}
        return [
            (self.admin.address("translate", obj, code), HTML_LANG[code], LANGUAGE_NAMES[code])
            for code in CODES
            if code in wanted and self.admin.may_write(request, code)
        ]

    # --- rows --------------------------------------------------------------------------------

    def parts(self, request: HttpRequest, obj: models.Model) -> Iterator[Part]:
        yield Part([obj], self.admin, may_change=True)
        for inline in self.admin.get_inline_instances(request, obj):
            # What hangs on another record is translated on the page of that one.
            if translated(inline.model) is None or not isinstance(obj, inline.parent_model):
                continue
            key = inline.fk_name or next(
                field.name
                for field in inline.model._meta.fields
                if field.remote_field and isinstance(obj, field.remote_field.model)
            )
            rows = list(inline.get_queryset(request).filter(**{key: obj}))
            for row in rows:
                setattr(row, key, obj)
            may_change = inline.has_change_permission(request, obj)
            yield Part(rows, inline, may_change=may_change)

    def rows(self, request: HttpRequest, obj: models.Model) -> list[models.Model]:
        """The record and those of its parts that somebody may change."""
        return [row for part in self.parts(request, obj) if part.may_change for row in part.rows]

    # --- page --------------------------------------------------------------------------------

    def page(self, request: HttpRequest, obj: models.Model, language: str) -> HttpResponseBase:
        if request.method == "POST":
            # Of two who save at the same instant the second waits here, and then sees the first.
            obj = type(obj)._base_manager.select_for_update().get(pk=obj.pk)
        parts = [part for part in self.parts(request, obj) if part.may_change]
        forms = self._forms(request, obj, language, parts)
        valid = [form.is_valid() for form in forms]  # each, so that each says what is wrong
        if request.method == "POST" and all(valid):
            self._save(request, obj, forms, language)
            return redirect(request.get_full_path())
        if isinstance(self.admin, RecordedLooks):
            self.admin.look(request, Act.DETAIL, [obj], what="translate")
        links = self.links(request, obj, [row for part in parts for row in part.rows])
        others = [link for link in links if link[1] != HTML_LANG[language]]
        return self._shown(request, obj, language, forms, others)

    def _forms(
        self, request: HttpRequest, obj: models.Model, language: str, parts: list[Part]
    ) -> list[TextsForm]:
        data = request.POST if request.method == "POST" else None
        rows = [row for part in parts for row in part.rows]
        waiting: dict[Any, dict[str, summary.Outdated]] = {}
        for each in summary.outdated(obj, rows):
            if each.language == language:
                waiting.setdefault((type(each.row), each.row.pk), {})[each.state.field] = each
        forms = [
            TextsForm(
                data,
                row=row,
                of=obj,
                language=language,
                make_field=partial(part.admin.formfield_for_dbfield, request=request),
                waiting=waiting.get((type(row), row.pk), {}),
            )
            for part in parts
            for row in part.rows
        ]
        return [form for form in forms if form.fields_of]

    def _shown(
        self, request: HttpRequest, obj: models.Model, language: str, forms: list[TextsForm],
        others: list[tuple[str, str, str]],
    ) -> TemplateResponse:  # fmt: skip
        from oda_portal.publishing.admin_base import _with_editor  # noqa: PLC0415  (it imports us)

        media = self.admin.media
        for form in forms:
            media += form.media
        context = self.admin.context_about(
            request,
            obj,
            title=_("Translate into %(language)s") % {"language": LANGUAGE_NAMES[language]},
            forms=forms,
            media=media,
            html_lang=HTML_LANG[language],
            has_errors=any(form.errors for form in forms),
            others=others,
        )
        template = "admin/translating/side_by_side.html"
        return _with_editor(request, TemplateResponse(request, template, context))  # type: ignore[return-value]

    # --- saving ------------------------------------------------------------------------------

    def _save(
        self, request: HttpRequest, obj: models.Model, forms: list[TextsForm], language: str
    ) -> None:
        written = [form for form in forms if form.changes]
        saved = [self._write(request, form) for form in written]
        is_minor = "_minor_edit" in request.POST
        states.after_saving_all(saved, minor=is_minor, by=request.user)  # type: ignore[arg-type]
        if written and all(form.row is not obj for form in written):
            self._touch(request, obj)  # who has the record's form open is told
        right: list[int] = [
            actions.confirm(
                form.row,
                language=language,
                shown={field: actions.shown_source(form.row, field) for field in form.right},
                by=request.user,  # type: ignore[arg-type]
            )
            for form in forms
            if form.right
        ]
        confirmed = sum(right)
        count = sum(len(form.changes) for form in written)
        if count:
            names: list[str] = [column for form in written for column in form.changes]
            self.admin.log_change(request, obj, [{"changed": {"fields": names}}])
        self._say(request, count, confirmed)

    def _write(self, request: HttpRequest, form: TextsForm) -> states.Saved:
        row: Any = form.row
        before = states.texts_of(row)
        for column, text in form.changes.items():
            field = row._meta.get_field(column)
            setattr(row, column, text or (None if field.null else ""))
        self._touch(request, row)
        return states.Saved(before, row)

    def _touch(self, request: HttpRequest, row: Any) -> None:
        row._history_user = request.user
        # The columns without a language hold the text of the language that is active now.
        with translation.override(settings.LANGUAGE_CODE):
            row.save()

    def _say(self, request: HttpRequest, count: int, confirmed: int) -> None:
        if count:
            sentence = ngettext(
                "%(count)s text was saved.", "%(count)s texts were saved.", count
            ) % {"count": count}
            messages.success(request, sentence)
        if confirmed:
            sentence = ngettext(
                "%(count)s translation is marked as up to date.",
                "%(count)s translations are marked as up to date.",
                confirmed,
            )
            messages.success(request, sentence % {"count": confirmed})
        if not count and not confirmed:
            messages.info(request, _("Nothing was changed."))
