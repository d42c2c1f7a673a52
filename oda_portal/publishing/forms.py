"""Forms of the back office: no one overwrites another's work, and addresses make themselves."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.privacy.numbers import RefuseResidentNumbers

from . import histories
from .histories import in_words
from .merging import version_of
from .models import language_column
from .slugs import free_slug
from .versions import Below


def edited_columns(field: str) -> list[tuple[str, str]]:
    """The columns of a translated field with the names of their languages, Korean first."""
    return [(language_column(field, code), name) for code, name in settings.LANGUAGES]


class RecordForm(forms.ModelForm):
    """Refuses to save over what somebody else saved while this form was open.

    `version` says how far the history of the record, and of what stands below it, had come when
    the form was opened.
    """

    # Models below the record with their foreign keys, whose changes count as well.
    below: Below = ()
    # The controls in which both have written, where that was found out; see `merging`.
    clashes: Collection[str] | None = None

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = version_of(self.instance, self.below)
        self.fields["version"].initial = str(version or "")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk:
            self._refuse_conflict()
        return cleaned

    def _refuse_conflict(self) -> None:
        # Of two who save at the same instant the second waits here, and then sees the first.
        rows = self._meta.model._base_manager.select_for_update().filter(pk=self.instance.pk)
        list(rows.values_list("pk"))
        version = version_of(self.instance, self.below)
        name = self.add_prefix("version")
        if version is None or str(version) == self.data.get(name):
            return
        self._show_what_is_stored()
        # Whoever has seen this message may save again, now knowing both versions.
        data = cast("QueryDict", self.data).copy()
        data[name] = str(version)
        self.data = data
        if newest := self._newest():
            self.add_error(None, self._conflict(newest))

    def _newest(self) -> Any | None:
        """The last step of the record or of what stands below it, with who wrote it."""
        steps = histories.steps(self.instance, self.below)
        if not steps:
            return None
        history = steps[0].model.history.model  # type: ignore[attr-defined]
        return history.objects.select_related("history_user").get(pk=steps[0].record)

    def _show_what_is_stored(self) -> None:
        """Beside every field whose text here is another than the stored one."""
        stored = self._meta.model._base_manager.get(pk=self.instance.pk)
        columns = {field.name for field in stored._meta.get_fields()}
        for name in self.changed_data:
            if name not in columns or name not in self.cleaned_data:
                continue
            if self.clashes is not None and self.add_prefix(name) not in self.clashes:
                continue
            field = stored._meta.get_field(name)
            value = getattr(stored, name)
            there = in_words(field, list(value.all()) if field.many_to_many else value)
            here = self.cleaned_data[name]
            # The editor writes the same text with other tags than the loader.
            if there != in_words(field, list(here) if field.many_to_many else here):
                self.add_error(name, _("Stored now: %(value)s") % {"value": there})

    def _conflict(self, newest: Any) -> ValidationError:
        options = self.instance._meta
        history = reverse(
            f"admin:{options.app_label}_{options.model_name}_history", args=[self.instance.pk]
        )
        sentence = _("%(name)s saved it on %(time)s. Compare the two versions and save again.") % {
            "name": newest.history_user or _("Someone"),
            "time": formats.date_format(timezone.localtime(newest.history_date), "DATETIME_FORMAT"),
        }
        link = format_html('{} <a href="{}">{}</a>', sentence, history, _("History"))
        return ValidationError(link, code="conflict")


class SluggedForm(RecordForm):
    """Makes the address from the English title, or from the Korean one in Latin letters."""

    slug_field = "slug"
    slug_source = "title"
    taken_slugs: Collection[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get(self.slug_field):
            field.required = False
            field.help_text = _(
                "Part of the public address, in lower-case letters, digits and hyphens. If you"
                " leave it empty, it is made from the English title, or else from the Korean one."
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        field = self.slug_field
        if field in self.fields and field not in self.errors and not self.cleaned_data[field]:
            names = [name for name, _language in edited_columns(self.slug_source)]
            english_first = sorted(names, key=lambda name: not name.endswith("_en"))
            texts = [self.cleaned_data.get(name) for name in english_first]
            self.cleaned_data[field] = free_slug(
                self._meta.model, field, texts, taken=self.taken_slugs
            )
        return cleaned


class ReasonForm(RefuseResidentNumbers, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For the record of changes; readers do not see it."),
    )
