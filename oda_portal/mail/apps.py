"""The outbox: every mail is a row before it is a mail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "oda_portal.mail"
    label = "mail"
    verbose_name = _("Emails")

    def ready(self) -> None:
        from . import account_kinds, watch

        account_kinds.register_kinds()
        watch.register_check()
