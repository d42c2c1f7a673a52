"""`iati_publish`: publish the IATI files as the hourly task does, and say what came of it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from oda_portal.opendata.iati.checking import Finding
from programs.models import Publication
from programs.reporting.publishing import Result, publish

MOST = 20


class Command(BaseCommand):
    help = "Publish the IATI files, if they are without fault. Exit code 1 if one is not."

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = publish(by=None)
        for outcome in outcomes:
            self.stdout.write(f"{outcome.kind}: {outcome.result}, {outcome.activities} activities")
            if outcome.result == Result.REFUSED:
                self._tell(outcome.kind)
        bad = [outcome for outcome in outcomes if outcome.result in (Result.REFUSED, Result.BUSY)]
        if bad:
            raise CommandError("Not published; what was served before stays.")

    def _tell(self, kind: str) -> None:
        newest = Publication.objects.filter(kind=kind).first()
        for found in newest.findings[:MOST] if newest else []:
            self.stdout.write(f"  {Finding(**found)}")
