"""That the content wants care, on the first page of the back office."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext

from oda_portal.admin import Counted

from . import report
from .models import Finding


def findings(request: HttpRequest) -> Counted | None:
    """To translators what is in their languages; to others who work with texts, everything."""
    user = request.user
    if not user.has_perm("care.view_finding") and not user.has_perm("care.change_finding"):
        return None
    rows = report.visible_to(request, Finding.objects.open(), to_change=True)
    url = f"{reverse('admin:care_finding_changelist')}?whose=mine"
    if languages := report.languages_of(user):  # type: ignore[arg-type]
        rows = rows.filter(language__in=languages)
        url = f"{url}&language__in={','.join(languages)}"
    return Counted(rows, _findings, url)


def _findings(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s thing in the content needs care: a link, a picture, an old text or an empty"
        " field.",
        "%(count)s things in the content need care: links, pictures, old texts or empty fields.",
        count,
    ) % {"count": count}
