from modeltranslation.translator import TranslationOptions, register
from simple_history import register as register_history

from .models import (
    Agreement,
    City,
    Country,
    MeetingDocument,
    NetworkMeeting,
    Organisation,
    PartnerActivity,
)


@register(Country)
class CountryTranslation(TranslationOptions):
    fields = ("name",)


@register(City)
class CityTranslation(TranslationOptions):
    fields = ("name", "intro")


@register(Organisation)
class OrganisationTranslation(TranslationOptions):
    fields = ("name", "about", "label", "legal_name", "predecessors")


# Without history: it keeps the text of the file that it was read from.
@register(PartnerActivity)
class PartnerActivityTranslation(TranslationOptions):
    fields = ("title", "description")


@register(Agreement)
class AgreementTranslation(TranslationOptions):
    fields = ("title", "summary")


@register(NetworkMeeting)
class NetworkMeetingTranslation(TranslationOptions):
    fields = ("title", "place", "agenda", "minutes", "members_minutes")


@register(MeetingDocument)
class MeetingDocumentTranslation(TranslationOptions):
    fields = ("title",)


# Below the translations: history copies the language columns only where they exist already.
register_history(Country, app="partners")
register_history(City, app="partners", m2m_fields=["sources"])
register_history(Organisation, app="partners", m2m_fields=["sources"])
register_history(Agreement, app="partners", m2m_fields=["parties", "cities", "sources"])
register_history(NetworkMeeting, app="partners", m2m_fields=["attending"])
register_history(MeetingDocument, app="partners")
