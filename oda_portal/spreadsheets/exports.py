"""Lists of the back office as files: small ones at once, large ones in the background."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.exceptions import NotRegistered
from django.core.files import File
from django.db import models, transaction
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oda_portal.accounts.areas import areas_of
from oda_portal.files.downloads import disposition, guarded
from oda_portal.jobs import actions as jobs
from oda_portal.jobs.models import Job
from oda_portal.jobs.refusals import JobRefusedError
from oda_portal.publishing.parts import in_parts

from .columns import Column, cells_of, chosen, columns_of, rows_with
from .writing import writer_for

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

KIND = "spreadsheets.export"
# So many are written while the person waits.
AT_ONCE = 2000
# More are asked for by nobody who knows the filters. Of persons each one is recorded first.
MOST, MOST_PERSONS = 100_000, 20_000
_PART = 500


def export(
    model_admin: ModelAdmin,
    request: HttpRequest,
    keys: list[int],
    *,
    format: str,
    columns: Iterable[str],
    once: str = "",
) -> HttpResponseBase:
    """The file, or the page that says how far it is. Looks are recorded by the caller."""
    wanted = chosen(columns_of(model_admin, request), columns)
    if len(keys) > AT_ONCE:
        kinds = areas_of(request.user)
        arguments = {
            "model": model_admin.opts.label_lower,
            "format": format,
            "columns": [column.key for column in wanted],
            # Of programme, to which whoever asked was limited; None for all of them.
            "kinds": None if kinds is None else sorted(kinds),
        }
        return redirect(_start(model_admin, request.user, keys, arguments, once).get_admin_url())  # type: ignore[arg-type]
    file = TemporaryFile()  # noqa: SIM115  (the response closes it)
    writer = writer_for(format, file, wanted)
    for rows in _rows(model_admin, request, wanted, keys):
        writer.write(cells_of(row, wanted) for row in rows)
    writer.close()
    file.seek(0)
    return _download(file, file_name(model_admin.model, format))


def _start(
    model_admin: ModelAdmin, by: User, keys: list[int], arguments: dict[str, Any], once: str
) -> Job:
    title = _("Export: %(list)s") % {"list": capfirst(model_admin.opts.verbose_name_plural)}
    with transaction.atomic():
        job = jobs.start(KIND, by=by, total=len(keys), arguments=arguments, title=title, once=once)
        job.keep_keys(keys)
    return job


def _download(file: Any, name: str) -> HttpResponseBase:
    response = FileResponse(file, as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    return guarded(response)


def file_name(model: type[models.Model], format: str) -> str:
    return f"{model._meta.model_name}-{timezone.localdate().isoformat()}.{format}"


def _rows(
    model_admin: ModelAdmin, request: HttpRequest, columns: list[Column], keys: Iterable[int]
) -> Iterator[list[Any]]:
    """The rows of these keys in their order, some at a time; what is gone is left out."""
    rows = rows_with(model_admin.get_queryset(request).order_by(), columns)
    for part in in_parts(keys, _PART):
        found = {row.pk: row for row in rows.filter(pk__in=part)}
        yield [found[key] for key in part if key in found]


# --- in the background -------------------------------------------------------------------------


def work(job: Job) -> Iterator[None]:
    """As the list is for whoever asked, with the rights that they have now."""
    model_admin, request = _asked_of(job), _request_of(job)
    if not model_admin.has_export_permission(request):
        raise JobRefusedError(_("You may no longer see this list."))
    wanted = chosen(columns_of(model_admin, request), job.arguments["columns"])
    format = job.arguments["format"]
    with NamedTemporaryFile() as file:
        writer = writer_for(format, file, wanted)
        for keys in job.kept_keys():
            for rows in _rows(model_admin, request, wanted, keys):
                writer.write(cells_of(row, wanted) for row in rows)
            job.done += len(keys)
            yield
        writer.close()
        file.seek(0)
        job.keep_result(File(file), file_name(model_admin.model, format))


def may_fetch(user: User, job: Job) -> bool:
    """Whether somebody still has the rights with which they asked for the file."""
    request = HttpRequest()
    request.user = user
    try:
        model_admin = _asked_of(job)
    except JobRefusedError:
        return False
    if not model_admin.has_export_permission(request):
        return False
    kinds, made_of = areas_of(user), job.arguments.get("kinds")
    if kinds is not None and (made_of is None or not kinds.issuperset(made_of)):
        return False
    return {column.key for column in columns_of(model_admin, request)}.issuperset(
        job.arguments["columns"]
    )


def _asked_of(job: Job) -> Any:
    try:
        return admin.site.get_model_admin(apps.get_model(job.arguments["model"]))
    except (LookupError, NotRegistered) as error:
        raise JobRefusedError(_("This list is no longer there.")) from error


def _request_of(job: Job) -> HttpRequest:
    if job.asked_by is None or not job.asked_by.is_active:
        raise JobRefusedError(_("The account that asked for it has been closed."))
    request = HttpRequest()
    request.user = job.asked_by
    return request
