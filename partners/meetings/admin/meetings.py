"""Meetings: prepared, called, changed, cancelled; each act shows the mail before it goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from oda_portal.publishing.admin import (
    PUBLICATION,
    ObjectAct,
    PublishableAdmin,
    TranslatedInline,
)

from ...models import MeetingDocument, NetworkMeeting
from .. import acts, mails
from .forms import MeetingForm, ReasonForm


class DocumentInline(TranslatedInline):
    model = MeetingDocument
    fields = ("title", "file", "for_members_only")


@admin.register(NetworkMeeting)
class NetworkMeetingAdmin(PublishableAdmin):
    form = MeetingForm
    list_display = (
        "title", "starts_at", "called_at", "cancelled_at", "stage_badge", "missing_languages",
    )  # fmt: skip
    search_fields = ("title", "place", "slug")
    autocomplete_fields = ("attending", "department")
    date_hierarchy = "starts_at"
    readonly_fields = ("called_at", "cancelled_at")
    inlines = (DocumentInline,)
    fieldsets = (
        (None, {"fields": ("title", ("starts_at", "ends_at"), "place", "slug")}),
        (gettext_lazy("Agenda"), {"fields": ("agenda",)}),
        (gettext_lazy("Afterwards"), {"fields": ("attending", "minutes", "members_minutes")}),
        (gettext_lazy("Members"), {"fields": (("called_at", "cancelled_at"),)}),
        PUBLICATION,
    )

    def address_is_known(self, obj: NetworkMeeting) -> bool:
        return bool(obj.called_at) or super().address_is_known(obj)

    # --- acts ----------------------------------------------------------------------------------

    def get_acts(self, request: HttpRequest, obj: NetworkMeeting) -> list[ObjectAct]:
        found = []
        if not obj.called_at and not obj.cancelled_at:
            found.append(ObjectAct(_("Invite the members"), self.address("call", obj)))
        if obj.called_at and not obj.cancelled_at and obj.ends_at > timezone.now():
            found.append(ObjectAct(_("Tell of a change"), self.address("tell", obj)))
        if not obj.cancelled_at:
            found.append(ObjectAct(_("Cancel the meeting"), self.address("cancel", obj)))
        of_meeting = f"?meeting__id__exact={obj.pk}"
        if request.user.has_perm("partners.view_meetinganswer"):
            answers = reverse("admin:partners_meetinganswer_changelist")
            found.append(ObjectAct(_("Who comes"), answers + of_meeting))
        if request.user.has_perm("partners.view_actionitem"):
            items = reverse("admin:partners_actionitem_changelist")
            found.append(ObjectAct(_("Action items"), items + of_meeting))
        return found

    def get_urls(self) -> list[URLPattern]:
        views = {"call": self.call_view, "tell": self.tell_view, "cancel": self.cancel_view}
        return [
            *(
                path(
                    f"<path:object_id>/{name}/",
                    self.admin_site.admin_view(view),
                    name=f"partners_networkmeeting_{name}",
                )
                for name, view in views.items()
            ),
            *super().get_urls(),
        ]

    def call_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        meeting = self._standing(request, object_id)
        title = _("Invite the members")
        return self._act(
            request, meeting, mails.CALLED, title, lambda: self._call(request, meeting)
        )

    def tell_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        meeting = self._standing(request, object_id)
        if not meeting.called_at:
            raise Http404
        title = _("Tell of a change")
        return self._act(
            request, meeting, mails.CHANGED, title, lambda: self._tell(request, meeting)
        )

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        meeting = self._standing(request, object_id)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        kind = mails.CANCELLED if meeting.called_at else ""
        title = _("Cancel the meeting")
        return self._act(
            request, meeting, kind, title, lambda: self._cancel(request, meeting, form), form
        )

    def _standing(self, request: HttpRequest, object_id: str) -> NetworkMeeting:
        """A second click on a stale page gets its answer from the act itself."""
        meeting = self.to_act_on(request, object_id)
        if meeting.cancelled_at and request.method != "POST":
            raise Http404
        return meeting

    def _act(
        self, request: HttpRequest, meeting: NetworkMeeting, kind: str, title: str,
        act: Callable[[], None], form: Form | None = None,
    ) -> HttpResponseBase:  # fmt: skip
        """A page with the letters and how many get them; confirmed, the act."""
        if request.method == "POST" and (form is None or form.is_valid()):
            act()
            return redirect(self.address("change", meeting))
        people = mails.members() if kind else []
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": meeting,
            "title": title,
            "form": form,
            "letters": mails.letters(kind, meeting, people) if kind else [],
            "people": len(people),
            "back": self.address("change", meeting),
        }
        return TemplateResponse(request, "admin/meetings/act.html", context)

    def _call(self, request: HttpRequest, meeting: NetworkMeeting) -> None:
        if acts.call(meeting, by=request.user):  # type: ignore[arg-type]
            self.message_user(request, _("The members are invited."), messages.SUCCESS)
        else:
            self._nothing(request)

    def _tell(self, request: HttpRequest, meeting: NetworkMeeting) -> None:
        if sent := acts.tell_changes(meeting):
            sentence = ngettext(
                "%(count)s email is on its way.", "%(count)s emails are on their way.", sent
            )
            self.message_user(request, sentence % {"count": sent}, messages.SUCCESS)
        else:
            self._nothing(request)

    def _cancel(self, request: HttpRequest, meeting: NetworkMeeting, form: Any) -> None:
        if acts.cancel(meeting, by=request.user, **form.cleaned_data):  # type: ignore[arg-type]
            self.message_user(request, pgettext("meeting", "Cancelled."), messages.SUCCESS)
        else:
            self._nothing(request)

    def _nothing(self, request: HttpRequest) -> None:
        sentence = _("Somebody did this already; nothing was sent again.")
        self.message_user(request, sentence, messages.WARNING)
