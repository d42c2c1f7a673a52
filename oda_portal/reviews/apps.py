"""Reviewers score what people sent; nothing is decided here."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ReviewsConfig(AppConfig):
    name = "oda_portal.reviews"
    label = "reviews"
    verbose_name = pgettext_lazy("of applications", "Reviews")

    def ready(self) -> None:
        # The registries need the models loaded.
        from . import mails, panels, privacy

        mails.register()
        panels.register()
        privacy.register_all()
