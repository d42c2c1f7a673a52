"""The texts of mails: the portal's own, and what the office puts in their place."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oda_portal.accounts.roles import languages_to_write
from oda_portal.languages import HTML_LANG
from oda_portal.publishing.admin import SafeListMixin
from oda_portal.publishing.admin_history import HistoryMixin
from oda_portal.publishing.forms import RecordForm

from .. import kinds
from ..kinds import Kind
from ..models import MailTemplate
from ..rendering import STYLE_HASH, Stationery, sample_letter
from ..texts import Text, problems, text_of_file

LANGUAGES = dict(settings.LANGUAGES)


class MailTemplateForm(RecordForm):
    class Meta:
        model = MailTemplate
        fields = ("kind", "language", "subject", "body")
        widgets = {
            "kind": forms.HiddenInput,
            "language": forms.HiddenInput,
            "subject": forms.TextInput(attrs={"class": "vTextField"}),
            "body": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 14}),
        }

    def clean_kind(self) -> str:
        return str(self.instance.kind or _known_kind(self.cleaned_data["kind"]).name)

    def clean_language(self) -> str:
        return str(self.instance.language or self.cleaned_data["language"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if {"kind", "subject", "body"} <= set(self.cleaned_data):
            text = Text(self.cleaned_data["subject"], self.cleaned_data["body"])
            for sentence in problems(_known_kind(self.cleaned_data["kind"]), text):
                self.add_error("body", sentence)
        return cleaned


def _known_kind(name: str) -> Kind:
    try:
        return kinds.kind_of(name)
    except KeyError:
        raise forms.ValidationError(_("The portal does not send this email.")) from None


@admin.register(MailTemplate)
class MailTemplateAdmin(SafeListMixin, HistoryMixin):
    """One page with every mail in every language leads to the forms."""

    form = MailTemplateForm
    fields = ("kind", "language", "subject", "body")
    change_form_template = "admin/mail/text_form.html"

    def get_urls(self) -> list[URLPattern]:
        preview = require_POST(self.admin_site.admin_view(self.preview_view))
        return [
            path("preview/", preview, name="mail_mailtemplate_preview"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        own = {(row.kind, row.language): row for row in MailTemplate.objects.all()}
        context = {
            **self.admin_site.each_context(request),
            "title": self.opts.verbose_name_plural,
            "opts": self.opts,
            "languages": LANGUAGES.values(),
            "list_acts": self.get_list_acts(request),
            "groups": [
                (group, [(kind, _cells(kind, own)) for kind in found])
                for group, found in groupby(_in_order(), key=lambda kind: str(kind.group))
            ],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/mail/text_list.html", context)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Translators write their own language, and nothing of the mails that open accounts."""
        if not super().has_change_permission(request, obj):
            return False
        languages = languages_to_write(request.user, MailTemplate)  # type: ignore[arg-type]
        if obj is None or languages is None:
            return True
        return obj.language in languages and not kinds.is_secret(obj.kind)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        if _asked(request) is None:
            return redirect("admin:mail_mailtemplate_changelist")
        return super().add_view(request, form_url, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The portal's own text, to begin with."""
        asked = _asked(request)
        if asked is None:
            return {}
        kind, language = asked
        text = text_of_file(kind.name, language)
        return {"kind": kind.name, "language": language, **text._asdict()}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        row = kwargs.get("obj")
        kind, language = (row.kind, row.language) if row else _names(request)
        if kind in {known.name for known in kinds.registered()}:
            known = kinds.kind_of(kind)
            context["placeholders"] = [
                (f"{{{name}}}", meaning, name in known.needed)
                for name, meaning in known.known.items()
            ]
        context |= {
            "preview_url": reverse("admin:mail_mailtemplate_preview"),
            "kind_label": kinds.label_of(kind),
            "language_name": LANGUAGES.get(language, ""),
        }
        form = context["adminform"].form
        for name in ("subject", "body"):
            if name in form.fields:
                form.fields[name].widget.attrs["lang"] = HTML_LANG.get(language, "")
        return super().render_change_form(request, context, *args, **kwargs)

    def preview_view(self, request: HttpRequest) -> HttpResponseBase:
        """What is in the form, with example values: nothing is saved."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        asked = _asked(request)
        if asked is None:
            raise BadRequest("no such mail")
        kind, language = asked
        text = Text(request.POST.get("subject", "")[:200], request.POST.get("body", ""))
        found = problems(kind, text)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview"),
            "opts": self.opts,
            "kind_label": kind.label,
            "html_lang": HTML_LANG[language],
            "problems": found,
            "letter": None if found else sample_letter(kind, text, language, Stationery()),
        }
        response = TemplateResponse(request, "admin/mail/text_preview.html", context)
        # The frame has no address of its own, which "frame-src" would have to name: it stands under
        # this page's policy, and brings its style along.
        response._csp_update = {"style-src": [STYLE_HASH]}  # type: ignore[attr-defined]
        return response


def _names(request: HttpRequest) -> tuple[str, str]:
    source = request.POST if request.method == "POST" else request.GET
    return source.get("kind", ""), source.get("language", "")


def _asked(request: HttpRequest) -> tuple[Kind, str] | None:
    """The kind and language that the address or the form names, if they exist."""
    name, language = _names(request)
    if language not in LANGUAGES or name not in {kind.name for kind in kinds.registered()}:
        return None
    return kinds.kind_of(name), language


def _in_order() -> list[Kind]:
    found = kinds.registered()
    groups = [str(kind.group) for kind in found]
    return sorted(found, key=lambda kind: groups.index(str(kind.group)))


def _cells(kind: Kind, own: dict[tuple[str, str], MailTemplate]) -> list[tuple[str, str, bool]]:
    """For each language: subject in force, address of its form, whether it is the office's own."""
    cells = []
    for language in LANGUAGES:
        row = own.get((kind.name, language))
        if row:
            url = reverse("admin:mail_mailtemplate_change", args=[row.pk])
        else:
            query = urlencode({"kind": kind.name, "language": language})
            url = f"{reverse('admin:mail_mailtemplate_add')}?{query}"
        subject = row.subject if row else text_of_file(kind.name, language).subject
        cells.append((subject, url, bool(row)))
    return cells
