from simple_history import register as register_history

from .models import MailTemplate

# Texts have no translated columns, but a row for each language; their history is kept.
register_history(MailTemplate, app="oda_portal.mail")
