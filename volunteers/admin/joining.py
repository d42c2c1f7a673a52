"""Two rows that are one person: found, compared side by side, joined, and taken apart again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.privacy.masking import masked_email
from oda_portal.privacy.models import Act
from volunteers import permissions, persons
from volunteers.models import Volunteer

from .forms import ReasonForm

if TYPE_CHECKING:
    from .volunteers import VolunteerAdmin

# What is compared: the label, and how it is shown.
ROWS: list[tuple[Any, Callable[[Volunteer], Any]]] = [
    (gettext_lazy("full name"), lambda row: row.name),
    (gettext_lazy("name in Roman letters"), lambda row: row.name_roman),
    (gettext_lazy("date of birth"), lambda row: row.born_on),
    (gettext_lazy("email"), lambda row: row.user.email if row.user else row.email),
    (gettext_lazy("mobile number"), lambda row: row.mobile),
    (gettext_lazy("where they live"), lambda row: row.residence),
]


class MetTwiceFilter(admin.SimpleListFilter):
    title = gettext_lazy("duplicates")
    parameter_name = "twice"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Same name and date of birth"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return persons.met_twice(queryset) if self.value() == "yes" else queryset


def join_page(
    model_admin: VolunteerAdmin, request: HttpRequest, object_id: int, other_id: int
) -> HttpResponseBase:
    """Both side by side, what comes together, and what that changes; then the join."""
    volunteer = model_admin.to_look_at(request, str(object_id))
    permissions.require(permissions.can_join_volunteers(request.user))
    alike = {row.pk: row for row in persons.possible_duplicates(volunteer)}
    if other_id not in alike:
        # Joined a moment ago, or never alike: the person's page says how it is.
        return redirect(model_admin.address("change", volunteer))
    other = alike[other_id]
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        persons.join(other, volunteer, by=request.user, reason=reason)  # type: ignore[arg-type]
        model_admin.look(request, Act.EDIT, [volunteer, other], what="join")
        sentence = _("From now on both are read as one person.")
        model_admin.message_user(request, sentence, messages.SUCCESS)
        return redirect(model_admin.address("change", volunteer))
    # The page shows both in clear, whether it is asked for or its form comes back.
    if not model_admin.shows_all(request, volunteer):
        return redirect(model_admin.to_reveal(volunteer, coming_back_to=request.path))
    why = model_admin.reason_to_show(request, volunteer)
    model_admin.look(request, Act.DETAIL, [other], what="join", reason=why)
    own, theirs = persons.applications_of(volunteer), persons.applications_of(other)
    return model_admin.page(
        request,
        volunteer,
        "admin/volunteers/join.html",
        what="join",
        title=_("Join two records of one person"),
        form=form,
        other=other,
        rows=[(label, shown(volunteer), shown(other)) for label, shown in ROWS],
        own=own,
        theirs=theirs,
        twice=sorted({row.call.title for row in own} & {row.call.title for row in theirs}),
    )


def separate_page(
    model_admin: VolunteerAdmin, request: HttpRequest, object_id: int, other_id: int
) -> HttpResponseBase:
    volunteer = model_admin.to_look_at(request, str(object_id))
    permissions.require(permissions.can_join_volunteers(request.user))
    other = get_object_or_404(Volunteer, pk=other_id, merged_into=volunteer)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = persons.separate(other, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
        model_admin.look(request, Act.EDIT, [volunteer, other], what="separate")
        said, level = _("From now on they are two people again."), messages.SUCCESS
        if not done:
            said, level = (
                _("They have the same address and no account: they stay one person."),
                (messages.WARNING),
            )
        model_admin.message_user(request, said, level)
        return redirect(model_admin.address("change", volunteer))
    model_admin.look(request, Act.DETAIL, [other], what="separate")
    return model_admin.page(
        request,
        volunteer,
        "admin/act.html",
        what="separate",
        title=_("Take two people apart again"),
        form=form,
        button=_("Take apart"),
        explanation=_("%(name)s (%(email)s) gets a record of their own again.")
        % {"name": other, "email": masked_email(other.user.email if other.user else other.email)},
    )
