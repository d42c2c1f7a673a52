"""Which models of this app public pages show, and which files they hold."""

from oda_portal.files import downloads, renditions
from oda_portal.library import uses
from oda_portal.publishing import changes

from . import models


def register() -> None:
    changes.watch(models.Article, models.ArticlePhoto, models.Attachment)
    downloads.register(models.Attachment)
    downloads.register(models.Attachment, file="readable", uuid="readable_uuid")
    renditions.register(models.ArticlePhoto, owner="article")
    uses.register(
        models.ArticlePhoto,
        "image",
        owner="article",
        texts=("alt", "caption"),
        facts=("licence", "credit"),
    )
    uses.register(models.Attachment, "file", owner="article", texts=("title",))
    uses.register(models.Attachment, "readable", owner="article", texts=("title",))
