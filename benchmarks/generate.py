"""Invented programmes in three languages, with all that real ones have around them.

    DATABASE_URL=… REDIS_URL=… SECRET_KEY=… FIELD_KEYS=… DEMO=true \\
        python -m benchmarks.generate 1000000
    … python -m benchmarks.generate --remove

On a PostgreSQL in which `manage.py prepare` has been (with DEMO=true, for countries, themes and
sectors), and only there: a database with programmes of its own is refused. Their addresses begin
with “synthetic-”, their keys at 1,000,000,000, and their notes for editors say what they are.
Killed and started again it goes on where it was.
"""

from __future__ import annotations

import argparse
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")
django.setup()

from benchmarks.generator import filling  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description="Fill a database with invented programmes.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("number", type=int, nargs="?", help="how many there are to be")
    what.add_argument("--remove", action="store_true", help="take all of them out again")
    asked = parser.parse_args()
    if asked.remove:
        print(f"{filling.remove():,} programmes are gone")
        return
    for progress in filling.fill(asked.number):
        print(progress, flush=True)


if __name__ == "__main__":
    main()
