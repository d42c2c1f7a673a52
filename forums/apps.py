from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForumsConfig(AppConfig):
    name = "forums"
    verbose_name = _("Forums")

    def ready(self) -> None:
        # The registries need the models loaded.
        from . import (
            care,
            datasets,
            freezing,
            homes,
            imports,
            privacy,
            publications,
            search,
            structured,
        )
        from .doors import registries as doors
        from .papers import registries as papers
        from .registering import registries as registering

        publications.register()
        datasets.register_all()
        care.register_all()
        privacy.register_all()
        doors.register_all()
        registering.register_all()
        papers.register_all()
        homes.register_home()
        freezing.register_frozen()
        imports.register_all()
        search.register_all()
        structured.register_pictures()
