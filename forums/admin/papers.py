"""Papers and topics: read as they were handed in, decided about, put into the programme."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from oda_portal.admin import Counted, remind
from oda_portal.audit.models import Transition
from oda_portal.files.downloads import private_response
from oda_portal.privacy.consents import latest
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.masking import masked_email
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct
from oda_portal.publishing.admin_base import ReadOnlyAdmin
from oda_portal.reviews.admin.links import acts_of as reviews_of
from oda_portal.reviews.decisions import held_for
from oda_portal.reviews.models import Decision
from programs.admin.areas import WithinAreas

from ..models import Forum, Submission
from ..models.submissions import DECISIONS, MOVES, State
from ..papers import deciding, permissions
from . import paper_decisions, paper_places
from .edition_acts import add_acts
from .paper_filters import (
    UNDECIDED,
    DecisionFilter,
    ForumFilter,
    PlacingFilter,
    StateFilter,
    undecided,
)


@admin.register(Submission)
class SubmissionAdmin(WithinAreas, RecordedLooks, ReadOnlyAdmin):
    """Nobody adds, changes or deletes one by hand: people send them, and their time runs out."""

    program_path = "forum__program"

    list_display = ("receipt", "name", "title", "forum", "state", "decided", "sent_at")
    list_display_links = ("receipt", "name")
    list_filter = (ForumFilter, StateFilter, DecisionFilter, PlacingFilter, "language")
    list_select_related = ("forum__program", "user")
    search_fields = ("receipt", "name", "=email", "title", "affiliation")
    date_hierarchy = "sent_at"
    ordering = ("-sent_at", "-pk")
    export_columns = (
        "receipt", "name", "email", "affiliation", "title", "forum", "state", "sent_at",
    )  # fmt: skip
    masked = {"email": masked_email}
    readonly_fields = ("decision",)
    fieldsets = (
        (gettext_lazy("Speaker"), {"fields": (("name", "affiliation"), "email", "language")}),
        (gettext_lazy("What the speaker wrote"), {"fields": ("title", "abstract")}),
        (
            gettext_lazy("Progress"),
            {"fields": ("forum", ("state", "state_at"), "decision", ("sent_at", "changed_at"))},
        ),
        (pgettext_lazy("forum", "Programme"), {"fields": (("session", "speaker"), "placed_at")}),
    )

    # --- who and what is shown -------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        """Drafts are their writers’ alone; what is held, of whoever decides about it."""
        rows = super().get_queryset(request).exclude(state=State.DRAFT)
        rows = rows.select_related("forum__program", "user", "session", "speaker")
        kind = ContentType.objects.get_for_model(Submission)
        held = Decision.objects.filter(content_type=kind, object_id=OuterRef("pk"))
        held = held.filter(released_at=None)
        if not permissions.can_decide_paper(request.user):
            held = held.none()
        own = Submission.objects.written_by(request.user)
        held = held.exclude(object_id__in=own.values("pk"))
        return rows.annotate(
            held_outcome=Subquery(held.values("outcome")[:1]),
            is_own=Exists(own.filter(pk=OuterRef("pk"))),
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """What staff may not know of, somebody’s draft above all, does not exist."""
        obj = super().get_object(request, object_id, from_field)
        if obj is None:
            raise Http404
        return obj

    def people_of(self, obj: Submission) -> list[Any]:
        return [obj, obj.user]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return permissions.can_export_paper(request.user)

    @admin.display(description=gettext_lazy("decision not yet announced"))
    def decided(self, submission: Submission) -> str:
        outcome = submission.held_outcome  # type: ignore[attr-defined]
        return str(MOVES[outcome][1].label) if outcome else ""

    @admin.display(description=gettext_lazy("decision not yet announced"))
    def decision(self, submission: Submission) -> str:
        held = held_for(submission) if submission.held_outcome else None  # type: ignore[attr-defined]
        if held is None:
            return "–"
        parts = (MOVES[held.outcome][1].label, held.decided_by, held.reason)
        return " · ".join(str(part) for part in parts if part)

    # --- acts ------------------------------------------------------------------------------------

    def get_acts(self, request: HttpRequest, obj: Submission) -> list[ObjectAct]:
        """None on one’s own: others decide about it."""
        acts: list[ObjectAct] = []
        if obj.is_own:  # type: ignore[attr-defined]
            return acts
        if permissions.can_decide_paper(request.user):
            if deciding.may_be_decided(obj):
                words = paper_decisions.WORDS
                acts += [ObjectAct(str(words[act]), self.address(act, obj)) for act in DECISIONS]
            if obj.held_outcome:  # type: ignore[attr-defined]
                acts.append(ObjectAct(_("Undo the decision"), self.address("take_back", obj)))
        if permissions.can_place_paper(request.user) and obj.state == State.CONFIRMED:
            acts.append(ObjectAct(_("Put into the programme"), self.address("place", obj)))
        return acts

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if permissions.can_decide_paper(request.user):
            for act, words in paper_decisions.WORDS.items():
                name = f"{paper_decisions.PREFIX}{act}"
                selected = partial(paper_decisions.decide_selected, act=act)
                actions[name] = (selected, name, words)
        return actions

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, Any]] = [
            *[(act, partial(paper_decisions.decide_page, self, act=act)) for act in DECISIONS],
            ("take_back", partial(paper_decisions.take_back_page, self)),
            ("place", partial(paper_places.place_page, self)),
            ("slides", self.slides_view),
        ]
        guarded = self.admin_site.admin_view
        return [
            *[
                path(
                    f"<int:object_id>/{name.replace('_', '-')}/",
                    guarded(view),
                    name=f"forums_submission_{name}",
                )
                for name, view in pages
            ],
            *super().get_urls(),
        ]

    def slides_view(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        submission = self.to_look_at(request, object_id)
        if not submission.slides:
            raise Http404
        response = private_response(submission.slides, submission.slides_name)
        self.look(request, Act.FILE, [submission], what="slides")
        return response

    # --- the record's page, and those beside it --------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs["obj"]
        kind = ContentType.objects.get_for_model(Submission)
        moves = Transition.objects.filter(content_type=kind, object_id=obj.pk)
        context |= {
            "acts": self.get_acts(request, obj),
            "submission": obj,
            "consents": latest(obj).values(),
            "moves": [
                (move, _state(move.from_state), _state(move.to_state))
                for move in moves.filter(field="state").select_related("by")
            ],
            "profiles": paper_places.profiles_of(obj),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The record’s own page says what became of it; there is no other history."""
        obj = self.to_look_at(request, object_id)
        return redirect(self.address("change", obj))

    def to_look_at(self, request: HttpRequest, object_id: str | int) -> Submission:
        obj = self.get_object(request, str(object_id))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        return obj

    def page(
        self, request: HttpRequest, obj: Submission, template: str, *, what: str, **context: Any
    ) -> TemplateResponse:
        """A page about one record, recorded as a look."""
        self.look(request, Act.DETAIL, [obj], what=what)
        return TemplateResponse(request, template, self.context_about(request, obj, **context))


def acts_of_edition(request: HttpRequest, forum: Forum) -> list[ObjectAct]:
    """On the page of an edition that calls for papers or topics: its list, and its reviews."""
    if forum.papers_open_at is None or not permissions.can_view_paper(request.user):
        return []
    address = f"{reverse('admin:forums_submission_changelist')}?forum={forum.pk}"
    acts = [ObjectAct(pgettext("paper", "Topics") if forum.is_meet_up else _("Papers"), address)]
    return acts if forum.is_meet_up else acts + reviews_of(forum, request.user)


def _state(name: str) -> str:
    return str(State(name).label) if name in State.values else name


@remind
def papers_to_decide(request: HttpRequest) -> Counted | None:
    """Handed in, and nothing decided; it presses when the time of the decisions is near."""
    if not permissions.can_decide_paper(request.user):
        return None
    rows = admin.site.get_model_admin(Submission).get_queryset(request)
    near = timezone.now() + timedelta(days=7)
    return Counted(
        undecided(rows),
        _to_decide,
        f"{reverse('admin:forums_submission_changelist')}?decision={UNDECIDED}",
        pressing=Q(forum__papers_released_at__lte=near),
    )


def _to_decide(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s paper or topic is undecided.",
        "%(count)s papers and topics are undecided.",
        count,
    ) % {"count": count}


@remind
def speakers_to_place(request: HttpRequest) -> Counted | None:
    """Who has confirmed and is not in the programme, or has put something right since."""
    if not permissions.can_place_paper(request.user):
        return None
    rows: Any = admin.site.get_model_admin(Submission).get_queryset(request)
    address = reverse("admin:forums_submission_changelist")
    return Counted(rows.to_be_placed(), _to_place, f"{address}?programme=wanted")


def _to_place(count: int, pressing: int) -> str:
    sentence = _("Speakers to be put into the programme, or brought up to date there: %(n)s.")
    return sentence % {"n": count}


add_acts(acts_of_edition)
