"""What leaves the house on paper: the list for the door, and the badges; each with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from forums.models import Forum, Registration
from oda_portal.accounts.doors import staff_page
from oda_portal.files.downloads import disposition, guarded
from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import Act
from oda_portal.privacy.numbers import RefuseResidentNumbers

from . import attendance, badges
from .forms import reason_field
from .permissions import CHECK_IN
from .views import crumbs, forum_or_404


class PrintForm(RefuseResidentNumbers, forms.Form):
    """`rows`: of whom there is a list or a badge, in the order of their names."""

    sheet = forms.ChoiceField(
        label=gettext_lazy("What to print"),
        choices=[("list", gettext_lazy("List for the door")), ("badges", gettext_lazy("Badges"))],
        widget=forms.RadioSelect,
        initial="list",
    )
    whom = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=[
            ("all", gettext_lazy("Everyone with a place")),
            ("out", gettext_lazy("Whoever is not in yet")),
        ],
        widget=forms.RadioSelect,
        initial="all",
    )
    part = forms.TypedChoiceField(label=gettext_lazy("Part of the badges"), coerce=int)
    reason = reason_field(gettext_lazy("It is recorded in the personal data access log."))

    def __init__(self, *args: Any, forum: Forum, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.forum = forum
        parts = _parts(attendance.expected(forum).count())
        self.fields["part"].choices = parts  # type: ignore[attr-defined]
        if len(parts) == 1:
            self.fields["part"].widget = forms.HiddenInput()
            self.fields["part"].initial = parts[0][0]

    def rows(self) -> list[Registration]:
        """Those of a badge sheet are cut by who is expected: printing later cuts no other way."""
        rows = sorted(attendance.expected(self.forum), key=lambda one: (one.name, one.pk))
        if self.cleaned_data["sheet"] == "badges":
            start = self.cleaned_data["part"] * badges.AT_ONCE
            rows = rows[start : start + badges.AT_ONCE]
        if self.cleaned_data["whom"] == "out":
            rows = [one for one in rows if one.arrived < one.size]
        return rows


def _parts(number: int) -> list[tuple[int, str]]:
    starts = range(0, max(number, 1), badges.AT_ONCE)
    return [
        (part, f"{start + 1}–{min(start + badges.AT_ONCE, number)}")
        for part, start in enumerate(starts)
    ]


@never_cache
@staff_page(CHECK_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def check_in_print(request: HttpRequest, slug: str) -> HttpResponse:
    """First what is wanted and why; then the paper."""
    forum = forum_or_404(request, slug)
    form = PrintForm(request.POST if request.method == "POST" else None, forum=forum)
    if form.is_valid():
        rows = form.rows()
        sheet = form.cleaned_data["sheet"]
        if rows:
            record_look(
                request, Act.PRINT, rows, what=f"forums.registration {sheet}",
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
            return _badges(forum, rows) if sheet == "badges" else _list(request, forum, rows)
        form.add_error(None, _("There is nobody to print."))
    context = {
        "forum": forum,
        "counts": attendance.counts(forum),
        "form": form,
        "crumbs": crumbs(forum, {"label": _("Print")}),
    }
    status = 422 if form.errors else 200
    return render(request, "forums/check_in_print.html", context, status=status)


def _list(request: HttpRequest, forum: Forum, rows: list[Registration]) -> HttpResponse:
    context = {"forum": forum, "program": forum.program, "rows": rows}
    response = render(request, "forums/check_in_sheet.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _badges(forum: Forum, rows: list[Registration]) -> HttpResponse:
    response = HttpResponse(badges.badges_of(forum, rows), content_type="application/pdf")
    response.headers["Content-Disposition"] = disposition(f"badges-{forum.slug}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return guarded(response)
