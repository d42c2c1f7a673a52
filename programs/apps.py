from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = _("Programmes")

    def ready(self) -> None:
        # The registries need the models loaded.
        from oda_portal.accounts.areas import offer
        from oda_portal.publishing import refusals

        from . import (
            care,
            code_lists,
            datasets,
            imports,
            network,
            occasions,
            publications,
            search,
            structured,
            suggestable,
        )
        from .figures import datasets as figures
        from .models.program import Kind
        from .proposals import rooms
        from .reporting import following

        offer(lambda: [(str(value), str(label)) for value, label in Kind.choices])
        publications.register()
        datasets.register_all()
        care.register_all()
        figures.register_all()
        code_lists.register_all()
        occasions.register_occasions()
        search.register_all()
        structured.register_pictures()
        network.register()
        suggestable.register_all()
        rooms.register_all()
        following.register()
        imports.register_all()
        refusals.register(imports.is_closed)
