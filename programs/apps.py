from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = _("Programmes")

    def ready(self) -> None:
        from . import occasions, publications, search  # the registries need the models loaded

        publications.register()
        occasions.register_occasions()
        search.register_all()
