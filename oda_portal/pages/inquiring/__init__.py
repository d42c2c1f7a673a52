"""Inquiries: the form for readers, what becomes of one, and the mails about it."""
