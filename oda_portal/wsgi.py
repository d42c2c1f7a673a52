"""What the application server serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")

application = get_wsgi_application()

# Asks settings, which have to be there before.
from oda_portal.recovery.checks import refuse_to_start  # noqa: E402

refuse_to_start()
