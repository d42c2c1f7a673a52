"""News: articles with their pictures and attachments."""

from .articles import Article, ArticleQuerySet
from .materials import ArticlePhoto, Attachment
from .subscriptions import Announcement, Delivery, Subscription
from .views import DailyViews, WrittenTally

__all__ = [
    "Announcement",
    "Article",
    "ArticlePhoto",
    "ArticleQuerySet",
    "Attachment",
    "DailyViews",
    "Delivery",
    "Subscription",
    "WrittenTally",
]
