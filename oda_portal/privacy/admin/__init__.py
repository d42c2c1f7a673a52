"""What the privacy officer works with, one file a subject."""

from . import access, consents, requests, retention

__all__ = ["access", "consents", "requests", "retention"]
