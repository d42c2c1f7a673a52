from modeltranslation.translator import TranslationOptions, register
from simple_history import register as register_history

from . import models


@register(models.Theme)
class ThemeTranslation(TranslationOptions):
    fields = ("name",)


@register(models.Sector)
class SectorTranslation(TranslationOptions):
    fields = ("name",)


@register(models.Program)
class ProgramTranslation(TranslationOptions):
    fields = ("title", "summary", "body", "venue", "place")


@register(models.Run)
class RunTranslation(TranslationOptions):
    fields = ("note",)


@register(models.Session)
class SessionTranslation(TranslationOptions):
    fields = ("title", "place")


@register(models.ParticipantGroup)
class ParticipantGroupTranslation(TranslationOptions):
    fields = ("label",)


@register(models.BudgetLine)
class BudgetLineTranslation(TranslationOptions):
    fields = ("covers",)


@register(models.Photo)
class PhotoTranslation(TranslationOptions):
    fields = ("caption", "alt")


@register(models.Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title",)


@register(models.Indicator)
class IndicatorTranslation(TranslationOptions):
    fields = ("name", "unit")


@register(models.MonitoringVisit)
class MonitoringVisitTranslation(TranslationOptions):
    fields = ("findings", "next_step")


@register(models.Work)
class WorkTranslation(TranslationOptions):
    fields = ("name", "done")


@register(models.Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ("label", "title", "text")


# Below the translations: history copies the language columns only where they exist already.
_LINKS = {
    "Program": ["cities", "themes", "sources"],
    "Run": ["sources"],
    "Milestone": ["organisations", "sources"],
}
for _name in models.__all__:
    if not _name.endswith("QuerySet"):
        register_history(getattr(models, _name), app="programs", m2m_fields=_LINKS.get(_name, []))
# What staff say of the reporting: not public, and kept all the same.
for _model in (models.Publisher, models.PublisherBudget, models.Reporting):
    register_history(_model, app="programs")
