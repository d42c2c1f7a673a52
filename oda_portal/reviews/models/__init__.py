"""What is asked of reviewers, and what they answer; one file a subject."""

from .decisions import Decision
from .reviews import Review, ReviewQuerySet, ReviewState, Score
from .rubrics import HIGHEST, LOWEST, Criterion, Rubric, Stage

__all__ = [
    "HIGHEST",
    "LOWEST",
    "Criterion",
    "Decision",
    "Review",
    "ReviewQuerySet",
    "ReviewState",
    "Rubric",
    "Score",
    "Stage",
]
