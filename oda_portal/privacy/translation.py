from modeltranslation.translator import TranslationOptions, register
from simple_history import register as register_history

from .models import ConsentText, RetentionRule


@register(ConsentText)
class ConsentTextTranslation(TranslationOptions):
    fields = ConsentText.TRANSLATED


@register(RetentionRule)
class RetentionRuleTranslation(TranslationOptions):
    fields = ("purpose",)


# What staff lay down has a history; what is said about persons has none.
register_history(ConsentText, app="oda_portal.privacy")
register_history(RetentionRule, app="oda_portal.privacy")
