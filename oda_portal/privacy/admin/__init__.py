"""What the privacy officer works with, one file a subject."""

from . import access, consents, holds, requests, retention

__all__ = ["access", "consents", "holds", "requests", "retention"]
