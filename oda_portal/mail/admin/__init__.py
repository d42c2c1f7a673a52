"""Mail in the back office: the outbox, and the texts of mails."""

from . import desk, outbox, reminders, texts

__all__ = ["desk", "outbox", "reminders", "texts"]
