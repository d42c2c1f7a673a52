"""Proposals: read, taken into discussion, adopted or not; members write them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.accounts import areas
from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition
from oda_portal.privacy.access import record_look
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct, SafeListMixin
from oda_portal.publishing.texts import won
from programs.models import Program, Proposal

from .proposal_pages import MOVES, comment_page, move_page, remove_page


@admin.register(Proposal)
class ProposalAdmin(RecordedLooks, SafeListMixin):
    """Drafts are their organisation’s alone: staff know of no others than those submitted."""

    list_display = (
        "title", "organisation", "state", "submitted_at", "partners_count", "comments_count",
        "program_link",
    )  # fmt: skip
    list_filter = ("state", "themes", "language")
    search_fields = ("title", "place", "need", "idea")
    date_hierarchy = "submitted_at"
    # Its page is for members, and staff need not be any.
    view_on_site = False
    export_columns = (
        "title", "organisation", "state", "submitted_at", "decided_at", "place", "budget",
        "answer",
    )  # fmt: skip
    fields = (
        "title", "organisation", "role", "author", "language", "country", "place", "need", "idea",
        "theme_names", "partners_sought", "rough_budget", "state", "submitted_at", "discussed_at",
        "decided_at", "answer", "program_link",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        rows: Any = super().get_queryset(request)
        rows = rows.sent().for_list().select_related("program", "author")
        theirs = Program.objects.filter(areas.within(request.user, Program), pk=OuterRef("program"))
        return rows.annotate(program_is_theirs=Exists(theirs))

    def people_of(self, obj: Proposal) -> list[Any]:
        return [obj, obj.author]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # --- columns -----------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("partners"))
    def partners_count(self, proposal: Proposal) -> int:
        return proposal.partners_count  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("comments"))
    def comments_count(self, proposal: Proposal) -> int:
        return proposal.comments_count  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("programme that it became"))
    def program_link(self, proposal: Proposal) -> SafeString | str:
        if proposal.program is None:
            return "–"
        if not proposal.program_is_theirs:  # type: ignore[attr-defined]
            return _("One outside your areas")
        address = self.admin_site_address(proposal.program)
        return format_html('<a href="{}">{}</a>', address, proposal.program.code)

    @admin.display(description=gettext_lazy("themes"))
    def theme_names(self, proposal: Proposal) -> str:
        return " · ".join(str(theme) for theme in proposal.themes.all()) or "–"

    @admin.display(description=gettext_lazy("rough budget"))
    def rough_budget(self, proposal: Proposal) -> str:
        amount = "" if proposal.budget is None else won(proposal.budget)
        return " · ".join(filter(None, [amount, proposal.budget_note])) or "–"

    def admin_site_address(self, program: Program) -> str:
        return reverse("admin:programs_program_change", args=[program.pk])

    # --- pages -------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:  # fmt: skip
        obj = self.get_object(request, object_id)
        context: dict[str, Any] = {"show_save": False, "show_save_and_continue": False}
        if obj is not None and self.has_view_permission(request, obj):
            may_act = self.has_change_permission(request, obj)
            comments = list(obj.comments.select_related("organisation", "author"))
            # Their writers stand on the page as well as whose proposal it is.
            writers = {row.author for row in comments if row.author}
            record_look(request, Act.DETAIL, [obj, *writers], what="programs.proposal comments")
            context |= {
                "acts": self.get_acts(obj) if may_act else [],
                "partners": obj.partners.select_related("organisation"),
                "comments": [
                    (row, self._address("remove", obj, row.pk) if may_act else "")
                    for row in comments
                ],
                "moves": _moves_of(obj),
            }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_acts(self, proposal: Proposal) -> list[ObjectAct]:
        acts = [
            ObjectAct(str(move.label), self._address(name, proposal))
            for name, move in MOVES.items()
            if proposal.state in move.sources
        ]
        if proposal.is_open:
            label = _("Comment as the office")
            acts.append(ObjectAct(label, self._address("comment", proposal)))
        return acts

    def address(self, page: str, proposal: Proposal) -> str:
        return self._address(page, proposal)

    def _address(self, page: str, proposal: Proposal, *more: int) -> str:
        return reverse(f"admin:programs_proposal_{page}", args=[proposal.pk, *more])

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        moves = [
            path(
                f"<path:object_id>/{name}/",
                wrap(partial(move_page, self, act=name)),
                name=f"programs_proposal_{name}",
            )
            for name in MOVES
        ]
        return [
            *moves,
            path(
                "<path:object_id>/comment/",
                wrap(partial(comment_page, self)),
                name="programs_proposal_comment",
            ),
            path(
                "<path:object_id>/comments/<int:pk>/remove/",
                wrap(partial(remove_page, self)),
                name="programs_proposal_remove",
            ),
            *super().get_urls(),
        ]

    def to_take_further(self, request: HttpRequest, object_id: str) -> Proposal:
        """For who may change it; a draft does not exist."""
        proposal = self.get_object(request, object_id)
        if not self.has_change_permission(request, proposal):
            raise PermissionDenied
        if proposal is None:
            raise Http404
        return proposal

    def look_at(
        self, request: HttpRequest, proposal: Proposal, people: Iterable[User], *, what: str
    ) -> None:
        """A page that shows these people beside the proposal."""
        shown = [person for person in [*self.people_of(proposal), *people] if person]
        record_look(request, Act.DETAIL, shown, what=f"programs.proposal {what}")

    def page(
        self, request: HttpRequest, proposal: Proposal, template: str, **context: Any
    ) -> TemplateResponse:
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": proposal,
            "back": self._address("change", proposal),
        }
        return TemplateResponse(request, template, {**frame, **context})


def _moves_of(proposal: Proposal) -> list[tuple[Transition, str, str]]:
    """Every change of its state, in words."""
    words = dict(Proposal.State.choices)
    rows = Transition.objects.filter(
        content_type__app_label="programs", content_type__model="proposal",
        object_id=proposal.pk, field="state",
    ).select_related("by")  # fmt: skip
    return [
        (row, str(words.get(row.from_state, "")), str(words.get(row.to_state, ""))) for row in rows
    ]
