"""Mail in the back office: the outbox, and the texts of mails."""

from . import outbox, reminders, texts

__all__ = ["outbox", "reminders", "texts"]
