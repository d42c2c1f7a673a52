"""What the pages of pictures and of documents share: uploading, where used, letting go."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oda_portal.library import actions, uses
from oda_portal.library.forms import SeenForm
from oda_portal.publishing.admin import RecordAdmin
from oda_portal.translating.admin import MINOR

from .choosing import choose_page
from .places import to_change, to_see
from .uploads import upload_page

# So many places stand on the page of a picture; the rest is counted.
MOST_PLACES = 50


class HeldAdmin(RecordAdmin):
    """A picture or a document: it is added by uploading, and stays as long as it is used."""

    main_text = ""
    change_list_template = "admin/library/change_list.html"
    delete_confirmation_template = "admin/library/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/library/delete_selected_confirmation.html"

    class Media:
        css = {"all": ["admin_portal/library.css"]}

    # --- lists -------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> Any:
        return uses.with_uses(super().get_queryset(request))

    @admin.display(description=gettext_lazy("number"), ordering="pk")
    def number(self, held: Any) -> int:
        return held.pk

    @admin.display(description=gettext_lazy("where used"), ordering="uses")
    def use_count(self, held: Any) -> SafeString | str:
        if not held.uses:
            return format_html('<span class="quiet">{}</span>', _("Not used anywhere"))
        return ngettext("%(n)s place", "%(n)s places", held.uses) % {"n": held.uses}

    @admin.display(description=gettext_lazy("ready to use"))
    def readiness(self, held: Any) -> SafeString:
        state, words = ("good", _("Ready")) if held.is_ready else ("warn", _("Needs a description"))
        return format_html('<span class="badge library-{}">{}</span>', state, words)

    # --- uploading -----------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return upload_page(self, request)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_choose"
        view = self.admin_site.admin_view(self.choose_view)
        return [path("choose/", view, name=name), *super().get_urls()]

    def choose_view(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return choose_page(self, request)

    # --- one of them -----------------------------------------------------------------------------

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        held = super().get_object(request, object_id, from_field)
        if held is not None:
            held.asked = request
        return held

    @admin.display(description=gettext_lazy("where used"))
    def where_used(self, held: Any) -> SafeString | str:
        return self.list_of_places(held.asked, uses.places(held)) or _("Not used anywhere")

    def list_of_places(self, request: HttpRequest, places: list[uses.Place]) -> SafeString | str:
        """Named are those that may be seen; the others are a number."""
        if not places:
            return ""
        named = to_see(request, places[:MOST_PLACES])
        lines = [(place, self._address_of(place.record)) for place in named]
        more = len(places) - len(lines)
        return render_to_string("admin/library/places.html", {"lines": lines, "more": more})

    def _address_of(self, record: models.Model) -> str:
        options = record._meta
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = self.model._base_manager.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        by: Any = request.user
        minor = MINOR in request.POST
        said = before and form.changed_data
        changed = self._passed_on(request, obj, before, by=by, minor=minor) if said else 0
        if changed:
            sentence = ngettext(
                "The new texts are now used in %(n)s place as well.",
                "The new texts are now used in %(n)s places as well.",
                changed,
            )
            self.message_user(request, sentence % {"n": changed}, messages.SUCCESS)

    def _passed_on(
        self, request: HttpRequest, obj: Any, before: Any, *, by: Any, minor: bool
    ) -> int:
        """To the places that whoever writes may change as well; the others keep their words."""
        whole = self.has_whole_permission(request, obj)
        theirs = to_change(request, uses.places(obj), whole=whole)
        keys = {place.key for place in theirs}
        return actions.pass_on(obj, before, by=by, minor=minor, among=keys)

    @transaction.atomic
    def act_on_file(
        self, request: HttpRequest, obj: Any, *, form_class: type[SeenForm], title: str,
        button: str, explanation: str, act: Any,
    ) -> HttpResponseBase:  # fmt: skip
        """A page that says where the file is shown, and changes it there once that was seen."""
        is_sent = request.method == "POST"
        if is_sent:
            obj = self.model._base_manager.select_for_update().get(pk=obj.pk)
        places = uses.places(obj)
        kept = len(places) - len(to_change(request, places))
        seen = fingerprint(obj, places)
        form = form_class(
            request.POST if is_sent else None,
            request.FILES if is_sent else None,
            initial={"seen": seen},
        )
        if not kept and form.is_valid():
            if form.cleaned_data["seen"] != seen:
                form = _again(form_class, request, seen)
            elif self._is_done(request, form, act):
                return redirect(self.address("change", obj))
        page = self.act_page(
            request, obj, form=form, title=title, button=button, explanation=explanation
        )
        page.template_name = "admin/library/act_on_file.html"
        page.context_data |= {  # type: ignore[operator]
            "places": self.list_of_places(request, places), "kept": kept, "count": len(places),
        }  # fmt: skip
        return page

    def _is_done(self, request: HttpRequest, form: Any, act: Any) -> bool:
        try:
            moved = act(form.cleaned_data)
        except ValidationError as error:
            form.add_error("file" if "file" in form.fields else None, error)
            return False
        sentence = ngettext(
            "Done. It is shown in %(n)s place.", "Done. It is shown in %(n)s places.", len(moved)
        )
        if not moved:
            sentence = _("Done. It is not used anywhere yet.")
        self.message_user(request, sentence % {"n": len(moved)}, messages.SUCCESS)
        return True

    # --- letting go ------------------------------------------------------------------------------

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> Any:
        """What is used somewhere is said to be kept by it."""
        chosen = list(objs)
        to_delete, counts, rights, protected = super().get_deleted_objects(chosen, request)
        rows = self.model._base_manager.filter(pk__in=[held.pk for held in chosen])
        used = uses.used(rows, is_used=True)[:MOST_PLACES]
        kept = [line for held in used for line in self._lines_of(request, held)]
        return to_delete, counts, rights, [*protected, *kept]

    def _lines_of(self, request: HttpRequest, held: Any) -> list[SafeString]:
        """Where it is used; what may not be seen is a number."""
        places = uses.places(held)
        named = to_see(request, places)
        lines = [
            format_html(
                '{}: {} <a href="{}">{}</a>',
                held, place.kind, self._address_of(place.record), place.record,
            )
            for place in named
        ]  # fmt: skip
        if more := len(places) - len(named):
            sentence = ngettext("%(n)s place", "%(n)s places", more) % {"n": more}
            lines.append(format_html("{}: {}", held, sentence))
        return lines

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Django has asked `get_deleted_objects` in this transaction."""
        list(self.model._base_manager.select_for_update().filter(pk=obj.pk).values_list("pk"))
        if uses.is_used(obj):
            raise PermissionDenied
        super().delete_model(request, obj)


def fingerprint(held: Any, places: list[uses.Place]) -> str:
    """Of the file and all that shows it: what a page said, in a few letters."""
    said = [held.stored.name, *(f"{place.key}:{place.is_public}" for place in places)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def _again(form_class: type[SeenForm], request: HttpRequest, seen: str) -> SeenForm:
    """The form once more, with what is true now to be seen."""
    data = request.POST.copy()
    data["seen"] = seen
    form = form_class(data, request.FILES)
    form.add_error(
        None,
        _("Something has changed where this file is used. Check the places below and try again."),
    )
    return form
