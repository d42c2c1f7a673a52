from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = _("Programmes")

    def ready(self) -> None:
        # The registries need the models loaded.
        from . import (
            code_lists,
            datasets,
            network,
            occasions,
            publications,
            search,
            structured,
            suggestable,
        )
        from .figures import datasets as figures
        from .proposals import rooms
        from .reporting import following

        publications.register()
        datasets.register_all()
        figures.register_all()
        code_lists.register_all()
        occasions.register_occasions()
        search.register_all()
        structured.register_pictures()
        network.register()
        suggestable.register_all()
        rooms.register_all()
        following.register()
