"""`catalogues`: bring the message catalogues up to date, or say what they lack."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oda_portal import catalogues
from oda_portal.catalogues.catalogue import PLURALS


class Command(BaseCommand):
    help = "Message catalogues: list what code says, add what is missing, check, compile."

    def add_arguments(self, parser: CommandParser) -> None:
        action = parser.add_mutually_exclusive_group(required=True)
        action.add_argument("--extract", action="store_true", help="list every text of our code")
        action.add_argument("--update", action="store_true", help="add new texts, drop old ones")
        action.add_argument("--check", action="store_true", help="say what is wrong; 1 if anything")
        action.add_argument("--compile", action="store_true", help="make .mo files where needed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["extract"]:
            self.show()
        elif options["update"]:
            self.update()
        elif options["check"]:
            self.complain()
        else:
            self.compile()

    def show(self) -> None:
        for message in catalogues.messages_in_code().values():
            context = f"[{message.context}] " if message.context else ""
            plural = f" | {message.plural}" if message.plural else ""
            self.stdout.write(f"{context}{message.text}{plural}")

    def update(self) -> None:
        for locale in PLURALS:
            self.stdout.write(f"{locale}: {catalogues.update(locale)} without a translation")

    def complain(self) -> None:
        found = catalogues.problems()
        for problem in found:
            self.stdout.write(str(problem))
        if found:
            raise CommandError(f"{len(found)} problems in the catalogues")

    def compile(self) -> None:
        for path in catalogues.compile_catalogues():
            self.stdout.write(str(path))
