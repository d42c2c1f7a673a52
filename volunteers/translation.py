from modeltranslation.translator import TranslationOptions, register
from simple_history import register as register_history

from .models import (
    Call,
    CallAnswer,
    ChecklistItem,
    Condition,
    DeploymentReport,
    InterviewSlot,
    Opening,
    Question,
    RequiredDocument,
    Stage,
    Story,
)


@register(Call)
class CallTranslation(TranslationOptions):
    fields = ("title", "summary", "guide", "cost")


@register(Stage)
class StageTranslation(TranslationOptions):
    fields = ("title", "note")


@register(Condition)
class ConditionTranslation(TranslationOptions):
    fields = ("statement", "refusal")


@register(RequiredDocument)
class RequiredDocumentTranslation(TranslationOptions):
    fields = ("name", "note")


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("text", "hint")


@register(CallAnswer)
class CallAnswerTranslation(TranslationOptions):
    fields = ("question", "answer")


@register(Opening)
class OpeningTranslation(TranslationOptions):
    fields = ("tasks", "requirement")


@register(ChecklistItem)
class ChecklistItemTranslation(TranslationOptions):
    fields = ("note",)


@register(InterviewSlot)
class InterviewSlotTranslation(TranslationOptions):
    fields = ("place",)


@register(DeploymentReport)
class DeploymentReportTranslation(TranslationOptions):
    fields = ("title", "text")


@register(Story)
class StoryTranslation(TranslationOptions):
    fields = ("title", "text")


# Below the translations: history copies the language columns only where they exist already.
for model in (
    Call, Stage, Condition, RequiredDocument, Question, CallAnswer, Opening, InterviewSlot,
    DeploymentReport, Story,
):  # fmt: skip
    register_history(model, app="volunteers")
