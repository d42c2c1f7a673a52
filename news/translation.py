from modeltranslation.translator import TranslationOptions, register
from simple_history import register as register_history

from . import models


@register(models.Article)
class ArticleTranslation(TranslationOptions):
    fields = ("title", "summary", "body", "byline", "revision")


@register(models.ArticlePhoto)
class ArticlePhotoTranslation(TranslationOptions):
    fields = ("caption", "alt")


@register(models.Attachment)
class AttachmentTranslation(TranslationOptions):
    fields = ("title",)


# Below the translations: history copies the language columns only where they exist already.
_LINKS = ["programs", "countries", "cities", "organisations", "themes", "sources"]
register_history(models.Article, app="news", m2m_fields=_LINKS)
register_history(models.ArticlePhoto, app="news")
register_history(models.Attachment, app="news")
