"""For the admin of personal data: columns that are masked until somebody says why they look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import label_for_field, lookup_field, quote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from .fields import EncryptedTextField
from .masking import Mask
from .numbers import RefuseResidentNumbers
from .revealing import LONGEST_REASON, MINUTES, last_reason, mask_again, record_of, reveal, revealed

# Where the form of a record that shows what is masked stands on its page.
ANCHOR = "reveal"
NOTHING = (None, "", "–")
# The parameter with the address that wants something shown.
BACK = "back"


class RevealForm(RefuseResidentNumbers, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"class": "vTextField", "list": "reveal-reasons"}),
        help_text=gettext_lazy("It is recorded in the personal data access log."),
        error_messages={"required": gettext_lazy("Say why you need to see it.")},
    )


class Masks(NamedTuple):
    """What the page of a record says of its masked data."""

    labels: list[str]
    until: datetime | None
    reason: str
    form: RevealForm | None
    address: str
    minutes: int = MINUTES


def usual_reasons() -> list[str]:
    """Offered while typing; any other words do as well."""
    return [
        _("Getting in touch with the person"),
        _("Checking what the person sent"),
        _("A request of the person about their data"),
        _("A mail that did not arrive"),
    ]


class MaskedFields(admin.ModelAdmin):
    """`masked`: names as in `list_display` and `fields` → how each looks while it is masked.

    Lists always show the mask. A record shows the values for some minutes after whoever has the
    permission `reveal_<model>` gave a reason; `shows_all(request, obj)` tells the subclass's own
    pages and parts. A search finds what is masked by the whole value alone (`=email`).
    """

    masked: Mapping[str, Mask] = MappingProxyType({})
    # Named in the sentence as well: what stands below the form, drawn by the app's own template.
    masked_besides: tuple[Any, ...] = ()

    class Media:
        css = {"all": ("admin_portal/privacy.css",)}

    def is_masked(self, obj: Any) -> bool:
        """Whether there is anything of this record to mask at all."""
        return bool(self.masked)

    def has_reveal_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        name = f"{self.opts.app_label}.reveal_{self.opts.model_name}"
        return self.has_view_permission(request, obj) and bool(request.user.has_perm(name))

    def reason_to_show(self, request: HttpRequest, obj: Any) -> str:
        """What was given for showing this record's masked data; empty while they are masked."""
        found = revealed(request, record_of(obj)) if self.has_reveal_permission(request) else None
        return found.reason if found else ""

    def shows_all(self, request: HttpRequest, obj: Any) -> bool:
        return not self.is_masked(obj) or bool(self.reason_to_show(request, obj))

    # --- columns ---------------------------------------------------------------------------------

    def get_list_display(self, request: HttpRequest) -> Any:
        return [self._column(name, "list") for name in super().get_list_display(request)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.shows_all(request, obj):
            return fieldsets
        where = "link" if self.has_reveal_permission(request, obj) else "record"
        return [
            (title, {**options, "fields": [self._in_form(one, where) for one in options["fields"]]})
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        if obj is None or self.shows_all(request, obj):
            return fields
        where = "link" if self.has_reveal_permission(request, obj) else "record"
        return [*fields, *(self._column(name, where) for name in self.masked)]

    def _in_form(self, name: Any, where: str) -> Any:
        if isinstance(name, (list, tuple)):
            return [self._column(one, where) for one in name]
        return self._column(name, where)

    def _column(self, name: Any, where: str) -> Any:
        """Instead of a masked name a function that draws the mask; always the same one."""
        if not isinstance(name, str) or name not in self.masked:
            return name
        known = self.__dict__.setdefault("_masked_columns", {})
        if (name, where) not in known:
            known[name, where] = self._drawn(name, where)
        return known[name, where]

    def _drawn(self, name: str, where: str) -> Callable[[Any], Any]:
        def column(obj: Any) -> Any:
            _field, _attr, value = lookup_field(name, obj, self)
            if value in NOTHING:
                return "–"
            if not self.is_masked(obj):
                return value
            text = self.masked[name](value)
            # Some texts hold nothing to mask.
            return value if text == value else _mask(text, where)

        column.__name__ = name
        label = lazy(lambda: str(label_for_field(name, self.model, self)), str)
        column.short_description = label()  # type: ignore[attr-defined]
        return column

    # --- addresses and searches that would tell --------------------------------------------------

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """A filter typed into the address must not find a value letter by letter."""
        column, _sep, how = lookup.partition("__")  # of a JSON column the rest may be a key
        if self._hides(column) and how not in ("", "exact", "iexact"):
            return False
        return super().lookup_allowed(lookup, value, request)

    def _hides(self, column: str) -> bool:
        """A masked column, or one behind it that the admin shows under a name of its own.

        What is drawn from a JSON column, as the text of a mail, is in it word by word.
        """
        fields = {field.name: field for field in self.opts.get_fields()}
        kinds = (models.EmailField, models.JSONField, EncryptedTextField)
        secret = isinstance(fields.get(column), kinds)
        return bool(self.masked) and (secret or column in self.masked)

    def get_search_fields(self, request: HttpRequest) -> Any:
        """What is masked, here or on the pages of the record it leads to, by the whole value."""
        return [self._whole(name) for name in super().get_search_fields(request)]

    def _whole(self, name: str) -> str:
        path = name.lstrip("^=@").removesuffix("__contains")
        *links, column = path.split("__")
        model: Any = self.model
        for link in links:
            model = model._meta.get_field(link).related_model
        pages = self if not links else self.admin_site._registry.get(model)
        hides = isinstance(pages, MaskedFields) and pages._hides(column)
        return f"={path}" if hides else name

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """A whole value may be of several words, each of which is none; an address has an index."""
        words = " ".join(search_term.split())
        if " " in words or "@" in words:
            asked = [name for name in self.get_search_fields(request) if name.startswith("=")]
            is_it = models.Q(*((f"{name[1:]}__iexact", words) for name in asked), _connector="OR")
            if asked and (found := queryset.filter(is_it)).exists():
                return found, False
        return super().get_search_results(request, queryset, search_term)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Of what goes with a record only how many: some of it is called by an address."""
        tree, counts, missing, protected = super().get_deleted_objects(objs, request)
        return ([str(obj) for obj in objs] if self.masked else tree), counts, missing, protected

    # --- showing ---------------------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        obj = kwargs.get("obj")
        if obj is not None and self.is_masked(obj):
            context |= {"masks": self._masks(request, obj), "reasons": usual_reasons()}
        return super().render_change_form(request, context, *args, **kwargs)

    def _masks(self, request: HttpRequest, obj: Any) -> Masks:
        may = self.has_reveal_permission(request, obj)
        shown = revealed(request, record_of(obj)) if may else None
        names = [str(label_for_field(name, self.model, self)) for name in self.masked]
        return Masks(
            labels=[*names, *map(str, self.masked_besides)],
            until=datetime.fromtimestamp(shown.until, UTC) if shown else None,
            reason=shown.reason if shown else "",
            form=RevealForm(initial={"reason": last_reason(request)}) if may else None,
            address=self.to_reveal(obj),
        )

    def to_reveal(self, obj: Any, *, coming_back_to: str = "") -> str:
        """The page that asks for a reason; then the record’s own page, or this address."""
        address = self._address_of("reveal", obj)
        return f"{address}?{urlencode({BACK: coming_back_to})}" if coming_back_to else address

    def _address_of(self, page: str, obj: Any) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=[quote(obj.pk)], current_app=self.admin_site.name)

    def get_urls(self) -> list[URLPattern]:
        if not self.masked:
            return super().get_urls()
        name = f"{self.opts.app_label}_{self.opts.model_name}_reveal"
        view = self.admin_site.admin_view(self.reveal_view)
        return [path("<path:object_id>/reveal/", view, name=name), *super().get_urls()]

    def reveal_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Takes the reason, and leads back to the record, whose page is the look."""
        obj = self.get_object(request, object_id)
        if not self.has_reveal_permission(request, obj):
            raise PermissionDenied
        if obj is None or not self.is_masked(obj):
            raise Http404
        back = self._address_of("change", obj)
        if "mask" in request.POST:
            mask_again(request, record_of(obj))
            return redirect(back)
        is_sent = request.method == "POST"
        form = RevealForm(
            request.POST if is_sent else None, initial={"reason": last_reason(request)}
        )
        if form.is_valid():
            reveal(request, record_of(obj), reason=form.cleaned_data["reason"])
            return redirect(_safe(request, request.GET.get(BACK, "")) or back)
        return self._reveal_page(request, obj, form, back)

    def _reveal_page(
        self, request: HttpRequest, obj: Any, form: RevealForm, back: str
    ) -> TemplateResponse:
        # Without its name: this page shows nobody.
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Show what is masked"),
            "form": form,
            "reasons": usual_reasons(),
            "about": f"{capfirst(self.opts.verbose_name)} {obj.pk}",
            "minutes": MINUTES,
            "back": back,
        }
        return TemplateResponse(request, "privacy/admin/reveal.html", context)


def _safe(request: HttpRequest, address: str) -> str:
    """The address if it is one of this site; empty otherwise."""
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else ""


def _mask(text: str, where: str) -> SafeString:
    word = pgettext("personal data", "Masked")
    if where == "list":
        return format_html(
            '<span class="masked" title="{}"><span aria-hidden="true">{}</span>'
            '<span class="visually-hidden">{}</span></span>',
            word, text, word,
        )  # fmt: skip
    link = mark_safe("")
    if where == "link":
        show = pgettext("personal data", "Show")
        link = format_html(' <a href="#{}">{}</a>', ANCHOR, show)
    return format_html(
        '<span class="masked"><span aria-hidden="true">{}</span></span>'
        ' <span class="badge stage-draft">{}</span>{}',
        text, word, link,
    )  # fmt: skip
