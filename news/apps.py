from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("News")

    def ready(self) -> None:
        from . import (  # the registries need the models loaded
            care,
            datasets,
            imports,
            publications,
            search,
            structured,
        )
        from .sending import mails as sending_mails
        from .sending import privacy as sending_privacy
        from .subscribing import actions as subscribing
        from .subscribing import foreseeing
        from .subscribing import mails as subscribing_mails
        from .subscribing import panels as subscribing_panels
        from .subscribing import privacy as subscribing_privacy

        publications.register()
        datasets.register_all()
        care.register_all()
        sending_mails.register_kinds()
        sending_privacy.register_all()
        subscribing.register()
        foreseeing.register()
        subscribing_mails.register()
        subscribing_panels.register()
        subscribing_privacy.register_all()
        search.register_all()
        structured.register_pictures()
        imports.register_all()
