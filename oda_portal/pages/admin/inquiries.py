"""Inquiries: read, answered with a look at the letter before it goes, or closed without one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from oda_portal.mail.previews import preview_of
from oda_portal.pages.inquiring import actions, mails
from oda_portal.pages.models import IllegalMoveError, Inquiry
from oda_portal.privacy.admin.clocks import clock_badge
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.masking import masked_email
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct, SafeListMixin

from .inquiry_forms import AnswerForm, CloseForm

SOON = 3


class OverdueFilter(admin.SimpleListFilter):
    title = gettext_lazy("to be answered by")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Overdue"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.overdue() if self.value() == "yes" else queryset


@admin.register(Inquiry)
class InquiryAdmin(RecordedLooks, SafeListMixin):
    """Sent by readers; answered or closed here, and never changed or deleted by hand."""

    list_display = ("receipt", "clock", "state", "topic", "beginning", "language", "received_at")
    list_filter = ("state", OverdueFilter, "topic", "language")
    search_fields = ("receipt", "=email")
    masked = {"email": masked_email}
    # What waits comes first, and of that what waits longest: “received” is last in the alphabet.
    ordering = ("-state", "due_on", "pk")
    date_hierarchy = "received_at"
    export_columns = ("receipt", "received_at", "due_on", "topic", "language", "state")
    fields = (
        "receipt", "topic", "text", "email", "language", "received_at", "clock", "state", "answer",
        "answered_by", "answered_at", "closed_at",
    )  # fmt: skip

    @admin.display(description=gettext_lazy("question"))
    def beginning(self, inquiry: Inquiry) -> str:
        return Truncator(inquiry.text).chars(60)

    @admin.display(description=gettext_lazy("to be answered by"), ordering="due_on")
    def clock(self, inquiry: Inquiry) -> SafeString | str:
        return clock_badge(inquiry.days_left, soon=SOON) if inquiry.is_open else "–"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*super().get_readonly_fields(request, obj), *self.fields]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        obj = self.get_object(request, object_id)
        acts = self.get_acts(obj) if obj and self.has_change_permission(request, obj) else []
        context = {"acts": acts, "show_save": False, "show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_acts(self, inquiry: Inquiry) -> list[ObjectAct]:
        if not inquiry.is_open:
            return []
        return [
            ObjectAct(pgettext("inquiry", "Answer"), self._address("answer", inquiry)),
            ObjectAct(_("Close without an answer"), self._address("close", inquiry)),
        ]

    def _address(self, page: str, inquiry: Inquiry) -> str:
        return reverse(f"admin:pages_inquiry_{page}", args=[inquiry.pk])

    # --- answering ---------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        answer = self.admin_site.admin_view(self.answer_view)
        close = self.admin_site.admin_view(self.close_view)
        return [
            path("<path:object_id>/answer/", answer, name="pages_inquiry_answer"),
            path("<path:object_id>/close/", close, name="pages_inquiry_close"),
            *super().get_urls(),
        ]

    def answer_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """First the words, then the letter as it will look, then it is sent."""
        inquiry = self._to_end(request, object_id)
        form = AnswerForm(request.POST if request.method == "POST" else None)
        if "sure" in request.POST and form.may_act():
            self._answer(request, inquiry, form.cleaned_data["text"])
            return redirect(self._address("change", inquiry))
        self.look(request, Act.DETAIL, [inquiry], what="answer")
        return self._page(
            request,
            inquiry,
            "admin/pages/inquiry_answer.html",
            title=pgettext("inquiry", "Answer"),
            form=form,
            letter=self._letter(inquiry, form),
            receiver=inquiry.email
            if self.shows_all(request, inquiry)
            else masked_email(inquiry.email),
        )

    def _letter(self, inquiry: Inquiry, form: AnswerForm) -> Any:
        """None until the words are right."""
        if not form.is_valid():
            return None
        return preview_of(mails.answer_to_preview(inquiry, form.cleaned_data["text"]))

    def _answer(self, request: HttpRequest, inquiry: Inquiry, text: str) -> None:
        try:
            actions.answer(inquiry, by=request.user, text=text)  # type: ignore[arg-type]
        except IllegalMoveError:
            self._say_ended(request)
            return
        self.look(request, Act.EDIT, [inquiry], what="answer")
        sentence = (
            _("The answer is on its way by email.")
            if inquiry.email
            else _("The answer is now on the page with the receipt number.")
        )
        self.message_user(request, sentence, messages.SUCCESS)

    def close_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        inquiry = self._to_end(request, object_id)
        form = CloseForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            self._close(request, inquiry, form.cleaned_data["reason"])
            return redirect(self._address("change", inquiry))
        self.look(request, Act.DETAIL, [inquiry], what="close")
        title = _("Close without an answer")
        return self._page(
            request,
            inquiry,
            "admin/act.html",
            title=title,
            button=title,
            form=form,
            explanation=_(
                "No email is sent. Whoever opens the page of the receipt number reads that the"
                " question was closed without an answer."
            ),
        )

    def _close(self, request: HttpRequest, inquiry: Inquiry, reason: str) -> None:
        try:
            actions.close(inquiry, by=request.user, reason=reason)  # type: ignore[arg-type]
        except IllegalMoveError:
            self._say_ended(request)
            return
        self.look(request, Act.EDIT, [inquiry], what="close")
        self.message_user(request, _("Closed without an answer."), messages.SUCCESS)

    def _say_ended(self, request: HttpRequest) -> None:
        sentence = _("This inquiry was answered or closed already; nothing was sent.")
        self.message_user(request, sentence, messages.WARNING)

    def _to_end(self, request: HttpRequest, object_id: str) -> Inquiry:
        inquiry = self.get_object(request, object_id)
        if not self.has_change_permission(request, inquiry):
            raise PermissionDenied
        if inquiry is None:
            raise Http404
        return inquiry

    def _page(
        self, request: HttpRequest, inquiry: Inquiry, template: str, **context: Any
    ) -> TemplateResponse:
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": inquiry,
            "back": self._address("change", inquiry),
        }
        return TemplateResponse(request, template, {**frame, **context})
