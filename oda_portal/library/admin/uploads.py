"""Uploading many files at once: each by itself, whatever becomes of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.library import actions
from oda_portal.library.forms import UploadForm
from oda_portal.library.models import Document, Picture

if TYPE_CHECKING:
    from .held import HeldAdmin


@dataclass(frozen=True)
class Outcome:
    """What became of one file; `url` leads to it in the library, "" when it is not there."""

    name: str
    sentence: str
    url: str = ""
    is_new: bool = False

    @property
    def is_refused(self) -> bool:
        return not self.url


def upload_page(pages: HeldAdmin, request: HttpRequest) -> HttpResponseBase:
    """The form, and below it what became of what was sent. A script sends one file at a time."""
    is_sent = request.method == "POST"
    form = UploadForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    outcomes: list[Outcome] = []
    if form.is_valid():
        for upload in form.cleaned_data["uploads"]:
            outcomes.append(_take(pages, request, upload, form.details))
    if request.headers.get("Accept") == "application/json":
        return _for_script(form, outcomes)
    context = {
        **pages.admin_site.each_context(request),
        "opts": pages.opts,
        "title": _("Upload to the library"),
        "form": form,
        "outcomes": outcomes,
        "refused": sum(outcome.is_refused for outcome in outcomes),
        "limits": {
            "picture": settings.IMAGE_MAX_BYTES,
            "document": settings.UPLOAD_MAX_BYTES,
            "files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
        },
        "endings": sorted(actions.PICTURE_ENDINGS),
        "lists": [
            (_("Pictures that need a description"), _to_be_described(Picture)),
            (_("Documents that need a description"), _to_be_described(Document)),
        ],
    }
    return TemplateResponse(request, "admin/library/upload.html", context)


def _to_be_described(model: type[Any]) -> str:
    return reverse(f"admin:library_{model._meta.model_name}_changelist") + "?ready=no"


def _take(
    pages: HeldAdmin, request: HttpRequest, upload: UploadedFile, details: actions.Details
) -> Outcome:
    name = upload.name or ""
    model = Picture if actions.is_picture(name) else Document
    if not request.user.has_perm(f"library.add_{model._meta.model_name}"):
        return Outcome(name, _("You may not add files of this kind."))
    try:
        taken = actions.take(upload, details=details, by=request.user)  # type: ignore[arg-type]
    except ValidationError as error:
        return Outcome(name, " ".join(error.messages))
    row = taken.row
    if taken.is_new:
        pages.log_addition(request, row, [{"added": {}}])
        sentence = _("Uploaded. Now describe it.")
    else:
        sentence = actions.MESSAGES["library_same"] % {"name": str(row)}
    url = reverse(f"admin:library_{row._meta.model_name}_change", args=[row.pk])
    return Outcome(name, sentence, url, taken.is_new)


def _for_script(form: UploadForm, outcomes: list[Outcome]) -> JsonResponse:
    if not outcomes:
        sentences = [str(said) for errors in form.errors.values() for said in errors]
        return JsonResponse({"sentence": " ".join(sentences)}, status=400)
    first = outcomes[0]
    return JsonResponse(
        {
            "name": first.name,
            "sentence": first.sentence,
            "url": first.url,
            "isNew": first.is_new,
        }
    )
