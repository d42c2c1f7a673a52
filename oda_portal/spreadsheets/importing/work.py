"""The two kinds of long work, and who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from oda_portal.jobs.registry import JobKind, register

from . import acts, registry
from .models import Import
from .rights import rights_of

if TYPE_CHECKING:
    from oda_portal.jobs.models import Job


def register_all() -> None:
    checking, importing = (
        pgettext_lazy("job", "Checking a spreadsheet"),
        pgettext_lazy("job", "Import"),
    )
    register(JobKind(acts.CHECK, checking, acts.check, may_see=_may_see, links=_links))
    register(JobKind(acts.APPLY, importing, acts.apply, may_see=_may_see, links=_links))


def _import_of(job: Job) -> Import | None:
    rows = Import.objects.light().select_related("content_type")
    return rows.filter(pk=job.arguments.get("import")).first()


def _may_see(user: Any, job: Job) -> bool:
    """Whoever may import all of these records sees what others have imported."""
    source = _import_of(job)
    if job.asked_by_id == user.pk or source is None:
        return job.asked_by_id == user.pk or user.has_perm("jobs.view_job")
    rights = rights_of(user, source.model)
    return rights.may_see(source) or (rights.sees_all and user.has_perm("jobs.view_job"))


def _links(job: Job) -> list[tuple[str, str]]:
    source = _import_of(job)
    return [(_("What the file changes"), address_of(source))] if source else []


def address_of(source: Import, page: str = "import_one") -> str:
    """Of a page about this import, in the list that takes it in."""
    listed = registry.importable_of(source.model).page._meta
    name = f"admin:{listed.app_label}_{listed.model_name}_{page}"
    return reverse(name, args=[source.uuid])
