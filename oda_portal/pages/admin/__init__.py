"""The office, its pages and what readers say, in the back office; one file a subject."""

from . import faqs, inquiries, office

__all__ = ["faqs", "inquiries", "office"]
