"""News in the back office."""

from . import articles, subscriptions

__all__ = ["articles", "subscriptions"]
