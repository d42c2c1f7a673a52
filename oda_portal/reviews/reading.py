"""What a reviewer may read of a subject; where the stage is blind, with the person masked."""

from __future__ import annotations

from typing import Any

from .blinding import Mask
from .models import Review, Rubric
from .registry import Entry, PrivateFile, Section, kind_of


def material_of(rubric: Rubric, subject: Any) -> list[Section]:
    """Blind, no word of the person's comes out of here unmasked, whatever the app gives."""
    kind = kind_of(rubric.round)
    sections = kind.material(subject, blind=rubric.is_blind)
    if not rubric.is_blind:
        return sections
    mask = Mask(kind.identity(subject))
    return [
        Section(section.title, [Entry(label, mask(text)) for label, text in section.entries])
        for section in sections
    ]


def files_of(rubric: Rubric, subject: Any) -> list[PrivateFile]:
    return [] if rubric.is_blind else kind_of(rubric.round).files(subject)


def subject_of(review: Review) -> Any:
    """With all that its pages need, loaded at once."""
    kind = kind_of(review.rubric.round)
    rows = kind.model._default_manager.filter(pk=review.object_id)
    return kind.whole(rows).get()


def title_of(rubric: Rubric, subject: Any) -> str:
    """The code alone where nobody may learn whose it is."""
    kind = kind_of(rubric.round)
    return kind.code(subject) if rubric.is_blind else f"{kind.name(subject)} · {kind.code(subject)}"
