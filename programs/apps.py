from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = _("Programmes")

    def ready(self) -> None:
        # The registries need the models loaded.
        from . import network, occasions, publications, search, suggestable
        from .proposals import rooms

        publications.register()
        occasions.register_occasions()
        search.register_all()
        network.register()
        suggestable.register_all()
        rooms.register_all()
