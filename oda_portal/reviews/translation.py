from modeltranslation.translator import TranslationOptions, register
from simple_history import register as register_history

from .models import Criterion, Rubric


@register(Rubric)
class RubricTranslation(TranslationOptions):
    fields = ("guide",)


@register(Criterion)
class CriterionTranslation(TranslationOptions):
    fields = ("name", "description")


# Below the translations: history copies the language columns only where they exist already.
for model in (Rubric, Criterion):
    register_history(model, app="oda_portal.reviews")
