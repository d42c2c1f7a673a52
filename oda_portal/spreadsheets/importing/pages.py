"""Sending a spreadsheet, seeing what it would change, and having that applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from oda_portal.files.downloads import disposition
from oda_portal.languages import HTML_LANG
from oda_portal.publishing.histories import Change, difference

from . import acts, books, registry
from .columns import Column, columns_of, label_of_column
from .forms import UploadForm
from .models import Import, ImportRow
from .registry import Importable
from .rights import rights_of
from .work import address_of

if TYPE_CHECKING:
    from .admin import ImportMixin

PER_PAGE = 50
RECENT = 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Verdict, Outcome, State = ImportRow.Verdict, ImportRow.Outcome, Import.State


def importables_for(request: HttpRequest, model: Any) -> list[Importable]:
    """What this person may import from the list of this model."""
    return [
        each
        for each in registry.importables_at(model)
        if rights_of(request.user, each.model).may_import  # type: ignore[arg-type]
    ]


def upload_page(model_admin: ImportMixin, request: HttpRequest) -> HttpResponseBase:
    importables = _permitted(model_admin, request)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*sent, importables=importables)
    if form.is_valid():
        source = acts.receive(
            form.content,
            name=form.cleaned_data["file"].name or "",
            ending=form.ending,
            importable=form.importable,
            by=request.user,  # type: ignore[arg-type]
        )
        return redirect(address_of(source))
    templates = [(each.label, acts.title_of(each)) for each in importables]
    recent = _imports_of(request, importables).select_related("asked_by", "job", "content_type")[
        :RECENT
    ]
    context = {
        **_context(model_admin, request, _("Import from a spreadsheet")),
        "form": form,
        "template_url": _address(model_admin, "import_template"),
        "templates": templates,
        "recent": [(source, address_of(source)) for source in recent],
    }
    return TemplateResponse(request, "admin/importing/upload.html", context)


def template_file(model_admin: ImportMixin, request: HttpRequest) -> HttpResponseBase:
    asked = request.GET.get("about", "")
    for each in _permitted(model_admin, request):
        if each.label == asked or not asked:
            name = _("Template for %(records)s") % {"records": acts.title_of(each)}
            template = books.template_of(each, request.user)  # type: ignore[arg-type]
            return _download(template, f"{name}.xlsx")
    raise Http404


def import_page(model_admin: ImportMixin, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    source, importable = _to_look_at(model_admin, request, uuid)
    counts = source.counts()
    chosen, rows = _chosen(request, source)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    context = {
        **_context(model_admin, request, _("Import from a spreadsheet")),
        "source": source,
        "job": source.job,
        "about": acts.title_of(importable),
        "counts": [(v.value, v.label, counts[v.value]) for v in Verdict],
        "total": counts["total"],
        "written": counts["outcome_written"],
        "refused": counts["outcome_refused"],
        "to_write": counts["new"] + counts["changed"],
        "chosen": chosen,
        "page": page,
        "lines": _lines(importable, page.object_list, model_admin),
        "upload_url": _address(model_admin, "import"),
        "apply_url": address_of(source, "import_apply"),
        "discard_url": address_of(source, "import_discard"),
        "go_on_url": address_of(source, "import_go_on"),
        "leave_url": address_of(source, "import_leave"),
        "reasons_url": address_of(source, "import_reasons"),
    }
    return TemplateResponse(request, "admin/importing/import.html", context)


def apply_page(model_admin: ImportMixin, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """What will be written, once more in numbers; and the act."""
    source, importable = _to_look_at(model_admin, request, uuid)
    digest = acts.digest_of(source)
    if request.method == "POST":
        shown = request.POST.get("shown", "")
        if acts.confirm(source, by=request.user, shown=shown):  # type: ignore[arg-type]
            messages.success(request, _("The rows are being written."))
        else:
            messages.warning(request, _("This was decided before. Nothing was done."))
        return redirect(address_of(source))
    context = {
        **_context(model_admin, request, pgettext("import", "Apply")),
        "source": source,
        "about": acts.title_of(importable),
        "sentences": _sentences(source, importable),
        "is_ready": source.state == State.READY,
        "digest": digest,
        "back": address_of(source),
    }
    return TemplateResponse(request, "admin/importing/apply.html", context)


def discard(model_admin: ImportMixin, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    source, _importable = _to_look_at(model_admin, request, uuid)
    if source.discard(by=request.user):  # type: ignore[arg-type]
        messages.success(request, _("The file has been discarded. Nothing of it was written."))
    else:
        messages.warning(request, _("This was decided before. Nothing was done."))
    return redirect(_address(model_admin, "import"))


def go_on(model_admin: ImportMixin, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    source, _importable = _to_look_at(model_admin, request, uuid)
    if acts.go_on(source, by=request.user):  # type: ignore[arg-type]
        messages.success(request, _("The work goes on where it was stopped."))
    else:
        messages.warning(request, _("This was decided before. Nothing was done."))
    return redirect(address_of(source))


def leave(model_admin: ImportMixin, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    source, _importable = _to_look_at(model_admin, request, uuid)
    if acts.leave(source, by=request.user):  # type: ignore[arg-type]
        messages.success(request, _("The rest will not be written."))
    else:
        messages.warning(request, _("This was decided before. Nothing was done."))
    return redirect(address_of(source))


def reasons(model_admin: ImportMixin, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    source, _importable = _to_look_at(model_admin, request, uuid)
    content = Import.objects.values_list("content", flat=True).get(pk=source.pk)
    if source.state != State.FAULTY or not content:
        raise Http404
    source.content = content
    name = source.file_name.rpartition(".")[0]
    return _download(books.with_reasons(source), _("%(name)s, to correct.xlsx") % {"name": name})


# --- in common -----------------------------------------------------------------------------------


def _permitted(model_admin: ImportMixin, request: HttpRequest) -> list[Importable]:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    found = importables_for(request, model_admin.model)
    if not found:
        raise PermissionDenied
    return found


def _imports_of(request: HttpRequest, importables: list[Importable]) -> Any:
    """Of these records; those of others only for whoever is limited in nothing."""
    match = Q()
    for each in importables:
        options = each.model._meta
        one = Q(content_type__app_label=options.app_label, content_type__model=options.model_name)
        if not rights_of(request.user, each.model).sees_all:  # type: ignore[arg-type]
            one &= Q(asked_by=request.user.pk)
        match |= one
    return Import.objects.light().filter(match)


def _to_look_at(
    model_admin: ImportMixin, request: HttpRequest, uuid: UUID
) -> tuple[Import, Importable]:
    """The import, for somebody who may see and decide it; nobody else may know of it."""
    rows = _imports_of(request, _permitted(model_admin, request))
    source = rows.select_related("asked_by", "job", "content_type").filter(uuid=uuid).first()
    if source is None:
        raise Http404
    return source, registry.importable_of(source.model)


def _address(model_admin: ImportMixin, page: str) -> str:
    options = model_admin.opts
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}")


def _context(model_admin: ImportMixin, request: HttpRequest, title: str) -> dict[str, Any]:
    site = model_admin.admin_site
    return {**site.each_context(request), "opts": model_admin.opts, "title": title}


def _download(file: Any, name: str) -> FileResponse:
    response = FileResponse(file, content_type=XLSX)
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _chosen(request: HttpRequest, source: Import) -> tuple[str, Any]:
    """The rows that were asked for; without that those that matter most."""
    rows = source.rows.all()
    chosen = request.GET.get("rows", "")
    if chosen in Verdict.values:
        return chosen, rows.filter(verdict=chosen)
    if chosen == Outcome.REFUSED:
        return chosen, rows.filter(outcome=chosen)
    if chosen != "all" and source.state == State.FAULTY:
        return Verdict.WRONG.value, rows.filter(verdict=Verdict.WRONG)
    return "all", rows


def _lines(importable: Importable, rows: Any, model_admin: ImportMixin) -> list[dict[str, Any]]:
    columns = {column.name: column for column in columns_of(importable)}
    return [
        {
            "row": row,
            "url": _record_url(importable, row, model_admin),
            "changes": [_change(columns, each) for each in row.changes],
            "problems": [
                {**each, "label": label_of_column(importable, each["column"])}
                if each["column"]
                else each
                for each in row.problems
            ],
        }
        for row in rows
    ]


def _record_url(importable: Importable, row: ImportRow, model_admin: ImportMixin) -> str:
    options = importable.model._meta
    if not row.object_id or importable.model not in model_admin.admin_site._registry:
        return ""
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.object_id])


def _change(columns: dict[str, Column], change: dict[str, Any]) -> Change:
    column = columns.get(change["column"])
    if column is None:
        return difference(change["column"], str(change["before"]), str(change["after"]))
    language = HTML_LANG.get(column.language.replace("_", "-"), "")
    before, after = column.words(change["before"]), column.words(change["after"])
    return difference(column.label, before, after, html_lang=language)


def _sentences(source: Import, importable: Importable) -> list[str]:
    """What will happen, in the words of readers and staff."""
    counts = source.rows.all()
    new = counts.filter(verdict=Verdict.NEW)
    changed = counts.filter(verdict=Verdict.CHANGED)
    drafts, seen = new.filter(is_public=False).count(), new.filter(is_public=True).count()
    public = changed.filter(is_public=True).count()
    rest = changed.count() - public
    told = [
        (drafts, ngettext(
            "%(n)s new record is added as a draft. Readers do not see it.",
            "%(n)s new records are added as drafts. Readers do not see them.", drafts)),
        (seen, ngettext(
            "%(n)s new record is added, and readers see it at once.",
            "%(n)s new records are added, and readers see them at once.", seen)),
        (public, ngettext(
            "%(n)s record that is on the site changes. Readers see the change at once.",
            "%(n)s records that are on the site change. Readers see the changes at once.", public)),
        (rest, ngettext(
            "%(n)s record that is not on the site changes.",
            "%(n)s records that are not on the site change.", rest)),
    ]  # fmt: skip
    found = [sentence % {"n": f"{n:,}"} for n, sentence in told if n]
    same = counts.filter(verdict=Verdict.SAME).count()
    if same:
        sentence = ngettext(
            "%(n)s row says what is stored already. It stays.",
            "%(n)s rows say what is stored already. They stay.",
            same,
        )
        found.append(sentence % {"n": f"{same:,}"})
    found.append(_("Nothing is published, taken down or deleted, and no email is sent."))
    return found
