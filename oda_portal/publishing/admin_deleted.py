"""Deleted records in the back office: a list of each kind, one of all, and bringing them back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from . import deletions, histories
from .admin_pages import RecordPages
from .deletions import Comeback
from .restoring import RefusedError

ON_A_PAGE = 50
NEWEST = 100  # on the page of all kinds


class DeletedMixin(RecordPages):
    """For who may add such records: bringing one back is adding it."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("deleted/", view(self.deleted_view), name=f"{name}_deleted"),
            path("deleted/<int:number>/", view(self.bring_back_view), name=f"{name}_bring_back"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        url = {"deleted_url": self.deleted_url()} if self.has_deleted_page(request) else {}
        return super().changelist_view(request, {**url, **(extra_context or {})})

    def deleted_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_deleted")

    def has_deleted_page(self, request: HttpRequest) -> bool:
        is_kept = self.has_versions()  # type: ignore[attr-defined]
        return is_kept and self.has_add_permission(request) and self.has_whole_permission(request)  # type: ignore[attr-defined]

    def why_not_back(self, request: HttpRequest, record: models.Model) -> str:
        """A sentence that says why this record, which is no row yet, must not come back."""
        return ""

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        self._require(request)
        page = Paginator(deletions.deleted(self.model), ON_A_PAGE).get_page(request.GET.get("p"))
        numbers = [row.history_id for row in page.object_list]
        rows = histories.records(self.model, numbers)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Deleted records"),
            "opts": self.opts,
            "page": page,
            "rows": [_line(self, rows[number]) for number in numbers],
            "all_url": reverse("admin:deleted"),
        }
        return TemplateResponse(request, "admin/deleted.html", context)

    def bring_back_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """What comes back and what does not, then the act."""
        self._require(request)
        row = self._find(number)
        with transaction.atomic():
            comeback = self._comeback(request, row)
            if request.method == "POST" and not comeback.refused:
                try:
                    record = deletions.bring_back(comeback, by=request.user)  # type: ignore[arg-type]
                    return self._brought_back(request, record)
                except RefusedError as error:
                    comeback.refused.extend(error.sentences)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Bring a deleted record back"),
            "opts": self.opts,
            "row": row,
            "name": comeback.rows[0].about,
            "texts": _texts(self.model, comeback.rows[0].row),
            "comeback": comeback,
            "is_published_by_itself": hasattr(self.model, "publish"),
            "back": self.deleted_url(),
        }
        return TemplateResponse(request, "admin/deleted_one.html", context)

    def _require(self, request: HttpRequest) -> None:
        if not self.has_deleted_page(request):
            raise PermissionDenied

    def _find(self, number: int) -> Any:
        try:
            row = deletions.deleted(self.model).filter(history_id=number).first()
        except OverflowError:
            row = None
        if row is None:
            raise Http404
        return row

    def _comeback(self, request: HttpRequest, row: Any) -> Comeback:
        def may(model: type[models.Model]) -> bool:
            return request.user.has_perm(f"{model._meta.app_label}.add_{model._meta.model_name}")

        comeback = deletions.comeback_of(self.model, row, may)
        # What would keep it closed is asked of a record that is whole.
        if not comeback.refused and (why := self.why_not_back(request, row.instance)):
            comeback.refused.append(why)
        return comeback

    def _brought_back(self, request: HttpRequest, record: models.Model) -> HttpResponse:
        self.log_addition(request, record, _("Brought back after it was deleted"))
        sentence = _("“%(name)s” is back.")
        if hasattr(record, "publish"):
            sentence = _("“%(name)s” is back as a draft: only staff can see it.")
        self.message_user(request, sentence % {"name": record}, messages.SUCCESS)
        return redirect(self.address("change", record))


def _line(model_admin: Any, row: Any) -> dict[str, Any]:
    name = f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_bring_back"
    return {
        "name": histories.name_of(row),
        "kind": capfirst(model_admin.opts.verbose_name),
        "at": row.history_date,
        "by": row.history_user,
        "url": reverse(name, args=[row.history_id]),
    }


def _texts(model: type[models.Model], row: Any) -> list[tuple[str, str, str]]:
    """What it said: label, text and the language of the text, without what was empty."""
    told = []
    for field in histories.told_fields(model):
        if field.name == "status":  # it comes back as a draft
            continue
        value = histories.value_of(row, field)
        if value not in (None, "", []):
            label = histories.label_of(field)
            told.append((label, histories.in_words(field, value), histories.html_lang_of(field)))
    return told


def with_deleted(site: admin.AdminSite, request: HttpRequest) -> list[DeletedMixin]:
    """The admins whose deleted records this person may see and bring back."""
    return [
        model_admin
        for model_admin in site._registry.values()
        if isinstance(model_admin, DeletedMixin) and model_admin.has_deleted_page(request)
    ]


def all_deleted(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """The newest deleted records of every kind that this person may add."""
    open_here = with_deleted(site, request)
    if not open_here:
        raise PermissionDenied
    by_kind = [(model_admin, _newest(model_admin)) for model_admin in open_here]
    found = [_line(model_admin, row) for model_admin, rows in by_kind for row in rows]
    found.sort(key=lambda line: line["at"], reverse=True)
    context = {
        **site.each_context(request),
        "title": _("Deleted records"),
        "rows": found[:NEWEST],
        "is_of_all": True,
        "kinds": [
            (capfirst(model_admin.opts.verbose_name_plural), model_admin.deleted_url())
            for model_admin, rows in by_kind
            if rows
        ],
    }
    return TemplateResponse(request, "admin/deleted.html", context)


def _newest(model_admin: DeletedMixin) -> list[Any]:
    """One question for each kind, however much was deleted."""
    rows = deletions.deleted(model_admin.model).select_related("history_user")[:NEWEST]
    return list(rows)
