"""The parts of a call, edited on its page in the order in which applicants meet them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.accounts.roles import languages_to_write
from oda_portal.publishing.admin import TranslatedInline
from oda_portal.seats import waiting
from oda_portal.seats.models import Pool
from volunteers import models, permissions


class StageInline(TranslatedInline):
    model = models.Stage
    fields = (("kind", "starts_on", "ends_on"), "title", "note", "position")


# --- what applications refer to ------------------------------------------------------------------


class UsedPartsFormSet(BaseInlineFormSet):
    """Says in words that what applications refer to stays, and does not say whose they are."""

    used_by: str
    refusal: Any

    def clean(self) -> None:
        # Before Django's own look, whose sentence quotes what stands in the applications.
        for form in self.initial_forms:
            if form.cleaned_data.get("DELETE") and getattr(form.instance, self.used_by).exists():
                params = {"part": str(form.instance)}
                raise ValidationError(self.refusal, code="used", params=params)
        super().clean()


class OpeningForm(forms.ModelForm):
    capacity = forms.IntegerField(
        label=gettext_lazy("places"),
        min_value=1,
        max_value=10_000,
        help_text=gettext_lazy("How many places there are. No more than these are given."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "capacity" in self.fields:
            self.fields["capacity"].initial = self.instance.pool.capacity

    def clean_capacity(self) -> int:
        capacity = self.cleaned_data["capacity"]
        if self.instance.pk:
            # Locked: nobody takes a place between this look and the saving of the form.
            pool = Pool.objects.select_for_update().get(pk=self.instance.pool_id)
            if capacity < pool.taken:
                sentence = _("%(taken)s places are taken already. Enter that number or more.")
                raise ValidationError(sentence, code="taken", params={"taken": pool.taken})
            if capacity > pool.capacity and waiting.waiting_in(pool).exists():
                # Saving would offer places by email, and nobody would have seen to whom.
                sentence = _(
                    "People are waiting for these places. Use ‘More places’ above: it shows who"
                    " will be offered one."
                )
                raise ValidationError(sentence, code="awaited")
        return capacity


class OpeningFormSet(UsedPartsFormSet):
    used_by = "choices"
    refusal = gettext_lazy("“%(part)s” cannot be deleted: applicants have chosen it.")


class OpeningInline(TranslatedInline):
    model = models.Opening
    form = OpeningForm
    formset = OpeningFormSet
    autocomplete_fields = ("city", "program")
    readonly_fields = ("taken",)
    fields = (
        ("team", "mode"),
        "city",
        ("departs_on", "returns_on"),
        ("capacity", "taken"),
        "tasks",
        "requirement",
        ("closes_at", "position"),
        "program",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Opening]:
        return super().get_queryset(request).select_related("pool", "city", "program")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Places are no column of this model, which would be closed to translators by itself."""
        is_limited = languages_to_write(request.user, models.Opening) is not None  # type: ignore[arg-type]
        return (*self.readonly_fields, *(["capacity"] if is_limited else []))

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        if "capacity" in self.get_readonly_fields(request, obj):
            # Django leaves out what is only shown, but not what the form itself declares.
            formset.form.base_fields.pop("capacity")
        return formset

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """How many are taken says how many are selected, before the results are out."""
        fields = super().get_fields(request, obj)
        if permissions.can_move_application(request.user):
            return fields
        return ["capacity" if field == ("capacity", "taken") else field for field in fields]

    @admin.display(description=gettext_lazy("places"))
    def capacity(self, opening: models.Opening) -> int | None:
        """For whoever may only look: the form's field of the same name is not there then."""
        return opening.pool.capacity if opening.pool_id else None

    @admin.display(description=gettext_lazy("taken"))
    def taken(self, opening: models.Opening) -> int:
        return opening.pool.taken if opening.pool_id else 0


class ConditionInline(TranslatedInline):
    model = models.Condition
    fields = ("statement", "refusal", "position")


class DocumentFormSet(UsedPartsFormSet):
    used_by = "files"
    refusal = gettext_lazy("“%(part)s” cannot be deleted: applicants have handed it in.")


class RequiredDocumentInline(TranslatedInline):
    model = models.RequiredDocument
    formset = DocumentFormSet
    fields = ("name", "note", ("is_required", "position"))


class QuestionFormSet(UsedPartsFormSet):
    used_by = "given"
    refusal = gettext_lazy("“%(part)s” cannot be deleted: applicants have answered it.")


class QuestionInline(TranslatedInline):
    model = models.Question
    formset = QuestionFormSet
    fields = ("text", "hint", ("max_length", "is_required", "position"))


class CallAnswerInline(TranslatedInline):
    model = models.CallAnswer
    fields = ("question", "answer", "position")
