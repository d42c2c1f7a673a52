"""`load_demo`: the demonstration content, loaded or brought up to date."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from oda_portal.demo.demonstration import load_demonstration
from oda_portal.demo.files import FOLDER
from oda_portal.demo.reading import FactError
from oda_portal.demo.tasks import hang_pictures


class Command(BaseCommand):
    help = "Load the demonstration content. What staff changed, deleted or added stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER, help="other files to load")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demonstration: DEMO is off, nothing was loaded.")
        try:
            counts = load_demonstration(folder)
        except FactError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        # Drawing takes seconds, and the first page need not wait for it.
        transaction.on_commit(hang_pictures.delay, robust=True)
        self.stdout.write(
            f"Demonstration content: {counts['created']} rows new, {counts['changed']} changed, "
            f"{counts['spared']} fields left as staff wrote them."
        )
