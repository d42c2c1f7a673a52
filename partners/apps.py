from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partners")

    def ready(self) -> None:
        from oda_portal.admin import remind

        # They need the models loaded.
        from . import care, code_lists, datasets, imports, publications, search, structured
        from .iati import datasets as activities
        from .meetings import calendars as meeting_calendars
        from .meetings import mails as meeting_mails
        from .meetings import panels as meeting_panels
        from .meetings import privacy as meeting_privacy
        from .network import actions as joining
        from .network import mails as network_mails
        from .network import member_panels, my_page, reminders
        from .network import privacy as network_privacy
        from .network.suggesting import own as own_texts

        publications.register()
        datasets.register_all()
        care.register_all()
        activities.register_all()
        code_lists.register_all()
        meeting_mails.register_all()
        meeting_privacy.register_all()
        meeting_panels.register()
        meeting_calendars.register_occasions()
        search.register_all()
        structured.register_pictures()
        joining.register()
        network_mails.register()
        network_privacy.register_all()
        my_page.register()
        member_panels.register()
        own_texts.register_all()
        imports.register_all()
        remind(reminders.waiting_members)
        remind(reminders.waiting_suggestions)
