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
    fields = ("name", "about", "label", "legal_name", "predecessors")


@register(Agreement)
class AgreementTranslation(TranslationOptions):
    fields = ("title", "summary")


# Below the translations: history copies the language columns only where they exist already.
register_history(Country, app="partners")
register_history(City, app="partners", m2m_fields=["sources"])
register_history(Organisation, app="partners", m2m_fields=["sources"])
register_history(Agreement, app="partners", m2m_fields=["parties", "cities", "sources"])
