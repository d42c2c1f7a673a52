"""Records that may be closed: then they are only shown, and change with a public correction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oda_portal.languages import HTML_LANG
from oda_portal.publishing.admin import ObjectAct, RecordAdmin
from programs.corrections import Keeper, keepers_of

# In the address of a form that was opened to put something right.
CORRECTING = "correct"
LONGEST = 300
# The pages of the form: where it is opened, and where what was typed in it is kept. Any other page
# of something closed stays shut, whatever its address says.
FORM_PAGES = ("add", "change", "autosave", "discard")


def _field(code: str) -> str:
    return f"correction_{code.replace('-', '_')}"


FIELDS = {_field(code): code for code, _name in settings.LANGUAGES}


def correction_fields() -> dict[str, forms.Field]:
    """One in each language, each of them required: the log is public."""
    fields = {}
    for name, code in FIELDS.items():
        words = {"language": dict(settings.LANGUAGES)[code]}
        widget = forms.Textarea(
            attrs={"rows": 2, "lang": HTML_LANG[code], "class": "vLargeTextField"}
        )
        label = _("What is put right (%(language)s)") % words
        fields[name] = forms.CharField(label=label, max_length=LONGEST, widget=widget)
    return fields


def is_correction(form: forms.BaseForm) -> bool:
    """Whether the form asks what is put right."""
    return FIELDS.keys() <= form.fields.keys()


class CorrectedAdmin(RecordAdmin):
    """Asks `programs.corrections` whether a record is closed, once for each request."""

    def keepers(self, request: HttpRequest, obj: models.Model | None) -> list[Keeper]:
        if obj is None or obj.pk is None:
            return []
        if not hasattr(request, "kept_closed"):
            request.kept_closed = {}  # type: ignore[attr-defined]
        known = request.kept_closed  # type: ignore[attr-defined]
        key = (obj._meta.label, obj.pk)
        if key not in known:
            # Pages that only ask, and acts that begin a transaction of their own, lock nothing.
            known[key] = keepers_of(obj, lock=transaction.get_connection().in_atomic_block)
        return known[key]

    def _is_shut(self, request: HttpRequest, obj: models.Model | None) -> bool:
        return bool(self.keepers(request, obj)) and not self.is_corrected(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not self._is_shut(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not self.keepers(request, obj)

    def may_correct(self, request: HttpRequest, obj: Any) -> bool:
        """Whoever may change the record as a whole, were it open."""
        return super().has_change_permission(request, obj) and super().has_whole_permission(request)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        if request.method != "POST" or not object_id:
            return super().changeform_view(request, object_id, form_url, extra_context)
        # What may close the record is locked before the record itself, as every act does.
        with transaction.atomic():
            self.keepers(request, self.get_object(request, object_id))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if self.is_corrected(request, obj):
            base = kwargs.get("form", self.form)
            kwargs["form"] = type(base.__name__, (base,), correction_fields())
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.with_correction(request, obj, super().get_fieldsets(request, obj))

    def with_correction(self, request: HttpRequest, obj: Any, fieldsets: Any) -> Any:
        """What is put right is said first, where the record is closed."""
        if not self.is_corrected(request, obj):
            return fieldsets
        shown = {
            "fields": tuple(FIELDS),
            "description": _("Everybody can read it in the log below the page."),
        }
        return [(_("Correction"), shown), *fieldsets]

    def is_corrected(self, request: HttpRequest, obj: Any) -> bool:
        """Also of a new record, which is put into something closed."""
        return (
            CORRECTING in request.GET
            and self._is_form(request)
            and self.may_correct(request, obj)
            and (obj is None or bool(self.keepers(request, obj)))
        )

    def _is_form(self, request: HttpRequest) -> bool:
        """A preview's own request has no address: what it saves is taken back at once."""
        match, name = request.resolver_match, f"{self.opts.app_label}_{self.opts.model_name}"
        return match is None or match.url_name in {f"{name}_{page}" for page in FORM_PAGES}

    def why_not_back(self, request: HttpRequest, record: models.Model) -> str:
        if not keepers_of(record, lock=True):
            return ""
        return _("It belongs to a closed record. It can only be changed with a public correction.")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = self.keepers(request, obj) if change else []
        super().save_model(request, obj, form, change)
        # It may be new there, or come from elsewhere.
        keepers = dict.fromkeys([*before, *keepers_of(obj, lock=True)])
        if keepers and not is_correction(form):
            raise PermissionDenied("What it was put into is closed")
        for keeper in keepers:
            texts = {code: form.cleaned_data[name] for name, code in FIELDS.items()}
            keeper.correct(texts=texts, by=request.user)  # type: ignore[arg-type]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        response = super().render_change_form(request, context, *args, **kwargs)
        obj = kwargs.get("obj")
        if self._is_shut(request, obj):
            self.message_user(
                request,
                _("This is closed and part of the record. It can only be put right in public."),
                messages.WARNING,
            )
            if self.may_correct(request, obj):
                acts = [*response.context_data["acts"], *self.get_corrections(request, obj)]  # type: ignore[index]
                response.context_data["acts"] = acts  # type: ignore[index]
        return response

    def get_corrections(self, request: HttpRequest, obj: Any) -> list[ObjectAct]:
        """How something closed can be put right, for who may do so."""
        return [ObjectAct(pgettext("act", "Correct"), f"{request.path}?{CORRECTING}=1")]
