from simple_history import register as register_history

from .models import Source

# Nothing of a source is translated; its history is kept like everybody's.
register_history(Source, app="oda_portal.publishing")
