"""What applicants fill in: the self-check, the steps of the form, and small acts afterwards."""

from .acts import AnswerForm, BeginForm
from .check import CheckForm, Verdict
from .documents import DocumentsForm
from .steps import (
    AboutForm,
    ConsentsForm,
    ExperienceForm,
    MotivationForm,
    OpeningsForm,
    SkillsForm,
    StepForm,
)

# The order of the form; the last page, where it is read again and sent, has no fields.
STEPS: dict[str, type[StepForm]] = {
    form.slug: form
    for form in (
        AboutForm,
        OpeningsForm,
        SkillsForm,
        ExperienceForm,
        MotivationForm,
        DocumentsForm,
        ConsentsForm,
    )
}

__all__ = [
    "STEPS",
    "AboutForm",
    "AnswerForm",
    "BeginForm",
    "CheckForm",
    "ConsentsForm",
    "DocumentsForm",
    "ExperienceForm",
    "MotivationForm",
    "OpeningsForm",
    "SkillsForm",
    "StepForm",
    "Verdict",
]
