"""Which models of this app public pages show, and which files they hold."""

from oda_portal.files import downloads, renditions
from oda_portal.publishing import changes

from . import models


def register() -> None:
    changes.watch(models.Article, models.ArticlePhoto, models.Attachment)
    downloads.register(models.Attachment)
    downloads.register(models.Attachment, file="readable", uuid="readable_uuid")
    renditions.register(models.ArticlePhoto, owner="article")
