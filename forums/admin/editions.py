"""Editions of the forum in the back office: one page for the edition and its programme."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import Form, modelform_factory
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from forums import freezing
from forums.actions import begin_like
from forums.models import Forum
from forums.registering.places import set_capacity
from oda_portal.admin import Shortcut, add_shortcuts
from oda_portal.files import renditions
from oda_portal.publishing.admin import ObjectAct
from oda_portal.publishing.admin_effects import EffectsMixin
from oda_portal.publishing.models import Status
from oda_portal.publishing.stages import Stage, stage_of, stage_sentence
from oda_portal.publishing.texts import period
from programs.admin.areas import WithinAreas
from programs.admin.corrections import CORRECTING, CorrectedAdmin
from programs.admin.inlines import DocumentInline, RoleInline
from programs.admin.photos import PhotoInline
from programs.models import Program

from . import parts
from .edition_acts import acts_of
from .edition_fields import fieldsets_to_read, fieldsets_to_write
from .edition_form import EVENT, EVENT_COLUMNS, EditionForm, EventForm, NewEditionForm
from .edition_warnings import warn

# Rows of the programme that are edited with its edition.
OF_THE_EVENT = (RoleInline, PhotoInline, DocumentInline)


def kind_shortcuts() -> list[Shortcut]:
    return [
        Shortcut(str(label), f"kind__exact={kind}", f"kind={kind}")
        for kind, label in Forum.Kind.choices
    ]


add_shortcuts(Forum, kind_shortcuts)


@admin.register(Forum)
class ForumAdmin(WithinAreas, EffectsMixin, CorrectedAdmin):
    form = EditionForm
    list_display = (
        "__str__", "kind", "series", "edition_label", "dates", "stage_badge", "is_closed",
    )  # fmt: skip
    list_filter = ("kind", "series", ("frozen_at", admin.EmptyFieldListFilter))
    list_select_related = ("program", "series")
    search_fields = ("program__title", "theme", "slug")
    date_hierarchy = "program__starts_on"
    readonly_fields = ("frozen_at", "shown_title", "shown_summary", "shown_dates", "shown_venue")
    inlines = (parts.RoomInline, parts.MaterialInline, parts.CorrectionInline)

    # --- list ----------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("dates"), ordering="program__starts_on")
    def dates(self, forum: Forum) -> str:
        program = forum.program
        return period(program.starts_on, program.ends_on, program.precision)

    @admin.display(description=pgettext_lazy("publish", "status"), ordering="program__status")
    def stage_badge(self, forum: Forum) -> str:
        stage = stage_of(forum.program)
        return format_html('<span class="badge stage-{}">{}</span>', stage.value, stage.label)

    @admin.display(description=pgettext_lazy("edition", "closed"), boolean=True)
    def is_closed(self, forum: Forum) -> bool:
        return forum.is_frozen

    # --- form ----------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Forum | None = None) -> Any:
        if obj and not self.has_change_permission(request, obj):
            return self._patch_fieldsets(fieldsets_to_read())
        fieldsets = self._patch_fieldsets(fieldsets_to_write(is_new=obj is None))
        return self.with_correction(request, obj, fieldsets)

    def get_form(
        self, request: HttpRequest, obj: Forum | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        event_class = modelform_factory(
            Program,
            form=EventForm,
            fields=EVENT_COLUMNS,
            formfield_callback=partial(self._event_field, request),
        )
        fields = {f"{EVENT}-{name}": event_class.base_fields[name] for name in EVENT_COLUMNS}
        base = EditionForm if obj else NewEditionForm
        kwargs["form"] = type(base.__name__, (base,), {**fields, "event_class": event_class})
        return super().get_form(request, obj, change=change, **kwargs)

    def _event_field(self, request: HttpRequest, field: models.Field, **kwargs: Any) -> Any:
        if field.many_to_many:
            kwargs["widget"] = AutocompleteSelectMultiple(field, self.admin_site)
        return self.formfield_for_dbfield(field, request=request, **kwargs)

    def get_inline_instances(self, request: HttpRequest, obj: Forum | None = None) -> list[Any]:
        """With those of the programme, which hang on it and not on the edition."""
        own = super().get_inline_instances(request, obj)
        theirs = [inline(Program, self.admin_site) for inline in OF_THE_EVENT]
        shown = [inline for inline in theirs if inline.has_view_or_change_permission(request)]
        for inline in shown:
            if not inline.has_add_permission(request, None):
                inline.max_num = 0
        has_log = obj is not None and obj.is_frozen
        return [*shown, *(row for row in own if has_log or type(row) is not parts.CorrectionInline)]

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        hangs_on = obj.program if inline.parent_model is Program else obj
        return super().get_formset_kwargs(request, hangs_on, inline, prefix)

    def get_readonly_fields(self, request: HttpRequest, obj: Forum | None = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        if obj and obj.program.status != Status.DRAFT:
            fields.append("slug")  # somebody may have kept the address
        return fields

    # --- saving --------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Forum, form: Any, change: bool) -> None:
        obj.program = form.save_event()
        super().save_model(request, obj, form, change)
        if change:
            return
        if places := form.cleaned_data["places"]:
            set_capacity(obj, places, by=request.user)  # type: ignore[arg-type]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change:
            warn(request, form.instance, form.changed_data)
        elif other := form.cleaned_data["like"]:
            begin_like(form.instance, other)

    def response_add(
        self, request: HttpRequest, obj: Forum, post_url_continue: str | None = None
    ) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        return self._after_saving(request, obj, response)

    def response_change(self, request: HttpRequest, obj: Forum) -> HttpResponse:
        response = super().response_change(request, obj)
        return self._after_saving(request, obj, response)

    def _after_saving(
        self, request: HttpRequest, obj: Forum, response: HttpResponse
    ) -> HttpResponse:
        renditions.refresh(obj.program)
        if following := self.next_page(request, obj):
            return redirect(following)
        self.say_stage(request, obj)
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Forum | None = None) -> bool:
        """What was on the site is taken down, and not deleted."""
        is_new = obj is None or obj.program.status == Status.DRAFT
        return is_new and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Forum) -> None:
        program = obj.program
        super().delete_model(request, obj)
        program.delete()
        renditions.forget_deleted()

    def get_actions(self, request: HttpRequest) -> Any:
        """None for many at once: each is deleted on its own page, where it says what goes."""
        return {}

    # --- publication, and acts with a page that asks once more ------------------------------------

    def preview_owners(self, obj: Forum) -> list[models.Model]:
        return [obj.program]

    def preview_roots(self, obj: Forum) -> list[str]:
        # The pages of its pictures stand below the programme.
        own = reverse("programs:program_detail", args=[obj.program.code])
        return [obj.get_absolute_url(), own]

    def view_on_site(self, obj: Forum) -> str | None:
        return obj.get_absolute_url() if obj.is_public() else None

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        obj = kwargs.get("obj")
        program = obj.program if obj else Program()
        is_theirs = obj is None or self.may_correct(request, obj)
        is_up = program.status == Status.PUBLISHED
        context |= {
            "is_publishable": True,
            "stage": stage_of(program) if obj else Stage.DRAFT,
            "stage_sentence": stage_sentence(program),
            "may_publish": is_theirs and not is_up,
            "take_down_url": self.address("take_down", obj)
            if obj and is_up and is_theirs
            else None,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def get_acts(self, request: HttpRequest, obj: Forum) -> list[ObjectAct]:
        sessions = reverse("admin:forums_forumsession_changelist")
        acts = [ObjectAct(_("Sessions"), f"{sessions}?forum__id__exact={obj.pk}")]
        acts += acts_of(request, obj)
        if obj.is_over() and not obj.is_frozen:
            acts.append(ObjectAct(_("Close the edition"), self.address("freeze", obj)))
        return acts

    def get_corrections(self, request: HttpRequest, obj: Forum) -> list[ObjectAct]:
        acts = super().get_corrections(request, obj)
        if request.user.has_perm("forums.add_forumsession"):
            url = f"{reverse('admin:forums_forumsession_add')}?forum={obj.pk}&{CORRECTING}=1"
            acts.append(ObjectAct(_("Add a session"), url))
        return acts

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/freeze/", view(self.freeze_view), name="forums_forum_freeze"),
            *super().get_urls(),
        ]

    def freeze_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        forum = self._theirs(request, object_id)
        form = Form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            self._freeze(request, forum)
            return redirect(self.address("change", forum))
        return self.act_page(
            request,
            forum,
            form=form,
            title=_("Close the edition"),
            button=pgettext("edition", "Close it for good"),
            explanation=_(
                "Nobody can change it any more: neither its texts and sessions nor its papers and"
                " pictures. What is put right later is written in a log that everybody can read."
            ),
        )

    def _freeze(self, request: HttpRequest, forum: Forum) -> None:
        try:
            is_new = freezing.freeze(forum, by=request.user)  # type: ignore[arg-type]
        except freezing.FrozenError as error:
            self.message_user(request, str(error), messages.WARNING)
            return
        sentence = _("The edition is closed.") if is_new else _("It was closed already.")
        self.message_user(request, sentence, messages.SUCCESS if is_new else messages.WARNING)

    # Also of a closed edition: what must leave the site leaves it.
    def to_publish(self, request: HttpRequest, object_id: str) -> Forum:
        return self._theirs(request, object_id)

    def published_of(self, obj: Forum) -> Program:
        return obj.program

    def _theirs(self, request: HttpRequest, object_id: str) -> Forum:
        """The edition, closed or not, for somebody who may change it as a whole."""
        forum = self.get_object(request, object_id)
        if not self.may_correct(request, forum):
            raise PermissionDenied
        if forum is None:
            raise Http404
        return forum

    # --- what of the programme is shown where nothing can be changed -----------------------------

    @admin.display(description=gettext_lazy("title"))
    def shown_title(self, forum: Forum) -> str:
        return str(forum.program)

    @admin.display(description=gettext_lazy("summary"))
    def shown_summary(self, forum: Forum) -> str:
        return forum.program.summary

    @admin.display(description=gettext_lazy("dates"))
    def shown_dates(self, forum: Forum) -> str:
        return self.dates(forum)

    @admin.display(description=gettext_lazy("venue"))
    def shown_venue(self, forum: Forum) -> str:
        return forum.program.venue
