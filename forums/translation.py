from modeltranslation.translator import TranslationOptions, register
from simple_history import register as register_history

from .models import (
    Appearance,
    Correction,
    Forum,
    ForumSession,
    Material,
    Room,
    Series,
    SessionLanguage,
    Speaker,
)


@register(Series)
class SeriesTranslation(TranslationOptions):
    fields = ("name",)


@register(Forum)
class ForumTranslation(TranslationOptions):
    fields = ("edition_label", "theme")


@register(Room)
class RoomTranslation(TranslationOptions):
    fields = ("name",)


@register(ForumSession)
class ForumSessionTranslation(TranslationOptions):
    fields = ("title", "abstract")


@register(Speaker)
class SpeakerTranslation(TranslationOptions):
    fields = ("name", "post", "bio")


@register(Appearance)
class AppearanceTranslation(TranslationOptions):
    fields = ("topic",)


@register(Material)
class MaterialTranslation(TranslationOptions):
    fields = ("title",)


@register(Correction)
class CorrectionTranslation(TranslationOptions):
    fields = ("text",)


# Below the translations: history copies the language columns only where they exist already.
for _model in (
    Series, Forum, Room, ForumSession, SessionLanguage, Speaker, Appearance, Material, Correction,
):  # fmt: skip
    register_history(_model, app="forums")
