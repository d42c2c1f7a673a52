"""`iati_check FILE…`: are these clean IATI files? Ends with 0, 1 (errors) or 2 (not readable)."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from oda_portal.opendata.iati.checking import Finding, check, counted
from oda_portal.opendata.iati.reading import UnreadableError

CLEAN, WRONG, UNREADABLE = 0, 1, 2


class Command(BaseCommand):
    help = "Check IATI files: schema, rules, code lists. 0: no errors, 1: errors, 2: not readable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="file")
        parser.add_argument("--json", action="store_true", help="one object a file, for programs")
        parser.add_argument(
            "--strict", action="store_true", help="warnings count as errors do for the exit code"
        )
        parser.add_argument("--show", type=int, default=40, help="how many findings to print")

    def handle(self, *args: Any, files: list[str], **options: Any) -> None:
        worst = max(self._check(file, options) for file in files)
        if worst:
            sys.exit(worst)

    def _check(self, file: str, options: dict[str, Any]) -> int:
        try:
            found = check(file)
        except (UnreadableError, OSError) as wrong:
            self._say(file, [], options, unreadable=str(wrong))
            return UNREADABLE
        self._say(file, found, options)
        errors, warnings = counted(found)
        return WRONG if errors or (warnings and options["strict"]) else CLEAN

    def _say(
        self, file: str, found: list[Finding], options: dict[str, Any], unreadable: str = ""
    ) -> None:
        errors, warnings = counted(found)
        if options["json"]:
            told = {"file": file, "unreadable": unreadable, "errors": errors, "warnings": warnings}
            findings = [finding.as_dict() for finding in found]
            self.stdout.write(json.dumps({**told, "findings": findings}, ensure_ascii=False))
            return
        for finding in found[: options["show"]]:
            self.stdout.write(f"{file}: {finding}")
        if (left := len(found) - options["show"]) > 0:
            self.stdout.write(f"{file}: and {left} more")
        total = f"{errors} errors, {warnings} warnings"
        self.stdout.write(f"{file}: {unreadable or total}")
