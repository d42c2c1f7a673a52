"""Long forms that are kept while they are written, and taken up again."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.forms.utils import ErrorDict
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import formats, timezone
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from oda_portal.languages import HTML_LANG
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.publishing.models import language_column
from oda_portal.publishing.versions import Below

from . import keeping
from .models import KeptText

# In the address of a form: with what had been written and not saved, of a new record by its key.
UNSAVED = "unsaved"
# Which record a form is of; for a new one the key of this form alone.
OBJECT = "_record"


class _Unchecked:
    """A form that shows what was written in it, whatever is wrong with that; it is never saved."""

    def full_clean(self) -> None:
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}

    def is_valid(self) -> bool:
        return False


class AutosaveMixin(admin.ModelAdmin):
    """Personal data are never kept beside their own row, where nobody would know of them."""

    def has_autosave(self, request: HttpRequest, obj: Any) -> bool:
        if isinstance(self, RecordedLooks) or "_popup" in request.GET or "_popup" in request.POST:
            return False
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def kept_text(self, request: HttpRequest, key: str) -> KeptText | None:
        return keeping.rows_of(request.user, self.model, key).first()  # type: ignore[arg-type]

    def kept_texts(self, request: HttpRequest, obj: Any) -> list[KeptText]:
        """What is offered: of a record one text, of new ones as many as were begun."""
        by: Any = request.user
        rows = keeping.rows_of(by, self.model, str(obj.pk)) if obj else None
        return list(keeping.new_rows_of(by, self.model) if rows is None else rows)

    # --- the form --------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if request.method == "GET" and UNSAVED in request.GET:
            request = self._with_kept_text(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _with_kept_text(self, request: HttpRequest, object_id: str | None) -> HttpRequest:
        """The same request as if the form had been sent; the same one where nothing is kept."""
        obj = self.get_object(request, object_id) if object_id else None
        if (object_id and obj is None) or not self.has_autosave(request, obj):
            return request
        kept = self.kept_text(request, str(obj.pk) if obj else request.GET[UNSAVED])
        if kept is None:
            return request
        request = copy.copy(request)
        request.method = "POST"
        request.POST = kept.fields  # type: ignore[assignment]
        request._files = MultiValueDict()  # type: ignore[attr-defined]
        request.taken_up = kept  # type: ignore[attr-defined]
        return request

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form_class = super().get_form(request, obj, change=change, **kwargs)
        if not hasattr(request, "taken_up"):
            return form_class
        made: Any = type(form_class)
        return made(form_class.__name__, (_Unchecked, form_class), {})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        obj = kwargs.get("obj")
        if self.has_autosave(request, obj):
            context["autosave"] = self._offer(request, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def _offer(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What the form needs to be kept, and what of it was kept before."""
        taken_up = getattr(request, "taken_up", None)
        kept = [taken_up] if taken_up else []
        if request.method == "GET":
            kept = self.kept_texts(request, obj)
        return {
            "key": OBJECT,
            "object_id": str(obj.pk) if obj else self._key_of_new(request),
            "is_new": obj is None,
            "url": f"{self._page('autosave')}?{request.GET.urlencode()}",
            "discard_url": self._page("discard"),
            "texts": [self._offered(request, obj, text) for text in kept],
            "taken_up": bool(taken_up),
        }

    def _offered(self, request: HttpRequest, obj: Any, kept: KeptText) -> dict[str, Any]:
        query = f"{kept.query}&{UNSAVED}={kept.object_id}".lstrip("&")
        fields = kept.fields
        columns = [language_column(getattr(self, "main_text", ""), code) for code in HTML_LANG]
        return {
            "kept": kept,
            # Which of several it is.
            "about": next((fields[name] for name in columns if fields.get(name)), ""),
            "take_up_url": f"{request.path}?{query}",
            "since": keeping.saved_since(kept, obj, self._below()) if obj else [],
        }

    def _key_of_new(self, request: HttpRequest) -> str:
        """Of the form of a new record: as it was when the form comes back."""
        taken_up = getattr(request, "taken_up", None)
        sent = taken_up.object_id if taken_up else request.POST.get(OBJECT, "")
        return sent if keeping.is_new(sent) else keeping.new_key()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        key = str(form.instance.pk) if change else request.POST.get(OBJECT, "")
        keeping.forget(request.user, self.model, key)  # type: ignore[arg-type]

    # --- what the script and the buttons ask -----------------------------------------------------

    def _page(self, name: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}")

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("autosave/", view(require_POST(self.autosave_view)), name=f"{name}_autosave"),
            path("discard/", view(require_POST(self.discard_view)), name=f"{name}_discard"),
            *super().get_urls(),
        ]

    def _below(self) -> Below:
        return self.below_with_history()  # type: ignore[attr-defined]

    def _written(self, request: HttpRequest) -> tuple[Any, str]:
        """The record that a form is of, None for a new one; and the key of what is kept of it."""
        key = request.POST.get(OBJECT, "")
        if isinstance(self, RecordedLooks):
            raise Http404
        obj = None if keeping.is_new(key) else self.get_object(request, key)
        if obj is None and not keeping.is_new(key):
            raise Http404
        if not self.has_autosave(request, obj):
            raise PermissionDenied
        return obj, str(obj.pk) if obj else key

    def autosave_view(self, request: HttpRequest) -> HttpResponseBase:
        obj, key = self._written(request)
        try:
            at, refused = keeping.keep(
                request,
                self.model,
                obj,
                self._below(),
                key=key,
                by=request.user,  # type: ignore[arg-type]
            )
        except keeping.TooLongError as error:
            raise BadRequest("More text than is kept") from error
        return JsonResponse({"said": _said(at), "left_out": _left_out(refused)})

    def discard_view(self, request: HttpRequest) -> HttpResponseBase:
        obj, key = self._written(request)
        keeping.forget(request.user, self.model, key)  # type: ignore[arg-type]
        messages.success(request, _("Your unsaved text has been discarded."))
        if obj is None:
            return redirect(f"{self._page('add')}?{urlencode(request.GET)}".rstrip("?"))
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return redirect(name, obj.pk)


def _said(at: Any) -> str:
    if at is None:
        return ""
    time = formats.date_format(timezone.localtime(at), "TIME_FORMAT")
    return _("Draft saved at %(time)s.") % {"time": time}


def _left_out(refused: int) -> str:
    if not refused:
        return ""
    return ngettext(
        "%(count)s field was not kept: it looks like it contains a resident registration number.",
        "%(count)s fields were not kept: they look like they contain a resident registration"
        " number.",
        refused,
    ) % {"count": refused}
