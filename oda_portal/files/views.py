"""Files are given out by these two views alone, and never as a page of the portal."""

from __future__ import annotations

from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from oda_portal.accounts.doors import next_door

from . import downloads, renditions
from .fields import CheckedImageField
from .permissions import can_view_file_of, can_view_original


@require_safe
def download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A public document. What is withdrawn is gone: keepers of copies must ask each time."""
    found = downloads.published_file(uuid)
    if found is None:
        raise Http404
    document, file = found
    # The stored name is random and new for each content.
    etag = f'"{str(file.name).rpartition("/")[2]}"'
    response = get_conditional_response(request, etag=etag) or _file(file)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Content-Disposition"] = downloads.disposition(
        downloads.file_name(document, file)
    )
    return downloads.guarded(response)


@require_safe
def original(request: HttpRequest, label: str, pk: int, field: str = "") -> HttpResponseBase:
    """The stored file of a photo or a document, for staff with a second step who may see it.

    Without a field it is the model’s only one, or its first.
    """
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise Http404 from error
    known = downloads.file_fields(model) or downloads.staff_fields(model)
    known = known or (["image"] if renditions.is_registered(model) else [])
    field = field or next(iter(known), "")
    if field not in known or not can_view_original(request.user, model):
        raise Http404
    row = model._base_manager.filter(pk=pk).exclude(**{field: ""}).first()
    if row is None or not can_view_file_of(request.user, row):
        raise Http404
    if door := next_door(request, coming_back_to=request.get_full_path()):
        return redirect(door)
    response = _file(getattr(row, field), as_attachment=not _is_picture(model, field))
    response.headers["Cache-Control"] = "private, no-store"
    return downloads.guarded(response)


def _is_picture(model: type[models.Model], field: str) -> bool:
    return isinstance(model._meta.get_field(field), CheckedImageField)


def _file(file: FieldFile, *, as_attachment: bool = True) -> HttpResponseBase:
    kind = downloads.content_type(file)
    try:
        return FileResponse(file.open("rb"), content_type=kind, as_attachment=as_attachment)
    except FileNotFoundError as error:
        raise Http404 from error
