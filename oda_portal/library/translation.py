from modeltranslation.translator import TranslationOptions, register
from simple_history import register as register_history

from . import models


@register(models.Subject)
class SubjectTranslation(TranslationOptions):
    fields = ("name",)


@register(models.Picture)
class PictureTranslation(TranslationOptions):
    fields = ("alt", "caption")


@register(models.Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title",)


# Below the translations: history copies the language columns only where they exist already.
register_history(models.Subject, app="oda_portal.library")
register_history(models.Picture, app="oda_portal.library", m2m_fields=["subjects"])
register_history(models.Document, app="oda_portal.library", m2m_fields=["subjects"])
