"""News in the back office."""

from . import articles, desk, subscriptions

__all__ = ["articles", "desk", "subscriptions"]
