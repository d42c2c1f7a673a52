"""Who gets news by email: read, counted, and ended for whoever asks the office to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from news.models import Subscription
from news.models.subscriptions import State
from news.subscribing import actions, wording
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.masking import masked_email
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct
from oda_portal.publishing.admin_base import ReadOnlyAdmin
from oda_portal.publishing.forms import ReasonForm

# Badges have the colours of publishing's stages.
COLOURS = {State.WAITING: "draft", State.ACTIVE: "public", State.ENDED: "withdrawn"}


@admin.register(Subscription)
class SubscriptionAdmin(RecordedLooks, ReadOnlyAdmin):
    list_display = (
        "email", "state_badge", "pace", "language", "promotion", "confirmed_at",
        "reconfirm_by",
    )  # fmt: skip
    list_filter = ("state", "pace", "language", "promotion")
    # How many of each, beside the filters.
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ("=email",)
    masked = {"email": masked_email}
    date_hierarchy = "asked_at"
    list_per_page = 50
    readonly_fields = ("state_badge", "wishes")
    fields = (
        "email", "state_badge", "wishes", "promotion", ("asked_at", "confirmed_at"),
        ("reconfirm_by", "renewal_asked_at"), ("covered_until", "ended_at"),
    )  # fmt: skip

    @admin.display(description=pgettext_lazy("subscription", "state"), ordering="state")
    def state_badge(self, subscription: Subscription) -> SafeString:
        state = State(subscription.state)
        return format_html('<span class="badge stage-{}">{}</span>', COLOURS[state], state.label)

    @admin.display(description=gettext_lazy("what was asked for"))
    def wishes(self, subscription: Subscription) -> SafeString:
        text = wording.told(wording.wishes_of(subscription))
        return format_html('<pre class="letter">{}</pre>', text)

    # --- ending it for somebody who asks ----------------------------------------------------------

    def has_end_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("news.change_subscription"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_end_permission(request)

    def get_urls(self) -> list[URLPattern]:
        end = self.admin_site.admin_view(self.end_view)
        return [
            path("<int:pk>/end/", end, name="news_subscription_end"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        subscription = kwargs["obj"]
        if subscription.state != State.ENDED and self.has_end_permission(request):
            url = reverse("admin:news_subscription_end", args=[subscription.pk])
            context["acts"] = [ObjectAct(_("End the subscription"), url)]
        return super().render_change_form(request, context, *args, **kwargs)

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        if not self.has_end_permission(request):
            raise PermissionDenied
        subscription = Subscription.objects.filter(pk=pk).first()
        if subscription is None:
            raise Http404
        change = reverse("admin:news_subscription_change", args=[pk])
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            moved = actions.end(subscription, by=request.user, reason=reason)  # type: ignore[arg-type]
            self.look(request, Act.EDIT, [subscription], what="end")
            done = _("The subscription has ended.")
            sentence = done if moved else _("This subscription has already ended.")
            self.message_user(request, sentence, messages.SUCCESS if moved else messages.WARNING)
            return redirect(change)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": subscription,
            "title": _("End the subscription"),
            "form": form,
            "explanation": _("No more emails are sent. The person can subscribe again."),
            "button": _("End the subscription"),
            "back": change,
        }
        self.look(request, Act.DETAIL, [subscription], what="end")
        return TemplateResponse(request, "admin/act.html", context)
