"""Applications: read as they were sent, moved from state to state, asked about."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.files.downloads import private_response
from oda_portal.privacy.masking import hidden, masked_telephone
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct
from oda_portal.publishing.kept_choices import UsedFilter
from oda_portal.readable import SIGNS
from oda_portal.reviews.decisions import held_for
from programs.admin.areas import WithinAreas
from volunteers import permissions
from volunteers.models import Application, ApplicationFile, Choice, State
from volunteers.models.applications import RECEIPT_LENGTH
from volunteers.models.interviews import may_have_interview
from volunteers.models.states import MOVES, STAFF_ACTS, STAFF_WORDS

from . import moves
from .asking import ask_page
from .details import decision_of, details_of
from .filters import (
    AnsweredFilter,
    DecisionFilter,
    StateFilter,
    TeamFilter,
    WaitingFilter,
    with_decision,
)
from .interview_people import InterviewFilter, interview_page
from .ordering import put_at_page, take_back_page
from .persons import MASKED, PersonAdmin, handed_in


@admin.register(Application)
class ApplicationAdmin(WithinAreas, PersonAdmin):
    program_path = "call__openings__program"
    program_is_optional = True
    list_display = ("receipt", "name", "call", "wishes", "state", "decided", "sent_at")
    list_display_links = ("receipt", "name")
    list_filter = (
        ("call", UsedFilter), StateFilter, TeamFilter, "language",
        DecisionFilter, InterviewFilter, AnsweredFilter, WaitingFilter,
    )  # fmt: skip
    list_select_related = ("call", "volunteer__user")
    search_fields = (
        "receipt", "volunteer__name", "=volunteer__name_roman", "=volunteer__email",
        "=volunteer__user__email",
    )  # fmt: skip
    date_hierarchy = "sent_at"
    ordering = ("-sent_at", "-pk")
    export_columns = ("receipt", "name", "email", "call", "wishes", "state", "sent_at")
    masked = {
        **{
            name: MASKED[name]
            for name in (
                "name_roman", "born_on", "email", "telephone", "residence", "affiliation",
            )
        },
        **dict.fromkeys(("guardian_name", "languages", "skills", "experience"), hidden),
        "guardian_telephone": masked_telephone,
        "motivation": hidden,
    }  # fmt: skip
    masked_besides = (gettext_lazy("Answers to the call’s questions"),)
    readonly_fields = (
        "name", "name_roman", "born_on", "email", "telephone", "residence", "affiliation",
        "guardian_telephone", "decision",
    )  # fmt: skip
    fieldsets = (
        (
            gettext_lazy("Person"),
            {
                "fields": (
                    ("name", "name_roman"), "born_on", "email", "telephone",
                    ("residence", "affiliation"), ("guardian_name", "guardian_telephone"),
                )
            },
        ),
        (
            gettext_lazy("Application"),
            {
                "fields": (
                    "call", ("state", "state_at"), ("opening", "answer_by"), "decision",
                    ("sent_at", "changed_at"), "language",
                )
            },
        ),
        (
            gettext_lazy("What the applicant wrote"),
            {"fields": ("languages", "skills", "experience", "motivation")},
        ),
    )  # fmt: skip

    # --- who and what is shown -------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        rows = super().get_queryset(request).filter(handed_in())
        choices = Choice.objects.select_related("opening__city")
        rows = rows.select_related("call", "volunteer__user", "opening__city", "opening__pool")
        if permissions.can_move_application(request.user):
            # Of nobody else’s: a list is filtered by any column that it is asked for.
            rows = with_decision(rows)
        return rows.prefetch_related(Prefetch("choices", choices))

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return _without_outcome(request, super().get_list_display(request))

    def get_list_filter(self, request: HttpRequest) -> Any:
        return _without_outcome(request, super().get_list_filter(request))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            (title, {**options, "fields": _without_outcome(request, options["fields"])})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def people_of(self, obj: Application) -> list[Any]:
        return [obj, obj.volunteer, obj.volunteer.user]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, _as_receipt(search_term))

    def has_export_permission(self, request: HttpRequest) -> bool:
        return permissions.can_export_application(request.user)

    @admin.display(description=gettext_lazy("full name"), ordering="volunteer__name")
    def name(self, application: Application) -> str:
        return application.volunteer.name

    @admin.display(description=gettext_lazy("choices"))
    def wishes(self, application: Application) -> str:
        return ", ".join(f"{row.rank}. {row.opening}" for row in application.choices.all())

    @admin.display(description=gettext_lazy("decision not yet announced"))
    def decided(self, application: Application) -> str:
        outcome = application.held_outcome  # type: ignore[attr-defined]
        return str(MOVES[outcome][1].label) if outcome else ""

    @admin.display(description=gettext_lazy("decision not yet announced"))
    def decision(self, application: Application) -> str:
        return decision_of(application)

    @admin.display(description=gettext_lazy("name in Roman letters"))
    def name_roman(self, application: Application) -> str:
        return application.volunteer.name_roman

    @admin.display(description=gettext_lazy("date of birth"))
    def born_on(self, application: Application) -> Any:
        return application.volunteer.born_on

    @admin.display(description=gettext_lazy("email"))
    def email(self, application: Application) -> str:
        person = application.volunteer
        return person.user.email if person.user else person.email

    @admin.display(description=gettext_lazy("mobile number"))
    def telephone(self, application: Application) -> str:
        return application.volunteer.mobile

    @admin.display(description=gettext_lazy("where they live"))
    def residence(self, application: Application) -> str:
        return application.volunteer.residence

    @admin.display(description=pgettext_lazy("person", "organisation"))
    def affiliation(self, application: Application) -> str:
        return application.volunteer.affiliation

    @admin.display(description=gettext_lazy("telephone of the parent or guardian"))
    def guardian_telephone(self, application: Application) -> str:
        return application.guardian_mobile

    def details(self, request: HttpRequest, obj: Application) -> dict[str, Any]:
        with_places = permissions.can_move_application(request.user)
        shows_all = self.shows_all(request, obj)
        return {**details_of(obj, with_places=with_places), "shows_all": shows_all}

    # --- acts ------------------------------------------------------------------------------------

    def get_acts(self, request: HttpRequest, obj: Application) -> list[ObjectAct]:
        acts = []
        if permissions.can_move_application(request.user):
            possible = [act for act in STAFF_ACTS if obj.state in MOVES[act][0]]
            acts += [ObjectAct(str(STAFF_WORDS[act]), self.address(act, obj)) for act in possible]
            if held_for(obj):
                acts.append(ObjectAct(_("Undo the decision"), self.address("take_back", obj)))
            if obj.state == State.RESERVE:
                acts.append(ObjectAct(_("Change the order"), self.address("put_at", obj)))
            if may_have_interview(obj) and obj.call.has_interviews():
                acts.append(ObjectAct(_("Interview"), self.address("interview", obj)))
        if permissions.can_ask_applicant(request.user) and obj.is_withdrawable():
            acts.append(ObjectAct(_("Ask a question"), self.address("ask", obj)))
        return acts

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """With one for each move, of whoever may make it."""
        actions = super().get_actions(request)
        if permissions.can_move_application(request.user):
            for act, words in STAFF_WORDS.items():
                name = f"{moves.PREFIX}{act}"
                actions[name] = (partial(moves.move_selected, act=act), name, words)
        return actions

    def get_urls(self) -> list[URLPattern]:
        guarded, name = self.admin_site.admin_view, "volunteers_application"
        return [
            *[
                path(
                    f"<path:object_id>/{act.replace('_', '-')}/",
                    guarded(partial(moves.move_page, self)),
                    {"act": act},
                    name=f"{name}_{act}",
                )
                for act in STAFF_ACTS
            ],
            path(
                "<path:object_id>/take-back/",
                guarded(partial(take_back_page, self)),
                name=f"{name}_take_back",
            ),
            path(
                "<path:object_id>/put-at/",
                guarded(partial(put_at_page, self)),
                name=f"{name}_put_at",
            ),
            path(
                "<path:object_id>/interview/",
                guarded(partial(interview_page, self)),
                name=f"{name}_interview",
            ),
            path("<path:object_id>/ask/", guarded(partial(ask_page, self)), name=f"{name}_ask"),
            path("files/<uuid:uuid>/", guarded(self.file_view), name=f"{name}_file"),
            *super().get_urls(),
        ]

    def file_view(self, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
        rows = ApplicationFile.objects.filter(application__in=self.get_queryset(request))
        file = get_object_or_404(rows.select_related("application__volunteer__user"), uuid=uuid)
        permissions.require(self.has_view_permission(request, file.application))
        response = private_response(file.file, file.name)
        self.look(request, Act.FILE, [file.application], what="file")
        return response


def _without_outcome(request: HttpRequest, parts: Iterable[Any]) -> list[Any]:
    """What was decided and not announced yet is for who decides."""
    if permissions.can_move_application(request.user):
        return [*parts]
    theirs = ("decided", "decision", DecisionFilter, WaitingFilter)
    return [part for part in parts if part not in theirs]


def _as_receipt(words: str) -> str:
    """A receipt number as it is kept, when that is what somebody typed without its hyphen."""
    plain = words.strip().upper()
    if len(plain) == RECEIPT_LENGTH and set(plain) <= set(SIGNS):
        return f"{plain[:5]}-{plain[5:]}"
    return words
