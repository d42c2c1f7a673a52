"""The outbox: what went to whom and what became of it; staff decide about what did not go."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from oda_portal.accounts.areas import without_others
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.masking import hidden, masked_email, without_addresses
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct, SafeListMixin
from oda_portal.publishing.forms import ReasonForm

from .. import actions, kinds, upkeep
from ..models import Message, State
from ..rendering import Stationery, letter_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# What the first page of the back office tells of.
TO_DECIDE = "new"
# Badges have the colours of publishing's stages.
COLOURS = {
    State.QUEUED: "draft",
    State.IN_FLIGHT: "scheduled",
    State.AWAITING_RETRY: "scheduled",
    State.SENT: "public",
    State.FAILED: "withdrawn",
    State.UNKNOWN: "expired",
}


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "mail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(kind.name, kind.label) for kind in kinds.registered()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class UnsentFilter(admin.SimpleListFilter):
    """What did not go out, and for how long."""

    title = gettext_lazy("not sent")
    parameter_name = "unsent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("decide", gettext_lazy("Failed or unknown")),
            (TO_DECIDE, gettext_lazy("Failed this week, or unknown")),
            ("late", gettext_lazy("Late")),
            ("day", gettext_lazy("For more than a day")),
            ("week", gettext_lazy("For more than a week")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now, value = timezone.now(), self.value()
        unsent = queryset.exclude(state=State.SENT)
        if value == "decide":
            return queryset.filter(state__in=(State.FAILED, State.UNKNOWN))
        if value in (TO_DECIDE, "late"):
            return (upkeep.to_decide if value == TO_DECIDE else upkeep.late)(queryset)
        if value in ("day", "week"):
            return unsent.filter(queued_at__lt=now - timedelta(days=7 if value == "week" else 1))
        return queryset


@admin.register(Message)
class MessageAdmin(RecordedLooks, SafeListMixin):
    list_display = ("kind_name", "state_badge", "to", "name", "language", "queued_at", "error")
    list_filter = ("state", UnsentFilter, KindFilter, "language")
    search_fields = ("=to", "name")
    masked = {
        "to": masked_email, "subject": hidden, "body": hidden, "error": without_addresses,
    }  # fmt: skip
    date_hierarchy = "queued_at"
    actions = ("send_selected_again",)
    fields = (
        "kind_name", "state_line", ("to", "name"), "language", "subject", "body",
        ("queued_at", "claimed_at", "sent_at"), ("tries", "error"),
        ("link_expires_at", "link_used_at"), "message_id",
    )  # fmt: skip
    readonly_fields = ("kind_name", "state_line", "subject", "body", "message_id")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).defer("sealed_context")
        return without_others(rows, request.user, kind="about_type", key="about_id")

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_name(self, message: Message) -> str:
        return kinds.label_of(message.kind)

    @admin.display(description=pgettext_lazy("message", "state"), ordering="state")
    def state_badge(self, message: Message) -> SafeString:
        state = State(message.state)
        return format_html('<span class="badge stage-{}">{}</span>', COLOURS[state], state.label)

    @admin.display(description=pgettext_lazy("message", "state"))
    def state_line(self, message: Message) -> SafeString:
        return format_html("{} {}", self.state_badge(message), _explanation(message))

    @admin.display(description=gettext_lazy("subject"))
    def subject(self, message: Message) -> str:
        return shown(message)[0]

    @admin.display(description=gettext_lazy("text"))
    def body(self, message: Message) -> SafeString:
        return format_html(
            '<pre class="letter" lang="{}">{}</pre>', message.language, shown(message)[1]
        )

    # --- who may --------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing of a mail can be edited; that permission is for deciding about it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_decide_permission(request)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("mail.change_message"))

    # --- deciding about one ---------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        again, arrived = map(
            self.admin_site.admin_view, (self.send_again_view, self.mark_arrived_view)
        )
        return [
            path("<int:pk>/send-again/", again, name="mail_message_send_again"),
            path("<int:pk>/arrived/", arrived, name="mail_message_arrived"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        message = kwargs.get("obj")
        if message and self.has_decide_permission(request):
            context["acts"] = _acts(message)
        return super().render_change_form(request, context, *args, **kwargs)

    def send_again_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        explanation = _("It will be sent at once, with the same text and the same Message-ID.")
        if self._to_decide(request, pk).state == State.UNKNOWN:
            explanation = _("It may have arrived. Check, then decide whether to send again.")
        return self._decide(
            request,
            pk,
            actions.send_again,
            _("Send again"),
            _("It will be sent again."),
            explanation,
        )

    def mark_arrived_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return self._decide(
            request,
            pk,
            actions.mark_arrived,
            _("Mark as received"),
            _("It has been marked as received."),
            _("Only if the recipient has it: it will not be sent again."),
        )

    def _to_decide(self, request: HttpRequest, pk: int) -> Message:
        if not self.has_decide_permission(request):
            raise PermissionDenied
        message = self.get_queryset(request).filter(pk=pk).first()
        if message is None:
            raise Http404
        return message

    def _decide(
        self, request: HttpRequest, pk: int, act: Any, button: str, done: str, explanation: str
    ) -> HttpResponseBase:
        message = self._to_decide(request, pk)
        change = reverse("admin:mail_message_change", args=[pk])
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            moved = act(message, by=request.user, reason=form.cleaned_data["reason"])
            self.look(request, Act.EDIT, [message], what=act.__name__)
            sentence = done if moved else _("This has already been decided.")
            self.message_user(request, sentence, messages.SUCCESS if moved else messages.WARNING)
            return redirect(change)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": message,
            "title": button,
            "form": form,
            "explanation": explanation,
            "button": button,
            "back": change,
        }
        return TemplateResponse(request, "admin/act.html", context)

    # --- deciding about many --------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Send selected again"), permissions=["decide"])
    def send_selected_again(self, request: HttpRequest, queryset: Any) -> HttpResponseBase | None:
        """What failed; of what may have arrived, each has to be looked at by itself."""
        failed = [row for row in queryset.filter(state=State.FAILED) if row.may_be_sent_again()]
        if failed and "sure" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Send selected again"),
                "opts": self.opts,
                "rows": failed,
                "action": "send_selected_again",
            }
            self.look(request, Act.LIST, failed, what="send_again")
            return TemplateResponse(request, "admin/mail/send_again.html", context)
        person = cast("User", request.user)
        count = sum(actions.send_again(message, by=person) for message in failed)
        sentence = ngettext(
            "%(count)s email will be sent again.", "%(count)s emails will be sent again.", count
        )
        self.message_user(
            request, sentence % {"count": count}, messages.SUCCESS if count else messages.WARNING
        )
        return None


def _acts(message: Message) -> list[ObjectAct]:
    found = []
    if message.may_be_sent_again():
        url = reverse("admin:mail_message_send_again", args=[message.pk])
        found.append(ObjectAct(_("Send again"), url))
    if message.state == State.UNKNOWN:
        url = reverse("admin:mail_message_arrived", args=[message.pk])
        found.append(ObjectAct(_("Mark as received"), url))
    return found


def _explanation(message: Message) -> str:
    if message.state == State.UNKNOWN:
        return _("It may have arrived. Check, then decide whether to send again.")
    if message.state == State.AWAITING_RETRY:
        moment = timezone.localtime(message.retry_at)
        return _("next try at %(time)s") % {"time": formats.date_format(moment, "DATETIME_FORMAT")}
    if message.state == State.SENT:
        return _("The mail server accepted it.")
    if message.state == State.FAILED and not message.may_be_sent_again():
        return _("Its link is no longer stored: the person must ask for a new one.")
    return ""


def shown(message: Message) -> tuple[str, str]:
    """Subject and text for staff: nothing that only the receiver may follow."""
    if kinds.is_secret(message.kind):
        return "–", _("The text of this email is not shown: it is for its recipient alone.")
    try:
        letter = letter_of(message, Stationery(), personal_link=_("[personal link]"))
    except KeyError as error:  # a placeholder that the mail knew nothing of when it was queued
        return "–", _("The text cannot be shown: %(name)s is missing.") % {"name": error}
    return letter.subject, letter.text
