"""Which texts are in step with the language that they were translated from."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslatingConfig(AppConfig):
    name = "oda_portal.translating"
    label = "translating"
    verbose_name = _("Translations")

    def ready(self) -> None:
        # Once the models of all apps are there.
        from oda_portal.desk.waiting import remind
        from oda_portal.privacy.registry import except_from_rules
        from oda_portal.publishing import changes

        from . import actions, mails, reminders
        from .models import TranslationState

        changes.watch(TranslationState)
        changes.follow(actions.forget)
        mails.register_all()
        except_from_rules(
            "translating.translationstate",
            "says of public texts who of the staff changed them, and goes with them",
        )
        for ask in reminders.asked():
            remind(ask)
