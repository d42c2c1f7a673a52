"""The office, its pages and what readers say, in the back office; one file a subject."""

from . import desk, faqs, frame, inquiries, office

__all__ = ["desk", "faqs", "frame", "inquiries", "office"]
