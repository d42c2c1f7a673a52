"""`search_rebuild`: every entry of the search made anew while the site goes on serving."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from oda_portal.publishing import freshness
from oda_portal.publishing.models import Dirty
from oda_portal.search.indexing import rebuild
from oda_portal.search.registry import all_searched

WIDTH = 30


class Command(BaseCommand):
    help = "Make every entry of the search anew. The site goes on serving; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        # What is waiting now is in the entries afterwards; what comes meanwhile waits on.
        waiting = list(Dirty.objects.values_list("pk", flat=True))
        total = sum(one.model._default_manager.count() for one in all_searched())
        done = 0
        for _searched, number in rebuild():
            done += number
            self.show(done, total, last=False)
        self.show(done, done, last=True)
        freshness.raise_generation()
        self._forget(waiting)

    def show(self, done: int, total: int, *, last: bool) -> None:
        """On a terminal a bar that grows; otherwise one line at the end."""
        again = "\r" if self.stdout.isatty() else ""
        if not (last or again):
            return
        filled = WIDTH * done // max(done, total, 1)
        bar = "#" * filled + "." * (WIDTH - filled)
        line = f"{again}Search: [{bar}] {done} of {max(done, total)} objects"
        self.stdout.write(line, ending="\n" if last else "")
        self.stdout.flush()

    def _forget(self, waiting: list[int]) -> None:
        for first in range(0, len(waiting), 1000):
            Dirty.objects.filter(pk__in=waiting[first : first + 1000]).delete()
