"""Long work that stopped, on the first page of the back office."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from oda_portal.admin import Counted

from .models import Job

# For so many days a failure is news.
NEWS = 7


def failed_jobs(request: HttpRequest) -> Counted | None:
    """One's own, or everybody's for who may see all; cancelled ones were somebody's wish."""
    known = admin.site.get_model_admin(Job)
    if not known.has_view_permission(request):
        return None
    first = timezone.localdate() - timedelta(days=NEWS)
    since = timezone.make_aware(datetime.combine(first, time()))
    rows = known.get_queryset(request).filter(finished_at__gte=since, cancelled_at=None)
    query = urlencode({"state": Job.State.FAILED, "finished_at__gte": since.isoformat()})
    url = f"{reverse('admin:jobs_job_changelist')}?{query}"
    return Counted(rows.exclude(error=""), _failed, url, is_urgent=True)


def _failed(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s piece of long work has stopped with an error.",
        "%(count)s pieces of long work have stopped with an error.",
        count,
    ) % {"count": count}
