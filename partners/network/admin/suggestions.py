"""Suggested changes: compared with what is there, put on the site, or answered with a no."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct
from partners.models import Suggestion

from .. import mails
from ..suggesting import actions
from ..suggesting.differences import Difference, compared
from .forms import ApproveForm, RefuseForm
from .people import NetworkRecordAdmin

State = Suggestion.State
COLOURS = {
    State.WAITING: "draft", State.APPROVED: "public", State.REFUSED: "withdrawn",
    State.WITHDRAWN: "expired",
}  # fmt: skip


@admin.register(Suggestion)
class SuggestionAdmin(NetworkRecordAdmin):
    list_display = ("about", "organisation", "by", "state_badge", "suggested_at", "decided_at")
    list_filter = ("state", ("organisation", admin.RelatedOnlyFieldListFilter), "content_type")
    list_select_related = ("organisation", "by", "content_type")
    date_hierarchy = "suggested_at"
    readonly_fields = ("about", "state_badge")
    fields = (
        "about", "organisation", "by", "note", "state_badge", ("suggested_at", "decided_at"),
        "decided_by", "answer",
    )  # fmt: skip
    change_form_template = "admin/partners/suggestion/change_form.html"

    def people_of(self, obj: Suggestion) -> list[Any]:
        return [obj, obj.by]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("subject")

    @admin.display(description=gettext_lazy("what it is about"))
    def about(self, suggestion: Suggestion) -> str:
        return str(suggestion.subject) if suggestion.subject else "–"

    @admin.display(description=pgettext_lazy("suggestion", "state"), ordering="state")
    def state_badge(self, suggestion: Suggestion) -> SafeString:
        state = State(suggestion.state)
        return format_html('<span class="badge stage-{}">{}</span>', COLOURS[state], state.label)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        context["differences"] = compared(kwargs["obj"])
        return super().render_change_form(request, context, *args, **kwargs)

    # --- acts ------------------------------------------------------------------------------------

    def get_acts(self, request: HttpRequest, obj: Suggestion) -> list[ObjectAct]:
        if obj.state != State.WAITING:
            return []
        acts = [ObjectAct(_("Do not take over"), self.address("refuse", obj))]
        if obj.subject is not None:
            acts.insert(0, ObjectAct(_("Take over and publish"), self.address("approve", obj)))
        return acts

    def get_urls(self) -> list[URLPattern]:
        approve = self.admin_site.admin_view(self.approve_view)
        refuse = self.admin_site.admin_view(self.refuse_view)
        return [
            path("<int:pk>/approve/", approve, name="partners_suggestion_approve"),
            path("<int:pk>/refuse/", refuse, name="partners_suggestion_refuse"),
            *super().get_urls(),
        ]

    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The difference and the letter; then the texts are public."""
        suggestion = self._waiting(request, pk)
        if suggestion.state != State.WAITING:
            return self._decided(request, suggestion)
        if suggestion.subject is None:
            raise Http404
        found = compared(suggestion)
        has_conflict = any(difference.seen is not None for difference in found)
        form = ApproveForm(
            request.POST if request.method == "POST" else None, has_conflict=has_conflict
        )
        if "sure" in request.POST and form.may_act():
            return self._approve(request, suggestion, form.cleaned_data["answer"])
        return self._page(request, suggestion, "approve", _("Take over and publish"), form, found)

    def refuse_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        suggestion = self._waiting(request, pk)
        if suggestion.state != State.WAITING:
            return self._decided(request, suggestion)
        form = RefuseForm(request.POST if request.method == "POST" else None)
        if "sure" in request.POST and form.may_act():
            if not actions.refuse(suggestion, by=request.user, **form.cleaned_data):  # type: ignore[arg-type]
                return self._decided(request, suggestion)
            return self._done(request, suggestion, "refuse")
        found = compared(suggestion)
        return self._page(request, suggestion, "refuse", _("Do not take over"), form, found)

    def _approve(
        self, request: HttpRequest, suggestion: Suggestion, answer: str
    ) -> HttpResponseBase:
        shown = request.POST.get("texts", "")
        try:
            moved = actions.approve(suggestion, by=request.user, answer=answer, shown=shown)  # type: ignore[arg-type]
        except actions.ChangedMeanwhileError:
            sentence = _("The texts changed while you were reading. Compare them once more.")
            self.message_user(request, sentence, messages.WARNING)
            return redirect(self.address("approve", suggestion))
        except ValidationError as error:
            sentence = _("The record does not take these texts: %(error)s")
            words = {"error": " ".join(error.messages)}
            self.message_user(request, sentence % words, messages.ERROR)
            return redirect(self.address("change", suggestion))
        return (
            self._done(request, suggestion, "approve")
            if moved
            else self._decided(request, suggestion)
        )

    def _waiting(self, request: HttpRequest, pk: int) -> Suggestion:
        suggestion = self.to_act_on(request, pk)
        if suggestion.state != State.WAITING and request.method != "POST":
            raise Http404
        return suggestion

    def _done(self, request: HttpRequest, suggestion: Suggestion, what: str) -> HttpResponseBase:
        self.look(request, Act.EDIT, [suggestion], what=what)
        self.message_user(request, _("Decided. The email is on its way."), messages.SUCCESS)
        return redirect(self.address("change", suggestion))

    def _decided(self, request: HttpRequest, suggestion: Suggestion) -> HttpResponseBase:
        sentence = _("This was decided meanwhile; nothing was changed and nothing was sent.")
        self.message_user(request, sentence, messages.WARNING)
        return redirect(self.address("change", suggestion))

    def _page(
        self, request: HttpRequest, suggestion: Suggestion, act: str, title: str, form: Any,
        found: list[Difference],
    ) -> TemplateResponse:  # fmt: skip
        is_ready = form.is_bound and form.is_valid()
        answer = form.cleaned_data.get("answer", "") if is_ready else ""
        return self.act_page(
            request,
            suggestion,
            what=act,
            title=title,
            form=form,
            message=mails.decision_to_preview(suggestion, act, answer) if is_ready else None,
            asks_first=True,
            differences=found,
            texts=actions.shown_to_staff(suggestion),
        )
