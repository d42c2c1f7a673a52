"""Who comes to an event: read, counted, exported with a reason; changed by acts alone."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from forums.doors.certificates import KIND as ATTENDANCE
from forums.models import Forum, Registration
from forums.models.registrations import State
from forums.registering import acts, mails, permissions, wording
from forums.registering.sessions import held_by
from forums.registering.times import may_be_cancelled
from oda_portal.accounts.areas import within
from oda_portal.certificates.admin.starting import issue_selected
from oda_portal.certificates.permissions import can_start_batch
from oda_portal.mail.rendering import Stationery
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.masking import hidden, masked_email
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct
from oda_portal.publishing.admin_base import ReadOnlyAdmin
from oda_portal.publishing.effects import stamp_of
from oda_portal.seats import waiting
from oda_portal.seats.models import Seat
from programs.admin.areas import WithinAreas

from .edition_acts import add_acts
from .registration_forms import LineForm, NeededReasonForm
from .registration_letters import letter_to, offers_after_cancelling
from .registration_places import places_page
from .registration_telling import tell_page

# Badges have the colours of publishing's stages.
COLOURS = {
    State.CONFIRMED: "public",
    State.OFFERED: "scheduled",
    State.WAITING: "draft",
    State.CANCELLED: "withdrawn",
}


class StateFilter(admin.SimpleListFilter):
    """What the seats say; it is not stored anywhere."""

    title = pgettext_lazy("registration", "state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(State.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.in_state(self.value()) if self.value() in State.values else queryset


class ForumFilter(admin.SimpleListFilter):
    """Those events alone for which somebody registers here."""

    title = pgettext_lazy("event", "forum")
    parameter_name = "forum"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        rows = Forum.objects.exclude(pool=None).select_related("program").newest_first()
        rows = rows.filter(within(request.user, Forum))
        return [(str(row.pk), str(row)) for row in rows[:50]]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value()
        return queryset.filter(forum=int(chosen)) if chosen else queryset


@admin.register(Registration)
class RegistrationAdmin(WithinAreas, RecordedLooks, ReadOnlyAdmin):
    program_path = "forum__program"
    list_display = (
        "number", "name", "state_badge", "size", "people_in", "affiliation", "registered_at",
        "forum",
    )  # fmt: skip
    list_filter = (ForumFilter, StateFilter, "language", ("arrived_at", admin.EmptyFieldListFilter))
    # How many of each, beside the filters.
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ("name", "affiliation", "=number", "=email")
    date_hierarchy = "registered_at"
    actions = ("issue_certificates",)
    # Not what somebody needs: it is destroyed soon, and a file would outlive that.
    export_columns = (
        "number", "name", "affiliation", "email", "language", "size", "state_label",
        "registered_at", "arrived_at", "arrived",
    )  # fmt: skip
    masked = {"email": masked_email, "needs": hidden}
    readonly_fields = ("state_badge", "line", "sessions_held", "needs", "people_in")
    fields = (
        "number", "forum", "state_badge", "line", ("name", "affiliation"), "email", "language",
        "size", "sessions_held", "needs", ("registered_at", "cancelled_at"), "people_in",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        rows = super().get_queryset(request).with_state()  # type: ignore[attr-defined]
        return rows.select_related("forum__program", "forum__pool", "need")

    # --- columns -------------------------------------------------------------------------------

    @admin.display(description=pgettext_lazy("registration", "state"))
    def state_badge(self, registration: Registration) -> SafeString:
        colour = COLOURS[State(registration.state)]
        label = wording.badge(registration).label
        return format_html('<span class="badge stage-{}">{}</span>', colour, label)

    @admin.display(description=pgettext_lazy("registration", "state"))
    def state_label(self, registration: Registration) -> str:
        return str(State(registration.state).label)

    @admin.display(description=gettext_lazy("place on the waiting list"))
    def line(self, registration: Registration) -> str:
        return str(registration.place_in_line or "–")

    @admin.display(description=gettext_lazy("people in"), ordering="arrived")
    def people_in(self, registration: Registration) -> str:
        return f"{registration.arrived}/{registration.size}" if registration.arrived else "–"

    @admin.display(description=gettext_lazy("sessions"))
    def sessions_held(self, registration: Registration) -> str:
        held = [f"{row.session} ({Seat.State(row.state).label})" for row in held_by(registration)]
        return " · ".join(held) or "–"

    @admin.display(description=gettext_lazy("what they need from us"))
    def needs(self, registration: Registration) -> str:
        need = getattr(registration, "need", None)
        return need.text if need else "–"

    # --- acts ------------------------------------------------------------------------------------

    def has_certificate_permission(self, request: HttpRequest) -> bool:
        return can_start_batch(request.user)

    @admin.action(
        description=gettext_lazy("Issue certificates of attendance"), permissions=["certificate"]
    )
    def issue_certificates(self, request: HttpRequest, queryset: Any) -> HttpResponseBase:
        return issue_selected(self, request, queryset, kind_name=ATTENDANCE)

    def list_of(self, forum: Forum) -> str:
        return f"{reverse('admin:forums_registration_changelist')}?forum={forum.pk}"

    def get_urls(self) -> list[URLPattern]:
        guarded, name = self.admin_site.admin_view, "forums_registration"
        pages = {
            "places/<int:forum_id>/": (places_page, "places"),
            "tell/<int:forum_id>/": (tell_page, "tell"),
            "<int:pk>/cancel/": (cancel_page, "cancel"),
            "<int:pk>/line/": (line_page, "line"),
        }
        return [
            *(
                path(address, guarded(partial(page, self)), name=f"{name}_{short}")
                for address, (page, short) in pages.items()
            ),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        registration = kwargs["obj"]
        if permissions.can_change_registrations(request.user):
            context["acts"] = self._acts_on(registration)
        return super().render_change_form(request, context, *args, **kwargs)

    def _acts_on(self, registration: Registration) -> list[ObjectAct]:
        shown = []
        if registration.state == State.WAITING:
            shown.append(ObjectAct(_("Change the order"), _address("line", registration)))
        if not registration.cancelled_at and may_be_cancelled(registration):
            shown.append(ObjectAct(_("Cancel the registration"), _address("cancel", registration)))
        return shown

    def act_page(
        self, request: HttpRequest, registration: Registration, template: str, **context: Any
    ) -> HttpResponseBase:
        self.look(request, Act.DETAIL, [registration], what="act")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": registration,
            "back": _address("change", registration),
            **context,
        }
        return TemplateResponse(request, template, context)


def cancel_page(model_admin: RegistrationAdmin, request: HttpRequest, pk: int) -> HttpResponseBase:
    """For somebody who asks the office to; the mail is shown before it goes."""
    registration = _to_act_on(model_admin, request, pk)
    form = NeededReasonForm(request.POST if request.method == "POST" else None)
    stationery = Stationery()
    letter = letter_to(registration, mails.cancelled_of(registration), stationery)
    offers = offers_after_cancelling(registration, stationery)
    # Who, and not until when they may answer, which is later with every minute.
    stamp = stamp_of(letter.letter.text, [row.registration.pk for row in offers])
    is_same = request.POST.get("shown") == stamp
    if form.is_valid() and is_same:
        done = acts.cancel(registration, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
        model_admin.look(request, Act.EDIT, [registration], what="cancel")
        sentence = _("The registration is cancelled.") if done else _("It could not be cancelled.")
        level = messages.SUCCESS if done else messages.WARNING
        model_admin.message_user(request, sentence, level)
        return redirect(_address("change", registration))
    model_admin.look(request, Act.LIST, [row.registration for row in offers], what="cancel")
    return model_admin.act_page(
        request,
        registration,
        "admin/forums/registration_cancel.html",
        title=_("Cancel the registration"),
        button=_("Cancel the registration"),
        explanation=_("What becomes free is offered to whoever waits, by email and in order."),
        form=form,
        shown=letter,
        offers=offers,
        stamp=stamp,
        has_changed=request.method == "POST" and not is_same,
    )


def line_page(model_admin: RegistrationAdmin, request: HttpRequest, pk: int) -> HttpResponseBase:
    """Another place on the waiting list, for a reason that is kept."""
    registration = _to_act_on(model_admin, request, pk)
    if registration.state != State.WAITING:
        raise Http404
    form = LineForm(request.POST if request.method == "POST" else None)
    pool = registration.forum.pool
    if form.is_valid():
        waiting.put_at(pool, registration, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        model_admin.look(request, Act.EDIT, [registration], what="line")
        sentence = _("The order has been changed. Those who wait see their new numbers.")
        model_admin.message_user(request, sentence, messages.SUCCESS)
        return redirect(_address("change", registration))
    return model_admin.act_page(
        request,
        registration,
        "admin/act.html",
        title=_("Change the order"),
        button=_("Change the order"),
        explanation=_("Now number %(place)s of %(all)s. No email will be sent.")
        % {"place": registration.place_in_line, "all": waiting.waiting_in(pool).count()},  # type: ignore[arg-type]
        form=form,
    )


def _to_act_on(model_admin: RegistrationAdmin, request: HttpRequest, pk: int) -> Registration:
    permissions.require(permissions.can_change_registrations(request.user))
    rows = Registration.objects.select_related("forum__program", "forum__pool", "user")
    registration = rows.filter(within(request.user, Registration), pk=pk).first()
    if registration is None or registration.forum.is_frozen:
        raise Http404
    return registration


def _address(page: str, registration: Registration) -> str:
    return reverse(f"admin:forums_registration_{page}", args=[registration.pk])


def registration_acts(request: HttpRequest, forum: Forum) -> list[ObjectAct]:
    """On the page of the edition."""
    shown = []
    if forum.pool_id and permissions.can_view_registrations(request.user):
        count = forum.registrations.standing().count()
        label = ngettext("%(n)s registration", "%(n)s registrations", count) % {"n": count}
        address = reverse("admin:forums_registration_changelist")
        shown.append(ObjectAct(label, f"{address}?forum={forum.pk}"))
    if not forum.is_frozen and permissions.can_change_registrations(request.user):
        places = reverse("admin:forums_registration_places", args=[forum.pk])
        shown.append(ObjectAct(_("Places"), places))
    if forum.pool_id and not forum.is_frozen and permissions.can_tell_registered(request.user):
        tell = reverse("admin:forums_registration_tell", args=[forum.pk])
        shown.append(ObjectAct(_("Tell those who registered"), tell))
    return shown


add_acts(registration_acts)
