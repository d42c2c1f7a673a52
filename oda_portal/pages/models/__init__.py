"""The office, its pages, what stands around every page, and what readers write to it."""

from .faqs import Faq
from .frame import Banner, MenuEntry
from .inquiries import IllegalMoveError, Inquiry
from .office import Department, Office, Page, PageVersion, SatisfactionAnswer, Service, Strand

__all__ = [
    "Banner",
    "Department",
    "Faq",
    "IllegalMoveError",
    "Inquiry",
    "MenuEntry",
    "Office",
    "Page",
    "PageVersion",
    "SatisfactionAnswer",
    "Service",
    "Strand",
]
