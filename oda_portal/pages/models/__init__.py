"""The office and its own pages, questions and answers, and what readers write to the office."""

from .faqs import Faq
from .inquiries import IllegalMoveError, Inquiry
from .office import Department, Office, Page, PageVersion, SatisfactionAnswer, Service, Strand

__all__ = [
    "Department",
    "Faq",
    "IllegalMoveError",
    "Inquiry",
    "Office",
    "Page",
    "PageVersion",
    "SatisfactionAnswer",
    "Service",
    "Strand",
]
