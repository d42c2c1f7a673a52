"""Requests about personal data, with the clock that runs for each."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxLengthValidator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from oda_portal.privacy import actions
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.models import Act, IllegalMoveError, PrivacyRequest
from oda_portal.privacy.models.requests import SOON
from oda_portal.privacy.numbers import RefuseResidentNumbers
from oda_portal.publishing.admin import ObjectAct, SafeListMixin

from .clocks import clock_badge

EXTENSION_LENGTH = 500


class AnswerForm(RefuseResidentNumbers, forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("The person can read it on the portal after signing in."),
        error_messages={"required": gettext_lazy("Fill in this field.")},
    )


def _word(act: str) -> str:
    words = {
        "answer": pgettext("request", "Answer"),
        "refuse": pgettext("request", "Refuse"),
        "extend": pgettext("request", "Extend by ten days"),
    }
    return words[act]


class RefusalForm(AnswerForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Reason")


class ExtensionForm(AnswerForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Reason")
        self.fields["text"].validators.append(MaxLengthValidator(EXTENSION_LENGTH))


FORMS = {"answer": AnswerForm, "refuse": RefusalForm, "extend": ExtensionForm}


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(RecordedLooks, SafeListMixin):
    """Made by people on the portal; answered or refused here, and never deleted by hand."""

    list_display = ("received_at", "kind", "user", "state", "clock", "closed_at")
    list_filter = ("state", "kind")
    search_fields = ("=user__email", "user__name")
    list_select_related = ("user",)
    ordering = ("closed_at", "due_on", "pk")
    date_hierarchy = "received_at"
    export_columns = ("received_at", "due_on", "kind", "user", "state", "closed_at")
    fields = (
        "kind", "user", "text", "received_at", "clock", "extended_at", "extension_reason", "state",
        "answer", "closed_at",
    )  # fmt: skip

    def people_of(self, obj: PrivacyRequest) -> list[Any]:
        return [obj, obj.user]

    @admin.display(description=gettext_lazy("to be answered by"), ordering="due_on")
    def clock(self, asked: PrivacyRequest) -> SafeString | str:
        return clock_badge(asked.days_left, soon=SOON) if asked.is_open else "–"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # --- answering ---------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        name = "privacy_privacyrequest"
        close = self.admin_site.admin_view(self.close_view)
        return [
            path("<path:object_id>/answer/", close, {"act": "answer"}, name=f"{name}_answer"),
            path("<path:object_id>/refuse/", close, {"act": "refuse"}, name=f"{name}_refuse"),
            path("<path:object_id>/extend/", close, {"act": "extend"}, name=f"{name}_extend"),
            *super().get_urls(),
        ]

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

    def get_acts(self, asked: PrivacyRequest) -> list[ObjectAct]:
        if not asked.is_open:
            return []
        acts = ["answer", "refuse", *(["extend"] if asked.can_be_extended else [])]
        return [ObjectAct(_word(act), self._address(act, asked)) for act in acts]

    def _address(self, page: str, asked: PrivacyRequest) -> str:
        return reverse(f"admin:privacy_privacyrequest_{page}", args=[asked.pk])

    def close_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponseBase:
        """One page that asks for the words, for both ways to close a request and for more time."""
        asked = self.get_object(request, object_id)
        if not self.has_change_permission(request, asked):
            raise PermissionDenied
        if asked is None:
            raise Http404
        form = FORMS[act](request.POST if request.method == "POST" else None)
        if form.is_valid():
            self._act(request, asked, act, form.cleaned_data["text"])
            return redirect(self._address("change", asked))
        self.look(request, Act.DETAIL, [asked], what=act)
        return self._page(request, asked, act, form)

    def _act(self, request: HttpRequest, asked: PrivacyRequest, act: str, text: str) -> None:
        do = {
            "answer": partial(actions.answer, text=text),
            "refuse": partial(actions.refuse, reason=text),
            "extend": partial(actions.extend, reason=text),
        }[act]
        try:
            do(asked, by=request.user)
        except IllegalMoveError:
            refusal = _("This request is already closed.")
            if act == "extend":
                refusal = _("This request cannot be extended any more.")
            self.message_user(request, refusal, messages.WARNING)
        else:
            self.look(request, Act.EDIT, [asked], what=act)
            self.message_user(request, _("The person will be told by email."), messages.SUCCESS)

    def _page(
        self, request: HttpRequest, asked: PrivacyRequest, act: str, form: forms.Form
    ) -> HttpResponseBase:
        word = _word(act)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": asked,
            "title": word,
            "button": word,
            "form": form,
            "explanation": asked.text,
            "back": self._address("change", asked),
        }
        return TemplateResponse(request, "admin/act.html", context)
