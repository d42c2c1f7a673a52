"""Issuing to many from any list of the back office: who gets what, then the batch."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from oda_portal.certificates import actions, permissions, previews, registry
from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import Act


def issue_selected(
    model_admin: admin.ModelAdmin, request: HttpRequest, queryset: Any, *, kind_name: str,
) -> HttpResponseBase:  # fmt: skip
    """For an action of another admin, with its list of subjects; `action` is its name.

    First everybody with what they get, or why not yet; once it is confirmed, the progress.
    """
    if not permissions.can_start_batch(request.user):
        raise PermissionDenied
    subjects = list(queryset)
    kind, what = registry.kind_of(kind_name), f"certificates.batch {kind_name}"
    if "sure" in request.POST:
        batch = actions.start_batch(kind_name, subjects, by=request.user)  # type: ignore[arg-type]
        record_look(request, Act.EDIT, kind.people(subjects), what=what)
        return redirect("admin:certificates_batch_change", batch.pk)
    record_look(request, Act.LIST, kind.people(subjects), what=what)
    foreseen = previews.foresee(kind_name, subjects, language=get_language() or "")
    # Those of one language differ in the greeting and the number alone.
    letters = {row.shown.language: row.shown for row in foreseen if row.shown}
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Issue certificates: %(kind)s") % {"kind": kind.label},
        "getting": [row for row in foreseen if not row.why_not and not row.present],
        "present": [row for row in foreseen if row.present],
        "refused": [row for row in foreseen if row.why_not],
        "letters": list(letters.values()),
        "action": request.POST.get("action", ""),
        "back": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/certificates/start.html", context)
