"""What readers ask and think, on the first page of the back office."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from oda_portal.admin import Counted, remind
from oda_portal.desk import days
from oda_portal.pages.models import Inquiry, SatisfactionAnswer

POOR = SatisfactionAnswer.Score.DISSATISFIED
NEW = timedelta(days=7)


def newly_poor(rows: QuerySet[SatisfactionAnswer]) -> QuerySet[SatisfactionAnswer]:
    """Of these those of the last seven days with which somebody was not satisfied."""
    return rows.filter(score__lte=POOR, at__gte=timezone.now() - NEW)


@remind
def poor_answers(request: HttpRequest) -> Counted | None:
    """To whoever can change the pages; others may look them up."""
    known = admin.site.get_model_admin(SatisfactionAnswer)
    if not known.has_view_permission(request) or not request.user.has_perm("pages.add_page"):
        return None
    url = f"{reverse('admin:pages_satisfactionanswer_changelist')}?poor=week"
    return Counted(newly_poor(known.get_queryset(request)), _poor, url)


def _poor(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s reader was not satisfied with a page in the last seven days.",
        "%(count)s readers were not satisfied with a page in the last seven days.",
        count,
    ) % {"count": count}


days.register(
    days.Chart(
        "inquiries",
        gettext_lazy("Questions from readers"),
        [
            days.Series(
                pgettext_lazy("inquiries", "questions"),
                lambda: Inquiry.objects.all(),
                "received_at",
            )
        ],
        lambda user: user.has_perm("pages.view_inquiry"),
        lambda: reverse("admin:pages_inquiry_changelist"),
    )
)
days.register(
    days.Chart(
        "satisfaction",
        gettext_lazy("Satisfaction with pages"),
        [
            days.Series(
                pgettext_lazy("readers", "satisfied or neither"),
                lambda: SatisfactionAnswer.objects.filter(score__gt=POOR),
                "at",
            ),
            days.Series(
                pgettext_lazy("readers", "dissatisfied"),
                lambda: SatisfactionAnswer.objects.filter(score__lte=POOR),
                "at",
            ),
        ],
        lambda user: user.has_perm("pages.view_satisfactionanswer"),
        lambda: reverse("admin:pages_satisfactionanswer_changelist"),
    )
)
