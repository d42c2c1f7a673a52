"""Setting reviews up, assigning them, and what came of them; one file a subject."""

from . import reviews, rubrics

__all__ = ["reviews", "rubrics"]
