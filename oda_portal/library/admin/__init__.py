"""The back office of the library."""

from . import documents, pictures, subjects

__all__ = ["documents", "pictures", "subjects"]
