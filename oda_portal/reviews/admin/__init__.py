"""Setting reviews up, assigning them, and what came of them; one file a subject."""

from . import desk, reviews, rubrics

__all__ = ["desk", "reviews", "rubrics"]
