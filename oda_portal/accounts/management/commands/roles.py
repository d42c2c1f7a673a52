"""`roles`: the groups of the staff as `roles.py` says; safe to repeat."""

from typing import Any

from django.core.management.base import BaseCommand

from oda_portal.accounts.roles import set_up_roles


class Command(BaseCommand):
    help = "Give each role of the staff its permissions."

    def handle(self, *args: Any, **options: Any) -> None:
        for name in set_up_roles():
            self.stdout.write(f"Role {name}: permissions brought up to date.")
