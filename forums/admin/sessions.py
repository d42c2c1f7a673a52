"""Sessions of an edition, with their languages and those who speak in them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from forums import models
from forums.freezing import FrozenError, require_open
from forums.programme.actions import cancel_session, reinstate_session
from oda_portal.publishing.admin import LinkInline, ObjectAct, TranslatedInline
from oda_portal.publishing.forms import ReasonForm, RecordForm
from oda_portal.publishing.models import Precision
from oda_portal.publishing.texts import text_in
from programs.admin.areas import WithinAreas
from programs.admin.corrections import CorrectedAdmin, is_correction


class SessionForm(RecordForm):
    """The rooms of its own edition; to a closed edition nothing is added without a correction."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "room" in self.fields:
            forum = self.instance.forum_id or self.initial.get("forum")
            rooms = models.Room.objects.select_related("forum__program")
            self.fields["room"].queryset = rooms.filter(forum=forum) if forum else rooms  # type: ignore[attr-defined]
            if not forum:
                self.fields["room"].label_from_instance = _room_with_edition  # type: ignore[attr-defined]

    def clean_forum(self) -> models.Forum:
        forum = self.cleaned_data["forum"]
        if is_correction(self):  # closed for good
            return forum
        try:
            require_open(forum)
        except FrozenError as error:
            raise ValidationError(str(error)) from None
        return forum


def _room_with_edition(room: models.Room) -> str:
    return f"{text_in(room.forum.program, 'title').text}: {text_in(room, 'name').text}"


def _times_of_the_next(forum: models.Forum) -> dict[str, Any]:
    """It begins where the one written last ended; the first of them on the edition’s first day.

    Both boxes of a time, the day and the hour, which stays empty where nobody can know it.
    """
    last = forum.sessions.order_by("-pk").first()
    if last is None:
        day = forum.program.starts_on if forum.program.precision == Precision.DAY else None
        return {"starts_at": [day, None], "ends_at": [day, None]} if day else {}
    return {"starts_at": last.ends_at, "ends_at": [timezone.localdate(last.ends_at), None]}


class LanguageInline(LinkInline):
    model = models.SessionLanguage


class AppearanceInline(TranslatedInline):
    model = models.Appearance
    autocomplete_fields = ("speaker",)
    fields = (("speaker", "role", "position"), "topic")


@admin.register(models.ForumSession)
class ForumSessionAdmin(WithinAreas, CorrectedAdmin):
    program_path = "forum__program"
    form = SessionForm
    list_display = ("title", "starts_at", "ends_at", "room", "kind", "takes_place", "forum")
    list_filter = ("kind", ("forum", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("room", "forum__program")
    search_fields = ("title", "abstract", "appearances__speaker__name")
    date_hierarchy = "starts_at"
    inlines = (LanguageInline, AppearanceInline)
    fieldsets = (
        (None, {"fields": ("forum", "kind", "title", "abstract")}),
        (gettext_lazy("When and where"), {"fields": (("starts_at", "ends_at"), "room")}),
    )

    @admin.display(description=gettext_lazy("takes place"), boolean=True)
    def takes_place(self, session: models.ForumSession) -> bool:
        return not session.is_cancelled

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # Its room, its places and whoever comes belong to this edition.
        return [*super().get_readonly_fields(request, obj), *(["forum"] if obj else [])]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Of one edition: a programme is written one session after the other."""
        initial = super().get_changeform_initial_data(request)
        rows = models.Forum.objects.select_related("program").filter(pk=initial.get("forum", 0))
        if forum := rows.first():
            initial |= _times_of_the_next(forum)
        return initial

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "forum":
            is_closed = self.is_corrected(request, None)
            editions = models.Forum.objects.filter(frozen_at__isnull=not is_closed)
            kwargs["queryset"] = editions.select_related("program").newest_first()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_preview(self, request: HttpRequest) -> bool:
        return True  # its edition says whether it is public

    def preview_owners(self, obj: models.ForumSession) -> list[Any]:
        return [obj.forum.program]

    def view_on_site(self, obj: models.ForumSession) -> str | None:
        return obj.get_absolute_url() if obj.forum.is_public() else None

    # --- cancelling ----------------------------------------------------------------------------

    def get_acts(self, request: HttpRequest, obj: models.ForumSession) -> list[ObjectAct]:
        edition = reverse("admin:forums_forum_change", args=[obj.forum_id])
        acts = [ObjectAct(pgettext("forum", "Edition"), edition)]
        if obj.is_cancelled:
            return [*acts, ObjectAct(_("It takes place after all"), self.address("reinstate", obj))]
        return [*acts, ObjectAct(_("Cancel the session"), self.address("cancel", obj))]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = "forums_forumsession"
        return [
            path("<path:object_id>/cancel/", view(self.cancel_view), name=f"{name}_cancel"),
            path(
                "<path:object_id>/reinstate/", view(self.reinstate_view), name=f"{name}_reinstate"
            ),
            *super().get_urls(),
        ]

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        return self._act(
            request,
            object_id,
            cancel_session,
            title=_("Cancel the session"),
            explanation=_("It stays in the programme and in calendars, marked as cancelled."),
            done=_("The session is cancelled."),
        )

    def reinstate_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        return self._act(
            request,
            object_id,
            reinstate_session,
            title=_("It takes place after all"),
            explanation=_("It stands in the programme again as before."),
            done=_("The session takes place."),
        )

    def _act(
        self, request: HttpRequest, object_id: str, act: Any, *, title: str, explanation: str,
        done: str,
    ) -> HttpResponseBase:  # fmt: skip
        session = self.to_act_on(request, object_id)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            self._do(request, session, act, reason=form.cleaned_data["reason"], done=done)
            return redirect(self.address("change", session))
        return self.act_page(
            request, session, form=form, title=title, button=title, explanation=explanation
        )

    def _do(self, request: HttpRequest, session: Any, act: Any, *, reason: str, done: str) -> None:
        try:
            is_new = act(session, by=request.user, reason=reason)
        except FrozenError as error:
            self.message_user(request, str(error), messages.WARNING)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.WARNING)
        else:
            sentence = done if is_new else _("Somebody has done this already.")
            level = messages.SUCCESS if is_new else messages.WARNING
            self.message_user(request, sentence, level)
