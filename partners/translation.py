from modeltranslation.translator import TranslationOptions, register
from simple_history import register as register_history

from .models import Agreement, City, Country, Organisation


@register(Country)
class CountryTranslation(TranslationOptions):
    fields = ("name",)


@register(City)
class CityTranslation(TranslationOptions):
    fields = ("name", "intro")


@register(Organisation)
class OrganisationTranslation(TranslationOptions):
    fields = ("name", "about", "label")


@register(Agreement)
class AgreementTranslation(TranslationOptions):
    fields = ("title", "summary")


# Below the translations: history copies the language columns only where they exist already.
for _model in (Country, City, Organisation, Agreement):
    register_history(_model, app="partners")
