"""Make the tables of an empty database in one go, for the processes of the tests to copy.

That all migrations make the same is tested (tests/deployment, tests/test_making_at_once.py).
"""

import os
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  (needs the settings)
from django.db import connection  # noqa: E402

from oda_portal.migrating import make_at_once  # noqa: E402

make_at_once(connection)
# All are noted as applied: it makes what follows them, kinds of content and permissions.
call_command("migrate", verbosity=0)
