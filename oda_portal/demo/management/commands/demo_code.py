"""`demo_code`: the six figures that staff of the demonstration sign in with, as of now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from oda_portal.demo import people


class Command(BaseCommand):
    help = "Print the present code of the demonstration's authenticator app."

    def handle(self, *args: Any, **options: Any) -> None:
        code, seconds = people.present_code()
        if code is None:
            raise CommandError("There is no code: this is no demonstration, or it is not prepared.")
        self.stdout.write(f"{code}  (for {seconds} more seconds)")
